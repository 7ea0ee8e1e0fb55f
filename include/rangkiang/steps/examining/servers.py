"""What the house stands on: does the store refuse what it must refuse, do the clocks agree, are the tables ours?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from rangkiang.steps.barn import Barn
from rangkiang.steps.examining.ailments import Ailment, Code, ailment
from rangkiang.store import Changed

_SKEW = timedelta(minutes=2)


def examine(barn: Barn) -> Iterator[Ailment]:
    """Ailments of the servers."""
    if not barn.ledger.is_current():
        yield ailment(Code.SCHEMA_DIFFERS, "ledger", "its tables are those of another version of the program")
    probe = f"probe/{secrets.token_hex(8)}"
    try:
        barn.store.put_if_absent(probe, b"first")
        if barn.store.put_if_absent(probe, b"second") or barn.store.get(probe) != b"first":
            said = "it writes over an object that was to be written only where nothing stands"
            yield ailment(Code.WRITES_UNCONDITIONAL, barn.store.url, said)
        if _replaces(barn, probe):
            said = "it replaces an object that is not the one that was to be replaced"
            yield ailment(Code.WRITES_UNCONDITIONAL, barn.store.url, said)
        written = barn.store.stat(probe)
    finally:
        barn.store.delete(probe)
    clocks = {barn.store.url: written.modified if written else datetime.now(UTC), "ledger": barn.ledger.now()}
    for whose, theirs in clocks.items():
        off = abs(datetime.now(UTC) - theirs)
        if off > _SKEW:
            said = f"its clock and this machine's are {round(off.total_seconds())} s apart"
            yield ailment(Code.CLOCK_SKEWED, whose, said)


def _replaces(barn: Barn, probe: str) -> bool:
    try:
        barn.store.put_if_match(probe, b"third", "0" * 32)
    except Changed:
        return False
    return True
