"""Where events go: a file of JSON lines that several processes append to, or an OpenLineage server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from openlineage.client.serde import Serde
from openlineage.client.transport import Transport
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.transport.http import HttpConfig, HttpTransport

_TAIL = 65536


class LinesTransport(FileTransport):
    """One event, one whole line, whoever else is writing.

    The library's own appends through a text buffer, which does not promise a single write, and goes on behind a line
    that a killed process left unfinished, so that both are lost.
    """

    def emit(self, event: Any) -> None:
        """Append the event as a whole. Raises OSError."""
        line = memoryview(f"{Serde.to_json(event)}\n".encode())
        with _locked(self.config.log_file_path) as handle:
            _drop_torn_line(handle)
            while line:
                line = line[os.write(handle, line) :]


def open_transport(url: str) -> Transport:
    """``file:///events.jsonl`` or ``https://server`` (events are posted to the URL's path, or else ``api/v1/lineage``).

    A server's key is taken from ``OPENLINEAGE_API_KEY``, as by the library. Raises ValueError for any other URL.
    """
    told = config(url)
    if told["type"] == "http":
        key = os.environ.get("OPENLINEAGE_API_KEY", "")
        return HttpTransport(HttpConfig.from_dict(told | ({"auth": {"type": "api_key", "apiKey": key}} if key else {})))
    Path(told["log_file_path"]).parent.mkdir(parents=True, exist_ok=True)
    return LinesTransport(FileConfig.from_dict(told))


def config(url: str) -> dict[str, Any]:
    """The same transport, as the library's settings have it: another program's events may go where ours do, into the
    same file too. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        kind = f"{LinesTransport.__module__}.{LinesTransport.__qualname__}"
        return {"type": kind, "log_file_path": url2pathname(parts.path), "append": True}
    if parts.scheme in ("http", "https"):
        return {
            "type": "http",
            "url": urlunsplit((parts.scheme, parts.netloc, "", "", "")),
            "endpoint": parts.path.strip("/") or "api/v1/lineage",
            "retry": {"total": 2, "connect": 2, "read": 2},  # a server that is away must not hold the work up
        }
    raise ValueError(f"lineage goes to a file:// or an https:// URL, not to {url!r}")


@contextmanager
def _locked(path: str) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)  # and with it the lock


def _drop_torn_line(handle: int) -> None:
    """What a process wrote that was killed in the middle of its line."""
    end = size = os.fstat(handle).st_size
    while end:
        start = max(0, end - _TAIL)
        newline = os.pread(handle, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(handle, end)
