"""One thing that was said, done, released or mailed, as an object of its own: named by its content, never changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from rangkiang.ledger import Deed, Mailed, Publication, Said
from rangkiang.model import Approval, Decision, Opinion

ROOT = "journal/"
KINDS: dict[str, type[Any]] = {
    "decisions": Decision,
    "opinions": Opinion,
    "approvals": Approval,
    "publications": Publication,
    "mailed": Mailed,
    "audit": Deed,
}
"""Folders under ROOT, and what is in them."""


_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind: TypeAdapter(made) for kind, made in KINDS.items()}


def key(said: Said, at: datetime) -> str:
    """Where it stands: by what it is, so that the same thing is kept once."""
    match said:
        case Decision():
            return f"{ROOT}decisions/{said.office}/{said.id}.json"
        case Opinion():
            return f"{ROOT}opinions/{said.decision}/{said.id}.json"
        case Approval():
            return f"{ROOT}approvals/{said.stage}/{said.id}.json"
        case Publication():
            return publication(said.stage, said.number)
        case Mailed():
            return mailed(said.office, said.id)
        case Deed():
            name = hashlib.sha256(dump(said, at)).hexdigest()[:16]
            return f"{ROOT}audit/{at.astimezone(UTC):%Y-%m/%dT%H%M%S.%f}-{name}.json"


def publication(stage: str, number: int) -> str:
    return f"{ROOT}publications/{stage}/{number:06}.json"


def mailed(office: str, id: str) -> str:
    return f"{ROOT}mailed/{office}/{id}.json"


def dump(said: Said, at: datetime) -> bytes:
    """As it stands in the store; ``at`` is when the ledger was told."""
    if isinstance(said, Publication):
        said = replace(said, day="")  # the time says it
    fact = {"at": at.astimezone(UTC).isoformat(), "said": _ADAPTERS[_kind(said)].dump_python(said, mode="json")}
    return json.dumps(fact, indent=1, sort_keys=True).encode()


def load(name: str, data: bytes) -> tuple[Said, datetime]:
    """What stands under a key. Raises ValueError for what is no fact."""
    kind = name.removeprefix(ROOT).partition("/")[0]
    fact = json.loads(data)
    return _ADAPTERS[kind].validate_python(fact["said"]), datetime.fromisoformat(fact["at"])


def _kind(said: Said) -> str:
    return next(kind for kind, made in KINDS.items() if isinstance(said, made))
