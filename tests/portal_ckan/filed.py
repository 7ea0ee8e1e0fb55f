"""A dataset as an office files it, small, with a Data Package that describes its table; and later versions of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from portal.sample_releases import Filed, as_csv, recap, recap_contents
from rangkiang.portal import Edition, Release

ROW = "IV.01"
COLUMNS = ("unit_kerja", "area_name", "unit_name", "row", "row_label", "value", "status", "sha256")


class Office:
    """One office's recap. Each version keeps its files in a place of its own."""

    def __init__(self, code: str = "13.06", doctype: str = "DB1-PPWP", filed: Filed | None = None) -> None:
        self._filed = filed or Filed()
        self._made = recap(code, doctype)
        self._contents = recap_contents(self._made) | {"datapackage.json": _package(self.slug)}
        self.fetch = self._filed.fetch
        self.releases = [self._release(1, "2026-11-26", (), b"version,day,kind\n1,2026-11-26,new\n")]

    @property
    def slug(self) -> str:
        return self._made.slug

    @property
    def path(self) -> str:
        """Of the main table."""
        return f"{self.slug}.csv"

    @property
    def latest(self) -> Release:
        return self.releases[-1]

    def content(self, release: Release, path: str) -> bytes:
        return self.fetch(release.source_prefix + path)

    def correct(self, value: int) -> Release:
        """The next version: one cell has another value."""
        lines = list(csv.DictReader(io.StringIO(self._contents[self.path].decode())))
        changed = [line | {"value": value} if line["row"] == ROW else line for line in lines]
        self._contents[self.path] = as_csv([COLUMNS, *([line[name] for name in COLUMNS] for line in changed)])
        was = self.latest
        past = Edition(was.number, was.deliverable, was.source_prefix, was.day)
        log = was.log + f"{was.number + 1},2026-11-27,changed\n".encode()
        self.releases.append(self._release(was.number + 1, "2026-11-27", (*was.earlier, past), log))
        return self.latest

    def _release(self, number: int, day: str, earlier: tuple[Edition, ...], log: bytes) -> Release:
        folder = f"versi-{number}/{self._made.folder}"
        made = self._filed.file(replace(self._made, folder=folder), self._contents)
        return replace(made, number=number, day=day, earlier=earlier, log=log)


def _package(slug: str) -> bytes:
    fields = [
        {"name": n, "type": "integer" if n == "value" else "string", "title": n.title(), "description": f"Arti {n}"}
        for n in COLUMNS
    ]
    schema = {"fields": fields, "primaryKey": ["sha256", "row"]}
    return json.dumps({"resources": [{"path": f"{slug}.csv", "schema": schema}]}).encode()
