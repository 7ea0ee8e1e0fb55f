"""An inbox in memory: the files that offices drop, by key, and where they are written to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rangkiang import catalogue


@dataclass(slots=True)
class Inbox:
    """Files by key ``inbox/<office slug>/<folders…>/<name>``."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, office: str, path: str, data: bytes) -> str:
        """Add a file to an office's inbox; returns its key. Raises ValueError where one stands already."""
        key = key_of(office, path)
        if key in self.files:
            raise ValueError(f"{key} stands twice")
        self.files[key] = data
        return key

    def write(self, folder: Path) -> int:
        """Write what is not there yet, byte for byte. Returns how many files were written."""
        changed = 0
        for key, data in self.files.items():
            path = folder / key
            if path.is_file() and path.read_bytes() == data:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            changed += 1
        return changed


def key_of(office: str, path: str) -> str:
    """The key of a file in an office's inbox."""
    return f"inbox/{catalogue.office(office).slug}/{path}"
