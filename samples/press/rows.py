"""The lines of a sheet, for each election, written from the official layouts of 2019 and from nothing of the reader.

Layouts: PKPU 3/2019 and 9/2019 (polling places), PKPU 4/2019 (recapitulation).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

ELECTIONS = ("PPWP", "DPR", "DPD", "DPRD-PROV", "DPRD-KABKOTA")
LEVELS = ("C1", "DAA1", "DA1", "DB1", "DC1")
SPLITS = ("L", "P", "JML")

PARTIES = {
    1: "PARTAI KEBANGKITAN BANGSA",
    2: "PARTAI GERAKAN INDONESIA RAYA",
    3: "PARTAI DEMOKRASI INDONESIA PERJUANGAN",
    4: "PARTAI GOLONGAN KARYA",
    5: "PARTAI NASDEM",
    6: "PARTAI GERAKAN PERUBAHAN INDONESIA",
    7: "PARTAI BERKARYA",
    8: "PARTAI KEADILAN SEJAHTERA",
    9: "PARTAI PERSATUAN INDONESIA",
    10: "PARTAI PERSATUAN PEMBANGUNAN",
    11: "PARTAI SOLIDARITAS INDONESIA",
    12: "PARTAI AMANAT NASIONAL",
    13: "PARTAI HATI NURANI RAKYAT",
    14: "PARTAI DEMOKRAT",
    19: "PARTAI BULAN BINTANG",
    20: "PARTAI KEADILAN DAN PERSATUAN INDONESIA",
}
"""The parties on the ballot outside Aceh, by their number (KPU decision 1143/2018)."""

_PAIRS = {
    "01": "Ir. H. JOKO WIDODO - Prof. Dr. (H.C.) KH. MA'RUF AMIN",
    "02": "H. PRABOWO SUBIANTO - H. SANDIAGA SALAHUDDIN UNO",
}
_VOTES = {
    "PPWP": "DATA PEROLEHAN SUARA PASANGAN CALON PRESIDEN DAN WAKIL PRESIDEN",
    "DPR": "DATA PEROLEHAN SUARA PARTAI POLITIK DAN SUARA CALON ANGGOTA DPR",
    "DPD": "DATA PEROLEHAN SUARA CALON ANGGOTA DPD",
    "DPRD-PROV": "DATA PEROLEHAN SUARA PARTAI POLITIK DAN SUARA CALON ANGGOTA DPRD PROVINSI",
    "DPRD-KABKOTA": "DATA PEROLEHAN SUARA PARTAI POLITIK DAN SUARA CALON ANGGOTA DPRD KABUPATEN/KOTA",
}
_GIVEN = (
    "ANDI", "BUDI", "CITRA", "DEWI", "EKA", "FAJAR", "GITA", "HADI", "INDAH", "JAYA", "KARTIKA", "LESTARI", "MEGA",
    "NANDA", "OKTA", "PUTRI", "RATNA", "SARI", "TRI", "UTAMI", "WIRA", "YUDA", "ZAHRA",
)  # fmt: skip
_AFTER = ("", "", "", ", S.H.", ", S.Pd.", ", S.E., M.M.", ", S.Sos")

Block = Literal["number_cell", "spanning", "numbered_label", "plain_label"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line without figures. Level 0: a numbered section, 1: a part of it or a party, 2: a note inside a party."""

    number: str
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line with figures: one of them, or one for each of L, P and JML."""

    code: str
    number: str
    label: str
    split: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Canonical codes of its figures, from top to bottom."""
        return tuple(f"{self.code}.{part}" for part in SPLITS) if self.split else (self.code,)


Line = Heading | Row
Slate = dict[int, tuple[tuple[int, str], ...]]
"""Candidates by party, as (number, name); the party of an independent candidate is 0."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What offices word in their own way."""

    block: Block = "number_cell"  # how a party's block begins
    second: bool = False  # a row 'A.2 SUARA CALON' before the candidates
    party: str = "SUARA PARTAI POLITIK"  # label of A.1 below a heading
    pair: str = "01"  # '1': the pairs of candidates numbered without zero
    upper: bool = False  # all labels in capitals


def slate(election: str, dapil: str) -> Slate:
    """Invented candidates, always the same ones for the same district. Numbers have gaps where somebody withdrew."""
    rng = random.Random(f"{election}/{dapil}")
    if election == "PPWP":
        return {}
    if election == "DPD":
        return {0: tuple((n, _name(rng)) for n in range(21, 21 + rng.randint(15, 25)))}
    return {party: _candidates(rng) for party in PARTIES}


