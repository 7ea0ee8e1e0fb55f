"""What must hold after every night, whatever happened in it. Each check returns what is wrong, a line each."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from bench.soaking.sheets import Paper
from rangkiang.deliver import RECONCILIATION
from rangkiang.model import Status
from rangkiang.steps import Barn
from rangkiang.steps.digest import digests
from tests.helpers.letterbox import Letterbox

_SURE = (Status.PROVED.value, Status.READ.value)
_KNOWN = {status.value for status in Status}


@dataclass
class Memory:
    """What was seen on earlier nights and may never change: the files of versions, and the mails."""

    versions: dict[str, str] = field(default_factory=dict)  # digest by path


def kept(barn: Barn, received: Iterable[bytes]) -> Iterator[str]:
    """Everything that lay in an inbox at night is kept, under a name that is its digest."""
    names = set()
    for entry in barn.store.list("originals/"):
        name = entry.key.rpartition("/")[2]
        names.add(name)
        if hashlib.sha256(barn.store.get(entry.key)).hexdigest() != name:
            yield f"{entry.key} holds other bytes than its name says"
    for data in received:
        if (sha256 := hashlib.sha256(data).hexdigest()) not in names:
            yield f"{sha256} was handed in and is not kept"


def unchanged(barn: Barn, memory: Memory) -> Iterator[str]:
    """What a version consists of never changes; a dataset that is withdrawn has only its page left."""
    root = barn.settings.home / "portal" / "dataset"
    now = {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in ("*/v*.json", "*/v*/**/*")
        for path in root.glob(pattern)
        if path.is_file()
    }
    off = {path.parent.name for path in root.glob("*/dataset.json") if b'"withdrawn"' in path.read_bytes()}
    for path, digest in memory.versions.items():
        if now.get(path) != digest and not (path not in now and path.partition("/")[0] in off):
            yield f"{path} is {'gone' if path not in now else 'another'} since it was first before the public"
    memory.versions |= now


def told_right(barn: Barn, known: Mapping[str, Paper]) -> Iterator[str]:
    """Every figure before the public has a status; what is not flagged or decided is what is printed, or put right."""
    for table in _tables(barn.settings.home / "portal" / "dataset"):
        columns = (table[name] for name in ("file", "sha256", "place", "row", "value", "status"))
        for file, sha256, place, row, value, status in zip(*columns, strict=True):
            where = f"{file}, {place}, {row}: {value} ({status})"
            if status not in _KNOWN:
                yield f"{where}: no status"
            if status not in _SURE:
                continue
            paper = known.get(sha256)
            if paper is None or (place, row) not in paper.printed:
                yield f"{where}: nobody knows where it is from"
            elif value != str(_right(paper, (place, row))):
                yield f"{where}: {_right(paper, (place, row))} is right"


def mailed_once(letters: Letterbox, again: bool) -> Iterator[str]:
    """No slip is mailed twice; where a night was cut off in the middle a mail may come again as the same mail."""
    times = Counter(str(mail["Message-ID"]) for mail in letters.mails)
    attached = {
        (str(part.get_filename()), str(mail["Message-ID"]))
        for mail in letters.mails
        for part in mail.iter_attachments()
    }
    slips = Counter(slip for slip, _ in attached)
    yield from (f"the slip {slip} went out in {n} mails" for slip, n in slips.items() if n > 1)
    if not again:
        yield from (f"the mail {message} went out {n} times" for message, n in times.items() if n > 1)


def same(one: Mapping[str, str], other: Mapping[str, str], what: str) -> Iterator[str]:
    yield from (f"{part} differs from {what}" for part in one if one[part] != other.get(part))


def whole(barn: Barn) -> dict[str, str]:
    """Digests of everything that two houses with the same nights share."""
    return digests(barn) | {"returned": _returned(barn)}


def outcome(barn: Barn) -> dict[str, str]:
    """Digests of what a house comes to that is told the same facts, on whatever nights it worked on them."""
    told = barn.ledger.snapshot()
    rows = {name: told[name] for name in ("arrivals", "documents", "findings", "checks", "decisions", "opinions")}
    filed = (e for e in barn.store.list("filed/") if RECONCILIATION not in e.key)
    return {
        "filed": _digest((e.key, barn.store.get(e.key)) for e in filed),
        "returned": _returned(barn),
        **{name: _digest([(name, _json(found))]) for name, found in rows.items()},
    }


def _returned(barn: Barn) -> str:
    """Which slips there are, and what about: a slip itself says at what minute its file came in."""
    names = ((e.key, b"" if e.key.endswith(".html") else barn.store.get(e.key)) for e in barn.store.list("returned/"))
    return _digest(names)


def _json(rows: object) -> bytes:
    return json.dumps(rows, sort_keys=True, default=str).encode()


def _right(paper: Paper, place: tuple[str, str]) -> int:
    return paper.misprinted.get(place, paper.printed[place])


def _tables(root: Path) -> Iterator[pd.DataFrame]:
    """The newest version of every dataset of figures, each figure with its place as its paper has it."""
    for said in sorted(root.glob("*/dataset.json")):
        about = json.loads(said.read_text("utf-8"))
        if not about.get("files_folder") or about["doctype"] == RECONCILIATION:
            continue
        path = said.parent / about["files_folder"] / f"{said.parent.name}.csv"
        table = pd.read_csv(path, dtype="string", keep_default_na=False)
        if "tps" in table:
            place = table["kecamatan"] + "/" + table["kelurahan"] + "/" + table["tps"]
        else:
            place = table["unit_name"]
        yield table.assign(place=place.where(table["column_kind"] == "unit", ""))


def _digest(items: Iterable[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, data in items:
        total.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()
