"""The reconciliation of a stage as a dataset of its own: what two levels say about every row of every place."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import pandas as pd

from rangkiang import catalogue
from rangkiang.catalogue import Texts
from rangkiang.deliver.columns import Column, listed_columns
from rangkiang.deliver.dataset import segment, slug_part
from rangkiang.deliver.licence import OPEN, Licence
from rangkiang.deliver.narrative import queries, render
from rangkiang.deliver.narrative.kinds import linked
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.package import About, package, schema
from rangkiang.deliver.parquet import to_parquet
from rangkiang.deliver.parts import DELIVER, XLSX, Built, Parts
from rangkiang.deliver.printed import DCAT, ENGLISH, NUMBERS, add_narrative, companions
from rangkiang.deliver.prose import prose
from rangkiang.deliver.tidy import DTYPES
from rangkiang.deliver.words import angka, kebab, words
from rangkiang.deliver.workbook import new_book
from rangkiang.deliver.workbook.lists import LINES, plain_table
from rangkiang.deliver.workbook.styles import Styles
from rangkiang.harmless import to_csv
from rangkiang.model import Deliverable, FileEntry

RECONCILIATION = "REKONSILIASI"
"""Jenis dokumen of what the house itself makes; no office hands one in."""

OPEN_DIFFERENCES = ("printed_error", "reading_error")
"""States of lines whose figures differ and about which nobody has decided."""

DIFFERENCES = queries.DIFFERENCES

_KEY = ("upper_sha256", "place_code", "row")


@dataclass(frozen=True, slots=True)
class HeldDataset:
    """A dataset that is kept from the public as long as nobody has decided about its differences."""

    office: str
    stage: str
    doctype: str
    differences: int
    live: bool  # an earlier version of it is before the public


class Agreement(Protocol):
    """What two levels say about one row of one place; its fields are the columns of the table."""

    @property
    def state(self) -> str: ...

    @property
    def difference(self) -> int | None: ...


def build_reconciliation(
    office_code: str,
    stage: str,
    agreements: Sequence[Agreement],
    held: Sequence[HeldDataset] = (),
    *,
    licence: Licence = OPEN,
    notice: str = "",
) -> Built:
    """Build the folder; the office is the one that reconciles. The same agreements give the same bytes.

    ``held`` are the datasets that these differences keep from the public.

    Raises KeyError for an unknown office.
    """
    columns, office = listed_columns("reconciliation_columns"), catalogue.office(office_code)
    table, title = _table(agreements, columns), _title(stage)
    slug = f"{RECONCILIATION.lower()}-{office.code}-{kebab(office.short_name)}-{slug_part(stage)}"
    csv, parts = to_csv(table), Parts()
    kept = [asdict(one) for one in held]
    inputs = [DELIVER, slug, csv.decode(), kept, asdict(licence), notice]
    digest = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    parts.add(f"{slug}.xlsx", _workbook(table, columns, title, office.unit_kerja, licence), XLSX, "Buku kerja")
    parts.add(f"{slug}.csv", csv, "text/csv", "Tabel rapi")
    parts.add(f"{slug}.parquet", to_parquet(table, columns), "application/vnd.apache.parquet", "Tabel rapi")
    differing = table[table["state"].isin(DIFFERENCES)]
    parts.add("selisih.csv", to_csv(differing), "text/csv", "Hanya yang berbeda")
    teller = Teller()
    text = _narrative(table, title, held, [*companions(without=(ENGLISH, DCAT)), *parts.files], licence, teller)
    running = f"{office.unit_kerja} - {stage} - {RECONCILIATION} - {digest[:16]}"
    count = add_narrative(parts, prose(title.id, office.unit_kerja, text, {}, running), teller.table())
    about = About(slug, title, f"{title.en}.", digest, licence, office.unit_kerja, (stage.lower(), "rekonsiliasi"))
    tidy = schema(columns, _KEY)
    numbers = schema(listed_columns("number_columns"), ("number",))
    data = package(about, parts.files, {f"{slug}.csv": tidy, "selisih.csv": tidy, NUMBERS: numbers})
    parts.add("datapackage.json", data, "application/json", "Keterangan data untuk mesin (Data Package)")
    folder = "/".join(segment(part) for part in (office.unit_kerja, stage, RECONCILIATION))
    rows = {f"{slug}.csv": len(table), "selisih.csv": len(differing), NUMBERS: count}
    said = _metadata(table, columns, title, office.unit_kerja, rows)
    said = {**said, "held": kept, "notice": notice}
    made = Deliverable(office_code, stage, RECONCILIATION, folder, slug, digest, tuple(parts.files), said)
    return Built(made, parts.contents)


def _title(stage: str) -> Texts:
    found = catalogue.stage(stage)
    name = found.name if found else Texts("di luar daftar", "not on the list")
    return Texts(
        f"Rekonsiliasi antartingkat, tahapan {stage} ({name.id})",
        f"Reconciliation between levels, stage {stage} ({name.en})",
    )


def _table(agreements: Sequence[Agreement], columns: Sequence[Column]) -> pd.DataFrame:
    given = [c.name for c in columns if c.name != "place_code_bps"]
    table = pd.DataFrame([[getattr(a, name) for name in given] for a in agreements], columns=given, dtype=object)
    table["place_code_bps"] = table["place_code"].map(catalogue.bps_code)
    table = table[[c.name for c in columns]]
    return table.astype({c.name: DTYPES[c.type] for c in columns})


def _workbook(table: pd.DataFrame, columns: Sequence[Column], title: Texts, unit_kerja: str, licence: Licence) -> bytes:
    buffer = io.BytesIO()
    book = new_book(buffer, title.id, unit_kerja, licence)
    styles, shown = Styles(book), [c for c in columns if not c.name.endswith("sha256")]
    plain_table(book.add_worksheet("Perbedaan"), table[table["state"].isin(DIFFERENCES)][:LINES], shown, styles)
    if len(table) <= LINES:  # else the CSV has them all
        plain_table(book.add_worksheet("Semua"), table, shown, styles)
    book.close()
    return buffer.getvalue()


def _metadata(
    table: pd.DataFrame, columns: Sequence[Column], title: Texts, unit_kerja: str, rows: Mapping[str, int]
) -> dict[str, Any]:
    states = {str(state): int(n) for state, n in sorted(table["state"].value_counts().items())}
    differing, decided = sum(states.get(s, 0) for s in DIFFERENCES), states.get("explained", 0)
    return {
        "title": {"id": title.id, "en": title.en},
        "description": {
            "id": f"{angka(len(table))} pembandingan antartingkat; {angka(differing)} angka berbeda, "
            f"{angka(decided)} di antaranya dijelaskan keputusan.",
            "en": f"{len(table):,} comparisons between levels; {differing:,} figures differ, "
            f"{decided:,} of them explained by a decision.",
        },
        "unit_kerja": unit_kerja,
        "states": states,
        "findings": {"level_differs": differing} if differing else {},
        "columns": [{"name": c.name, "type": c.type, "title": c.title.id} for c in columns],
        "rows": dict(rows),
    }


def _inside(code: str) -> str:
    """The area that an area lies in: districts of one name are in more than one regency."""
    upper = code.rpartition(".")[0]
    return next((o.short_name for o in catalogue.offices() if o.code == upper), upper)


def _narrative(
    table: pd.DataFrame,
    title: Texts,
    held: Sequence[HeldDataset],
    files: Sequence[FileEntry],
    licence: Licence,
    teller: Teller,
) -> str:
    """Markdown. ``data`` is the table itself to the SQL that its numbers come with."""
    states, differing = words("agreements"), table[table["state"].isin(DIFFERENCES)]
    pairs = [
        {
            "upper": upper,
            "lower": lower,
            "places": teller.number(
                part["place_code"].nunique(), f"{upper} dan {lower}: wilayah", queries.places(str(upper), str(lower))
            ),
            "counts": [
                teller.number(
                    int((part["state"] == state).sum()),
                    f"{upper} dan {lower}: {word.name.id}",
                    queries.agreements({"upper_form": str(upper), "lower_form": str(lower), "state": state}),
                )
                for state, word in states.items()
            ],
        }
        for (upper, lower), part in table.groupby(["upper_form", "lower_form"])
    ]
    differences = [
        {
            "place": f"{place} ({_inside(str(code))})",
            "forms": f"{upper} / {lower}",
            **_difference(part, {"place_code": str(code), "upper_form": str(upper), "lower_form": str(lower)}, teller),
        }
        for (code, place, upper, lower), part in differing.groupby(["place_code", "place", "upper_form", "lower_form"])
    ]
    context = {
        "title": title.id,
        "comparisons": teller.number(len(table), "Banyaknya pembandingan", queries.CELLS),
        "states": [word.name.id.capitalize() for word in states.values()],
        "legend": [{"name": word.name.id, "means": word.means.id} for word in states.values()],
        "pairs": pairs,
        "differences": differences,
        "differing": teller.number(len(differing), "Banyaknya angka yang berbeda", queries.differing("COUNT(*)")),
        "places": teller.number(
            differing["place_code"].nunique(),
            "Banyaknya wilayah yang angkanya berbeda",
            queries.differing("COUNT(DISTINCT place_code)"),
        ),
        "held": [
            {
                "doctype": one.doctype,
                "office": catalogue.office(one.office).unit_kerja,
                "count": teller.number(
                    one.differences,
                    f"Belum diputuskan: {one.doctype}, {one.office}",
                    "pemeriksaan sebelum terbit: perbedaan yang belum diputuskan",
                ),
                "live": one.live,
            }
            for one in held
        ],
        "files": linked(files),
        "licence": licence.title,
    }
    return render("rekonsiliasi.md.j2", context)


def _difference(part: pd.DataFrame, where: Mapping[str, str], teller: Teller) -> Mapping[str, str]:
    """How many figures of one area differ, how many of these are explained, and by how much at most."""
    name = f"{where['place_code']}, {where['upper_form']} dan {where['lower_form']}"
    decided, largest = (part["state"] == "explained").sum(), part["difference"].abs().max()
    explained = queries.agreements({**where, "state": "explained"})
    return {
        "count": teller.number(len(part), f"{name}: berbeda", queries.differing("COUNT(*)", where)),
        "decided": teller.number(int(decided), f"{name}: dijelaskan keputusan", explained),
        "largest": teller.number(
            int(largest), f"{name}: selisih terbesar", queries.differing("MAX(ABS(difference))", where)
        ),
    }