def _candidates(rng: random.Random) -> tuple[tuple[int, str], ...]:
    count = rng.choice((3, 3, 3, 4, 4, 5, 6, 8, 12))
    missing = rng.randint(1, count) if rng.random() < 0.15 else 0
    return tuple((n, _name(rng)) for n in range(1, count + 1 + (missing > 0)) if n != missing)


def _name(rng: random.Random) -> str:
    """Clearly nobody's."""
    return f"{rng.choice(_GIVEN)} CONTOH {rng.choice(_GIVEN)}{rng.choice(_AFTER)}"


def lines(election: str, chosen: Slate, wording: Wording) -> list[Line]:
    """Every line of the sheet from top to bottom."""
    found: list[Line] = [*_voters(), *_ballots(), Heading("IV", _VOTES[election])]
    if election == "PPWP":
        found += [Row(f"IV.{n}", n if wording.pair == "01" else n[1], name) for n, name in _PAIRS.items()]
    elif election == "DPD":
        found += [Row(f"IV.{n}", str(n), name) for n, name in chosen[0]]
    else:
        for party, candidates in chosen.items():
            found += _party(party, candidates, wording)
    found += _sums()
    return [_capitals(line) for line in found] if wording.upper else found


def _capitals(line: Line) -> Line:
    if isinstance(line, Heading):
        return Heading(line.number, line.text.upper(), line.level)
    return Row(line.code, line.number, line.label.upper(), line.split)


def _voters() -> list[Line]:
    lists = (("DPT", " (Model A.3-KPU)"), ("DPTb", " (Model A.4-KPU)"), ("DPK", " (Model A.DPK-KPU)"))
    return [
        Heading("I", "DATA PEMILIH DAN PENGGUNA HAK PILIH"),
        Heading("A", "DATA PEMILIH", 1),
        *(Row(f"I.A.{n}", str(n), f"Jumlah pemilih dalam {a}{b}", True) for n, (a, b) in enumerate(lists, 1)),
        Row("I.A.4", "4", "Jumlah pemilih (1+2+3)", True),
        Heading("B", "PENGGUNA HAK PILIH", 1),
        *(Row(f"I.B.{n}", str(n), f"Jumlah pengguna hak pilih dalam {a}", True) for n, (a, _) in enumerate(lists, 1)),
        Row("I.B.4", "4", "Jumlah pengguna hak pilih (1+2+3)", True),
        Heading("II", "DATA PEMILIH DISABILITAS"),
        Row("II.1", "1", "Jumlah seluruh pemilih disabilitas terdaftar dalam DPT, DPTb dan DPK", True),
        Row("II.2", "2", "Jumlah seluruh pemilih disabilitas yang menggunakan hak pilih", True),
    ]


def _ballots() -> list[Line]:
    return [
        Heading("III", "DATA PENGGUNAAN SURAT SUARA"),
        Row("III.1", "1", "Jumlah surat suara yang diterima, termasuk cadangan 2% dari DPT (2+3+4)"),
        Row("III.2", "2", "Jumlah surat suara dikembalikan oleh pemilih karena rusak/keliru coblos"),
        Row("III.3", "3", "Jumlah surat suara yang tidak digunakan/tidak terpakai, termasuk sisa surat suara cadangan"),
        Row("III.4", "4", "Jumlah surat suara yang digunakan"),
    ]


def _party(party: int, candidates: tuple[tuple[int, str], ...], wording: Wording) -> list[Line]:
    """Two ways of printing: below a heading, or with the party itself as the label of A.1."""
    name = PARTIES[party]
    own = {"numbered_label": f"{party}. {name}", "plain_label": name}.get(wording.block, wording.party)
    found: list[Line] = [Row(f"IV.{party}.0", "A.1", own)]
    if wording.block == "number_cell":
        found.insert(0, Heading(str(party), name, 1))
    elif wording.block == "spanning":
        found.insert(0, Heading("", f"{party}. {name}", 1))
    if wording.second:
        found.append(Heading("A.2", "SUARA CALON", 2))
    found += [Row(f"IV.{party}.{n}", str(n), candidate) for n, candidate in candidates]
    return [*found, Row(f"IV.{party}.T", "B", "JUMLAH SUARA SAH PARTAI POLITIK DAN CALON (A.1+A.2)")]


def _sums() -> list[Line]:
    return [
        Heading("V", "DATA SUARA SAH DAN TIDAK SAH"),
        Row("V.A", "A", "JUMLAH SELURUH SUARA SAH"),
        Row("V.B", "B", "JUMLAH SUARA TIDAK SAH"),
        Row("V.C", "C", "JUMLAH SELURUH SUARA SAH DAN SUARA TIDAK SAH (A+B)"),
    ]
