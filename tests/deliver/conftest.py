"""Members of datasets as the steps make them: proved figures, findings, and the bytes of an original."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.ballots import ballot
from helpers.sheets import put, sheet
from rangkiang import catalogue
from rangkiang.deliver import Built, build
from rangkiang.forms import form
from rangkiang.model import FIGURE_COLUMNS, Check, Classification, Document, Finding, Member, Severity, State
from rangkiang.proof import prove

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATA = Path(__file__).parents[3] / "shared/data/sumbar2019"
TPS_COLUMNS = {
    "I.A.1.L": "dpt_l",
    "I.A.1.P": "dpt_p",
    "I.B.4.JML": "situng_pengguna",
    "IV.01": "situng_01",
    "IV.02": "situng_02",
    "V.A": "situng_sah",
    "V.B": "situng_tsah",
}


@dataclass
class Case:
    """A dataset to be built, and where its originals are."""

    office: str
    doctype: str
    members: list[Member]
    originals: dict[str, bytes] = field(default_factory=dict)

    def build(self, **options: object) -> Built:
        stage = form(self.doctype).stage
        return build(self.office, stage, self.doctype, self.members, self.originals.__getitem__, **options)


Make = Callable[..., Case]


@pytest.fixture
def member() -> Callable[..., tuple[Member, bytes]]:
    return make_member


def make_member(
    model: str,
    office: str,
    area: str,
    figures: pd.DataFrame,
    name: str = "berkas.pdf",
    media: str = "application/pdf",
    dapil: str = "",
) -> tuple[Member, bytes]:
    data = f"{model} {area} {dapil} {name}".encode()
    sha256 = hashlib.sha256(data).hexdigest()
    entry = form(model)
    figures = figures.assign(sha256=sha256, file=name).astype(dict(FIGURE_COLUMNS))
    proved, findings = prove(figures, entry, office, sha256)
    said = Classification(model, model, entry.stage, entry.election, area, catalogue.area(area).name, dapil=dapil)
    document = Document(office, sha256, f"inbox/x/{name}", len(data), media, State.ARRANGED, None, said)
    return Member(document, findings, (Check("kolom lengkap", Severity.CRITICAL, True),), proved), data


@pytest.fixture
def db1() -> Callable[..., Case]:
    """A DB1 of Padang Panjang: two districts and carries; ``faults`` change single cells."""

    def make(*faults: tuple[str, str, int | None], name: str = "DB1 Padang Panjang.pdf") -> Case:
        first, second = (d.name for d in catalogue.districts("13.74"))
        columns = [
            ("unit", first, 1),
            ("carried_out", "JUMLAH PINDAHAN", 1),
            ("carried_in", "JUMLAH PINDAHAN ", 1),
            ("unit", second, 2),
            ("total", "JUMLAH AKHIR", 3),
        ]
        figures = sheet(form("DB1-PPWP"), columns)
        for row, label, value in faults:
            figures = put(figures, row, label, value, "read" if value is not None else "blank")
        found, data = make_member("DB1-PPWP", "13.74", "13.74", figures, name)
        return Case("13.74", "DB1-PPWP", [found], {found.document.sha256: data})

    return make


@pytest.fixture
def decided(db1: Callable[..., Case]) -> Callable[..., Case]:
    """A DB1 with a total that is no sum, which somebody accepted as printed."""

    def make() -> Case:
        case = db1(("V.B", "JUMLAH AKHIR", 999))
        found = case.members[0]
        wrong = next(f for f in found.findings if f.code == "total_broken")
        said = {"decision": "k-0123", "finding": wrong.id, "subject": wrong.subject, "by": "siti", "at": "2019-05-03"}
        said |= {"why": "lembar asli memang memuat 999 | *tebal*"}
        note = Finding("13.74", wrong.sha256, "finding_accepted", Severity.INFO, wrong.subject, said, wrong.cells)
        case.members = [replace(found, findings=(*found.findings, note))]
        return case

    return make


@pytest.fixture
def da1() -> Callable[..., Case]:
    """One DA1 for each district of an office but those left out, two villages each."""

    def make(office: str = "13.77", leave_out: Sequence[str] = ()) -> Case:
        case = Case(office, "DA1-PPWP", [])
        for district in catalogue.districts(office):
            if district.code not in leave_out:
                columns = [("unit", "NAGARI A", 1), ("unit", "NAGARI B", 2), ("total", "JUMLAH", 3)]
                figures = sheet(form("DA1-PPWP"), columns)
                name = f"DA1 {district.name}.xlsx"
                found, data = make_member("DA1-PPWP", office, district.code, figures, name, XLSX)
                case.members.append(found)
                case.originals[found.document.sha256] = data
        return case

    return make


@pytest.fixture
def votes() -> Callable[..., Case]:
    return votes_case


def votes_case(
    model: str,
    office: str,
    places: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str, int]],
    name: str = "",
    raw: str | None = None,
    **options: Any,
) -> Case:
    """One sheet for each place (area code, electoral district) of any form; ``options`` are those of ``ballot``.

    ``name`` is the files' name, ``raw`` what stands where the votes of the first candidate should.
    """
    case = Case(office, model, [])
    for area, dapil in places:
        figures = ballot(form(model), columns, **options)
        if raw is not None:
            here = figures["row"].isin(["IV.1.1", "IV.21", "IV.01"])
            figures.loc[here, ["value", "raw", "status"]] = [pd.NA, raw, "flagged"]
        found, data = make_member(model, office, area, figures, name or f"{model} {area} {dapil}.pdf", dapil=dapil)
        case.members.append(found)
        case.originals[found.document.sha256] = data
    return case


@pytest.fixture
def dpr() -> Callable[..., Case]:
    """A DB1-DPR of Padang Panjang."""

    def make(**options: Any) -> Case:
        return votes_case("DB1-DPR", "13.74", [("13.74", "SUMATERA BARAT I")], padang_panjang(), **options)

    return make


def padang_panjang() -> list[tuple[str, str, int]]:
    first, second = (d.name for d in catalogue.districts("13.74"))
    return [("unit", first, 1), ("unit", second, 2), ("total", "JUMLAH AKHIR", 3)]


@pytest.fixture
def tps() -> Callable[..., Case]:
    """A flat table from lines of (kecamatan, kelurahan, tps, value by row code)."""
    return flat_case


def flat_case(office: str, lines: Sequence[tuple[str, str, str, dict[str, int | None]]], raw: str = "") -> Case:
    rows = []
    labels = {leaf.code: leaf.label.id for leaf in form("TPS-PPWP").leaf_rows}
    for kecamatan, kelurahan, number, values in lines:
        label = f"{kecamatan} / {kelurahan} / TPS {number}"
        for code, value in values.items():
            text, status = (raw, "blank") if value is None else (str(value), "read")
            where = [None] * 4
            rows.append(
                ["", "", 1, "TPS-PPWP", code, labels[code], "unit", label, value, text, status, 1.0, "csv", *where]
            )
    figures = pd.DataFrame(rows, columns=list(FIGURE_COLUMNS)).astype(dict(FIGURE_COLUMNS))
    found, data = make_member("TPS-PPWP", office, office, figures, "tps.csv", "text/csv")
    return Case(office, "TPS-PPWP", [found], {found.document.sha256: data})


@pytest.fixture(scope="session")
def padang() -> Case:
    """The real table of Kota Padang: 2.457 polling places, as the count's entry system had them."""
    path = DATA / "tps_kawalpemilu_ppwp.csv"
    if not path.exists():
        pytest.skip(f"no {path.name} beside the repository")
    table = pd.read_csv(path, dtype=str)
    table = table[table["kabkota"] == "KOTA PADANG"]
    lines = [
        (
            line["kecamatan"],
            line["kelurahan"],
            line["tps"],
            {code: None if pd.isna(line[c]) else int(line[c]) for code, c in TPS_COLUMNS.items()},
        )
        for line in table.to_dict("records")
    ]
    return flat_case("13.71", lines)


@pytest.fixture(scope="session")
def padang_built(padang: Case) -> Built:
    return padang.build()


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """A finding of no single member: a document that is missing."""

    def make(office: str, area: str) -> Finding:
        params = {"doctype": "DA1-PPWP", "area": area}
        return Finding(office, "", "document_missing", Severity.WARNING, area, params)

    return make
