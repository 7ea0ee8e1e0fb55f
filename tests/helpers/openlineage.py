"""The OpenLineage specification as a judge of events."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from rangkiang.lineage import schemas

CORE = "https://openlineage.io/spec/2-0-2/OpenLineage.json"


def validators(spec: Path) -> Callable[[str, object], None]:
    """Judge an instance by the schema of that name. ``spec`` holds the specification's schemas; ours are with them."""
    documents = [*(json.loads(path.read_text("utf-8")) for path in sorted(spec.glob("*.json"))), *schemas()]
    registry = Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documents)

    def validate(identity: str, instance: object) -> None:
        schema = registry.contents(identity)
        checker = Draft202012Validator.FORMAT_CHECKER
        assert "date-time" in checker.checkers
        Draft202012Validator(schema, registry=registry, format_checker=checker).validate(instance)

    return validate


def facets(event: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every facet of an event, by name."""
    datasets = [*event["inputs"], *event["outputs"]]
    for holder in (event["run"], event["job"], *datasets):
        for kind in ("facets", "inputFacets", "outputFacets"):
            yield from holder.get(kind, {}).items()
