"""Filed folders: does each hold what its manifest and the ledger say, and nothing else?"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from rangkiang.model import Deliverable
from rangkiang.steps import keys
from rangkiang.steps.barn import Barn
from rangkiang.steps.examining.ailments import Ailment, Code, ailment
from rangkiang.steps.filing import MANIFEST
from rangkiang.store import Entry

_LEVELS = 3  # Unit Kerja/Kode Tahapan/Jenis Dokumen


def examine(barn: Barn, deep: bool, patience: timedelta) -> Iterator[Ailment]:
    """Ailments of filed folders."""
    folders: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in barn.store.list("filed/"):
        _, *levels = entry.key.split("/", _LEVELS + 1)
        folders["/".join(levels[:_LEVELS])][levels[_LEVELS] if len(levels) > _LEVELS else ""] = entry
    for made in barn.ledger.deliverables():
        yield from _folder(barn, made, folders.pop(made.folder, {}), deep)
    for folder, entries in folders.items():
        if all(datetime.now(UTC) - entry.modified > patience for entry in entries.values()):
            said = f"{len(entries)} files of a dataset that the ledger does not know"
            yield ailment(Code.FOLDER_UNKNOWN, folder, said)


def _folder(barn: Barn, made: Deliverable, there: Mapping[str, Entry], deep: bool) -> Iterator[Ailment]:
    if MANIFEST not in there:
        said = "its manifest is not there: it was not written to its end"
        yield ailment(Code.FOLDER_TORN, made.folder, said, office=made.office)
        return
    stated = json.loads(barn.store.get(keys.filed(made.folder, MANIFEST)))
    named = {one["path"]: (one["sha256"], one["size"]) for one in stated["files"]}
    if stated["digest"] != made.digest or named != {f.path: (f.sha256, f.size) for f in made.files}:
        yield _altered(made, MANIFEST, "says otherwise than the ledger")
        return
    for path, (sha256, size) in named.items():
        if path not in there:
            yield _altered(made, path, "is missing")
        elif there[path].size != size:
            yield _altered(made, path, f"has {there[path].size} bytes, and not {size}")
        elif deep and hashlib.sha256(barn.store.get(there[path].key)).hexdigest() != sha256:
            yield _altered(made, path, "has other bytes than were filed")
    for path in there.keys() - named.keys() - {MANIFEST}:
        yield _altered(made, path, "does not belong there")


def _altered(made: Deliverable, path: str, said: str) -> Ailment:
    return ailment(Code.FOLDER_ALTERED, made.folder, f"{path} {said}", office=made.office)
