"""A deliverable and its files on their way into the folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from rangkiang.model import Deliverable, FileEntry

DELIVER = "deliver-4"
"""Version of what makes deliverables; grows whenever the same inputs would give other files."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Built:
    """A deliverable and its files' bytes, by path inside its folder."""

    deliverable: Deliverable
    contents: Mapping[str, bytes]


class Parts:
    """Files by path, with what the deliverable says of each."""

    def __init__(self) -> None:
        self.files: list[FileEntry] = []
        self.contents: dict[str, bytes] = {}

    def add(self, path: str, data: bytes, media_type: str, title: str, first: bool = False) -> None:
        entry = FileEntry(path, hashlib.sha256(data).hexdigest(), len(data), media_type, title)
        self.files.insert(0 if first else len(self.files), entry)
        self.contents[path] = data
