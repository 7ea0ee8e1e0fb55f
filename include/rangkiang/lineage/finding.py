"""Which run has written something: looked for in the events that are kept in a file."""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rangkiang.lineage.facets import NAMES, OrchestrationRunFacet

Name = tuple[str, str]
"""Namespace and name of a dataset."""


@dataclass(frozen=True, slots=True)
class Wrote:
    """The run that wrote something last."""

    job: str
    run_id: str
    at: datetime
    known_as: tuple[str, str] | None = None  # the orchestrator's own names: Airflow's DAG and run of it


def writers(url: str, names: Iterable[Name]) -> Mapping[Name, Wrote] | None:
    """Who wrote each of these last, as far as it is told; None where the events have gone to a server.

    Read from the end: what is asked for is seldom old.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        return None
    path = Path(url2pathname(parts.path))
    if not path.exists() or not path.stat().st_size:
        return {}
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        found = ((name, _writer(lines, name)) for name in names)
        return {name: wrote for name, wrote in found if wrote is not None}


def _writer(lines: mmap.mmap, name: Name) -> Wrote | None:
    quoted = json.dumps(name[1]).encode()  # as it stands in an event
    end = len(lines)
    while (at := lines.rfind(quoted, 0, end)) >= 0:
        end, stop = lines.rfind(b"\n", 0, at) + 1, lines.find(b"\n", at)
        if stop >= 0 and (wrote := _wrote(lines[end:stop], name)):  # a line without its end was never finished
            return wrote
    return None


def _wrote(line: bytes, name: Name) -> Wrote | None:
    event: dict[str, Any] = json.loads(line)
    if event["eventType"] != "COMPLETE" or name not in {(o["namespace"], o["name"]) for o in event["outputs"]}:
        return None
    run = event["run"]
    known = run["facets"].get(NAMES[OrchestrationRunFacet])
    known_as = (known["job"], known["run"]) if known else None
    return Wrote(event["job"]["name"], run["runId"], datetime.fromisoformat(event["eventTime"]), known_as)
