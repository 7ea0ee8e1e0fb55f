"""One digest each of the end state's parts, for "the same, byte for byte"."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rangkiang.steps.barn import Barn

_PREFIXES = ("originals/", "readings/", "proofs/", "checks/", "filed/", "released/", "versions/", "quarantine/")


def digests(barn: Barn) -> dict[str, str]:
    """SHA-256 over the store's derived and kept objects, the portal's files and the ledger's snapshot."""
    found = {prefix.rstrip("/"): _of(_objects(barn, prefix)) for prefix in _PREFIXES}
    portal = urlsplit(barn.settings.portal_url)
    if portal.scheme == "file":
        found["portal"] = _of(_files(Path(url2pathname(portal.path))))
    snapshot = json.dumps(barn.ledger.snapshot(), sort_keys=True, default=str).encode()
    found["ledger"] = hashlib.sha256(snapshot).hexdigest()
    return found


def _objects(barn: Barn, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in barn.store.list(prefix):
        yield entry.key, barn.store.get(entry.key)


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")):
        yield path.relative_to(root).as_posix(), path.read_bytes()


def _of(items: Iterator[tuple[str, bytes]]) -> str:
    total = hashlib.sha256()
    for name, data in items:
        total.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()
