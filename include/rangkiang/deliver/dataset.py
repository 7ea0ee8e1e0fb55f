"""What a dataset is before it is written: its documents in order, its findings without repeats, its names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

import pandas as pd

from rangkiang import catalogue
from rangkiang.catalogue import Office, Texts
from rangkiang.deliver.tidy import tidy
from rangkiang.deliver.words import kebab
from rangkiang.forms import Form, LeafRow
from rangkiang.forms import form as form_of
from rangkiang.forms.contest import has_parties
from rangkiang.model import ColumnKind, Finding, Member, Severity

_EXTENSIONS: Mapping[str, str] = {
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-excel.sheet.macroEnabled.12": ".xlsm",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
_EXTENSION = re.compile(r"\.[a-z0-9]{1,8}")
_NAME = 60  # letters of a name inside a path
_SEGMENT = 120  # bytes of a whole folder or file name: file systems take 255
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_WEIGHT = list(Severity)


@dataclass(frozen=True)
class Dataset:
    """All accepted documents of one kind of one office, by area and electoral district. Made by :func:`dataset`."""

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

    @cached_property
    def sheets(self) -> pd.DataFrame:
        """One line per sheet (recaps: its printed total, or its units added up where it has none) or per line (where
        sheets have no totals), one column per row code; empty where a value is not known."""
        if not self.form.has_total:
            return self.units.pivot(index=["sha256", "column_no"], columns="row", values="value")
        printed = self.table[self.table["column_kind"] == ColumnKind.TOTAL.value]
        without = self.units[~self.units["sha256"].isin(printed["sha256"])]
        rows = without.assign(unknown=without["value"].isna()).groupby(["sha256", "row"], sort=False)
        # A sum of which a part is not known is not known.
        added = rows["value"].sum().mask(rows["unknown"].any())
        totals = printed.groupby(["sha256", "row"], sort=False)["value"].last()
        by_sheet: pd.DataFrame = pd.concat([part for part in (totals, added) if len(part)]).unstack("row")
        return by_sheet

    @cached_property
    def leaves(self) -> tuple[LeafRow, ...]:
        """The form's rows that hold figures; those that a sheet may lack only where one of these sheets has them."""
        there = set(self.table["row"].unique())
        return tuple(leaf for leaf in self.form.leaf_rows if not leaf.parent.optional or leaf.code in there)

    @cached_property
    def dapils(self) -> tuple[str, ...]:
        """Electoral districts of the documents, as printed."""
        return tuple(sorted({m.document.said.dapil for m in self.members} - {""}))

    @cached_property
    def one_ballot(self) -> bool:
        """Did all these voters have the same names before them? Parties' candidates stand in one electoral district."""
        said = {m.document.said.dapil for m in self.members}
        return not has_parties(self.form) or len(self.members) == 1 or (len(said) == 1 and "" not in said)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What every row of :attr:`leaves` is called in Indonesian."""
        return self.labels_in("id")

    def labels_in(self, lang: str) -> Mapping[str, str]:
        """What every row of :attr:`leaves` is called: candidates as most sheets print them, where they are the same
        persons on all of them; the registry's words for the rest."""
        printed = self._printed if self.one_ballot else {}
        return {leaf.code: printed.get(leaf.code, leaf.label.get(lang)) for leaf in self.leaves}

    @cached_property
    def _printed(self) -> Mapping[str, str]:
        names = {leaf.code for leaf in self.leaves if leaf.parent.optional}
        lines = self.table.loc[self.table["row"].isin(names), ["sha256", "row", "row_label"]].drop_duplicates()
        said: dict[str, Counter[str]] = {}
        for code, label in zip(lines["row"], lines["row_label"], strict=True):
            said.setdefault(code, Counter())[label] += 1
        return {code: counts.most_common(1)[0][0] for code, counts in said.items()}

    def original(self, member: Member) -> str:
        """Path of a member's original inside the folder. Only names of our own making stand in it."""
        said, document = member.document.said, member.document
        suffix = PurePosixPath(document.name.lower()).suffix
        extension = _EXTENSIONS.get(document.media_type) or (suffix if _EXTENSION.fullmatch(suffix) else "")
        parts = [segment(said.form), segment(said.area_code), kebab(said.area_name)[:_NAME], kebab(said.dapil)[:_NAME]]
        return f"asli/{'_'.join(part for part in parts if part)}_{document.sha256[:8]}{extension}"


def dataset(
    office_code: str, stage: str, doctype: str, members: Sequence[Member], findings: Sequence[Finding] = ()
) -> Dataset:
    """Put a dataset together; ``findings`` are those of no single member.

    Raises KeyError for an unknown office, ValueError where there is no member, where members are of different forms, or
    where two speak for the same area and electoral district: their sums would count it twice.
    """
    models = {m.document.said.form for m in members}
    if len(models) != 1:
        raise ValueError(f"a dataset is of one form, not of {len(models)}: {', '.join(sorted(models)) or 'none'}")
    areas = [_place(m) for m in members]
    if len(set(areas)) < len(areas):
        twice = max(areas, key=areas.count)
        raise ValueError(f"two documents of {models.pop()} speak for {' '.join(twice).strip()}")
    ordered = tuple(sorted(members, key=lambda m: (*_place(m), m.document.sha256)))
    own = [finding for member in ordered for finding in member.findings]
    return Dataset(
        office=catalogue.office(office_code),
        stage=stage,
        doctype=doctype,
        form=form_of(models.pop()),
        members=ordered,
        findings=_ordered([*own, *findings], ordered),
    )


def _place(member: Member) -> tuple[str, str]:
    """What a sheet speaks for: its area and, for parties, its electoral district."""
    return member.document.said.area_code, member.document.said.dapil


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
    """One folder or file name: no stroke, no leading dot, nothing a file system refuses or a reader does not see."""
    kept = re.sub(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff/\\:*?"<>|]+', "-", text)
    name = kept.strip(". ").encode()[:_SEGMENT].decode(errors="ignore").strip(". ") or "-"
    return f"-{name}" if _DEVICES.match(name) else name


def slug_part(text: str) -> str:
    """A code as part of a slug: pl.01.8."""
    return re.sub(r"\.{2,}", ".", re.sub(r"[^a-z0-9.]+", "-", text.lower()))[:_NAME].strip("-.") or "lain"
