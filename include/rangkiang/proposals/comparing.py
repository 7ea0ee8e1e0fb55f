"""One dataset as it was last released beside what is filed now: which documents, files and figures differ, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from rangkiang.model import Deliverable
from rangkiang.proposals.notes import Figure, Notes, about, notes, unit
from rangkiang.proposals.records import (
    MOST,
    Cause,
    CellChange,
    DatasetChange,
    DocumentChange,
    FileChange,
    Kind,
)
from rangkiang.proposals.tables import differing, places

Place = tuple[str, str]  # area code and electoral district
Gone = Callable[[str], Cause]
"""Why a document, by its digest, is not in the dataset any more."""


@dataclass(frozen=True)
class Version:
    """A dataset at one time: what it is, its table of figures (None where there is none), and its list of findings."""

    made: Deliverable
    table: pd.DataFrame | None = None
    findings: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def documents(self) -> Mapping[Place, Mapping[str, Any]]:
        found = self.made.metadata.get("documents") or ()
        return {(str(d.get("area_code") or ""), str(d.get("dapil") or "")): d for d in found}

    @cached_property
    def notes(self) -> Mapping[str, Notes]:
        return notes(self.findings)


def change(was: Version | None, now: Version | None, first: bool, gone: Gone, most: int = MOST) -> DatasetChange:
    """How a dataset would change; None for what there is not. ``first``: it has never been before the public. ``most``:
    so many figures and documents are listed.

    Raises ValueError where there is neither.
    """
    if was is not None and now is not None:
        return _Changed(was, now, gone, most).change()
    if now is not None:
        arrived = tuple(_document("added", d, ()) for d in now.documents.values())
        because = (Cause("first" if first else "again"),)
        return _listed("added", now.made, most, because, arrived, _files(None, now))
    if was is None:
        raise ValueError("a change is from something, or to something")
    left = tuple(_document("withdrawn", d, (gone(str(d["sha256"])),)) for d in was.documents.values())
    causes = _once(cause for document in left for cause in document.causes)
    return _listed("withdrawn", was.made, most, causes or (Cause("anew"),), left, _files(was, None))


@dataclass(frozen=True, slots=True)
class _Changed:
    """A dataset that stays, and is another one now."""

    was: Version
    now: Version
    gone: Gone
    most: int

    def change(self) -> DatasetChange:
        documents = tuple(self._documents())
        made = _listed("changed", self.now.made, self.most, (), documents, _files(self.was, self.now))
        cells: tuple[CellChange, ...] = ()
        if self.was.table is not None and self.now.table is not None:
            lines = differing(self.was.table, self.now.table)
            cells = tuple(self._cells(lines[: self.most], places(self.now.table)))
            made = replace(made, cells=cells, cell_count=len(lines), compared=True)
        parts: list[DocumentChange | CellChange] = [*documents, *cells]
        causes = _once(cause for part in parts for cause in part.causes)
        return replace(made, causes=causes or (Cause("anew"),))

    def _documents(self) -> Iterator[DocumentChange]:
        before = self.was.documents
        for place, new in self.now.documents.items():
            old = before.get(place)
            if old is None:
                yield _document("added", new, (Cause("arrived"),))
            elif old["sha256"] != new["sha256"]:
                yield _document("changed", new, (_replaced(old, new),))
            elif causes := self._told(str(new["sha256"])):
                yield _document("changed", new, causes)
        for place, old in before.items():
            if place not in self.now.documents:
                yield _document("withdrawn", old, (self.gone(str(old["sha256"])),))

    def _cells(self, lines: pd.DataFrame, named: list[str]) -> Iterator[CellChange]:
        for line in lines.to_dict("records"):
            place = (str(line.get("kode_kemendagri", line.get("place_code", ""))), str(line.get("dapil", "")))
            old, new = self.was.documents.get(place), self.now.documents.get(place)
            area = str((new or old or {}).get("area_name") or place[0])
            figure = (str(line["row"]), str(line.get("column_kind", "")), unit(str(line[n]) for n in named))
            yield CellChange(
                sha256=str((new or old or {}).get("sha256", "")),
                area=area,
                place=", ".join(str(line[n]) for n in named if line[n]) or area,
                row=str(line["row"]),
                row_label=str(line["label"]),
                was=str(line["was"]),
                now=str(line["now"]),
                was_status=str(line["was_status"]),
                now_status=str(line["now_status"]),
                causes=self._why(old, new, figure),
            )

    def _why(self, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, figure: Figure) -> tuple[Cause, ...]:
        """Why a figure changes, from the document that it was read off and the one that it is read off now."""
        if new is None:
            return (self.gone(str(old["sha256"])) if old else Cause("compared"),)
        sha256 = str(new["sha256"])
        own = self._told(sha256, figure)
        if old is None:
            return (Cause("arrived"), *own)
        if old["sha256"] != sha256:
            return (_replaced(old, new), *own)
        return own or self._told(sha256) or (Cause("anew"),)

    def _told(self, sha256: str, figure: Figure | None = None) -> tuple[Cause, ...]:
        """What has been decided about a document since, or no longer is; with ``figure`` only what is about that one.

        Where it is nothing of the kind: what other levels say.
        """
        before, after = about(self.was.notes, sha256), about(self.now.notes, sha256)
        causes = [Cause("decision", {"decision": id}) for id in after.of(figure) - before.of(figure)]
        causes += [Cause("lifted", {"decision": id}) for id in before.of(figure) - after.of(figure)]
        if not causes and figure is None and before.levels != after.levels:
            return (Cause("levels"),)
        return tuple(sorted(causes, key=lambda c: (c.code, str(c.params["decision"]))))


def _replaced(old: Mapping[str, Any], new: Mapping[str, Any]) -> Cause:
    return Cause("replaced", {"was": str(old["name"]), "now": str(new["name"])})


def listed(kind: Kind, made: Deliverable, causes: tuple[Cause, ...] = ()) -> DatasetChange:
    """A dataset that changes, of which nothing else is known."""
    return _listed(kind, made, 0, causes, (), ())


def _listed(
    kind: Kind,
    made: Deliverable,
    most: int,
    causes: tuple[Cause, ...],
    documents: tuple[DocumentChange, ...],
    files: tuple[FileChange, ...],
) -> DatasetChange:
    title = made.metadata.get("title") or {}
    counts = made.metadata.get("counts") or {}
    return DatasetChange(
        kind=kind,
        slug=made.slug,
        office=made.office,
        doctype=made.doctype,
        title={lang: str(title.get(lang) or made.slug) for lang in ("id", "en")},
        counts={str(status): int(n) for status, n in sorted(counts.items())},
        causes=causes,
        documents=documents[:most],
        document_count=len(documents),
        files=files[:most],
        file_count=len(files),
    )


def _document(kind: Kind, said: Mapping[str, Any], causes: tuple[Cause, ...]) -> DocumentChange:
    area = " – ".join(filter(None, (str(said.get("area_name") or ""), str(said.get("dapil") or ""))))
    return DocumentChange(kind, str(said["sha256"]), str(said["name"]), area, causes)


def _files(was: Version | None, now: Version | None) -> tuple[FileChange, ...]:
    before = {f.path: f for f in was.made.files} if was else {}
    after = {f.path: f for f in now.made.files} if now else {}
    found = []
    for path in sorted({*before, *after}):
        old, new = before.get(path), after.get(path)
        if new is not None and (old is None or old.sha256 != new.sha256):
            found.append(FileChange("changed" if old else "added", path, new.title, new.size))
        elif new is None and old is not None:
            found.append(FileChange("withdrawn", path, old.title, old.size))
    return tuple(found)


def _once(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Each cause once, in the order of their first."""
    return tuple({(c.code, str(sorted(c.params.items()))): c for c in causes}.values())
