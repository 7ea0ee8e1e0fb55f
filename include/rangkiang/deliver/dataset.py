"""What a dataset is before it is written: its documents in order, its findings without repeats, its names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import pandas as pd

from rangkiang import catalogue
from rangkiang.catalogue import Office, Texts
from rangkiang.deliver.tidy import tidy
from rangkiang.deliver.words import kebab
from rangkiang.forms import Form
from rangkiang.forms import form as form_of
from rangkiang.model import ColumnKind, Finding, Member, Severity

_EXTENSIONS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_WEIGHT = list(Severity)


@dataclass(frozen=True)
class Dataset:
    """All accepted documents of one kind of one office, by area code. Made by :func:`dataset`."""

    office: Office
    stage: str
    doctype: str
    form: Form
    members: tuple[Member, ...]
    findings: tuple[Finding, ...]  # the weightiest first

    @property
    def folder(self) -> str:
        return "/".join(segment(part) for part in (self.office.unit_kerja, self.stage, self.doctype))

    @property
    def slug(self) -> str:
        """Stable name. A kode tahapan other than the document type's own is part of it, so that no two share a name."""
        kind = catalogue.doctype(self.doctype)
        slug = f"{kebab(self.doctype)}-{self.office.code}-{kebab(self.office.short_name)}"
        return slug if kind and kind.stage == self.stage else f"{slug}-{slug_part(self.stage)}"

    @property
    def kind(self) -> Texts:
        """What the documents are, in words."""
        kind = catalogue.doctype(self.doctype)
        return kind.name if kind else self.form.name

    @property
    def title(self) -> Texts:
        return Texts(f"{self.kind.id}, {self.place}", f"{self.kind.en}, {self.place}")

    @property
    def place(self) -> str:
        """The office's area as a sentence says it: Kabupaten Agam."""
        return self.office.unit_kerja.removeprefix("KPU ")

    @property
    def stage_name(self) -> Texts:
        found = catalogue.stage(self.stage)
        return found.name if found else Texts("kode tahapan di luar daftar", "a stage code that is not on the list")

    @property
    def election(self) -> Texts:
        return next((e.name for e in catalogue.elections() if e.code == self.form.election), self.form.name)

    @cached_property
    def table(self) -> pd.DataFrame:
        """The tidy table: one line per unit or total and row code, carries left out."""
        return tidy(self.members, self.form, self.office.unit_kerja)

    @cached_property
    def units(self) -> pd.DataFrame:
        """The tidy table without its totals."""
        return self.table[self.table["column_kind"] == ColumnKind.UNIT.value]

    def original(self, member: Member) -> str:
        """Path of a member's original inside the folder."""
        said, document = member.document.said, member.document
        extension = _EXTENSIONS.get(document.media_type) or PurePosixPath(document.name.lower()).suffix
        name = f"{segment(said.form)}_{said.area_code}_{kebab(said.area_name)}_{document.sha256[:8]}"
        return f"asli/{name}{extension}"


def dataset(
    office_code: str, stage: str, doctype: str, members: Sequence[Member], findings: Sequence[Finding] = ()
) -> Dataset:
    """Put a dataset together; ``findings`` are those of no single member.

    Raises KeyError for an unknown office, ValueError where there is no member, where members are of different forms, or
    where two speak for the same area: their sums would count it twice.
    """
    models = {m.document.said.form for m in members}
    if len(models) != 1:
        raise ValueError(f"a dataset is of one form, not of {len(models)}: {', '.join(sorted(models)) or 'none'}")
    areas = [m.document.said.area_code for m in members]
    if len(set(areas)) < len(areas):
        raise ValueError(f"two documents of {models.pop()} speak for {max(areas, key=areas.count)}")
    ordered = tuple(sorted(members, key=lambda m: (m.document.said.area_code, m.document.sha256)))
    own = [finding for member in ordered for finding in member.findings]
    return Dataset(
        office=catalogue.office(office_code),
        stage=stage,
        doctype=doctype,
        form=form_of(models.pop()),
        members=ordered,
        findings=_ordered([*own, *findings], ordered),
    )


def _ordered(findings: Sequence[Finding], members: Sequence[Member]) -> tuple[Finding, ...]:
    """Each finding once: by weight, then as the documents stand, then by kind and place."""
    once = {finding.id: finding for finding in findings}
    place = {member.document.sha256: n for n, member in enumerate(members)}

    def rank(finding: Finding) -> tuple[int, int, str, list[str], str]:
        at = place.get(finding.sha256, len(place))
        return _WEIGHT.index(finding.severity), at, finding.code, _natural(finding.subject), finding.id

    return tuple(sorted(once.values(), key=rank))


def _natural(text: str) -> list[str]:
    """Sorts TPS 2 before TPS 10."""
    return [part.zfill(9) if part.isdecimal() else part for part in re.split(r"(\d+)", text)]


def segment(text: str) -> str:
    """One folder or file name: no stroke, no leading dot, nothing a file system refuses."""
    return re.sub(r'[\x00-\x1f/\\:*?"<>|]+', "-", text).strip(". ") or "-"


def slug_part(text: str) -> str:
    """A code as part of a slug: pl.01.8."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.").replace("..", ".")
