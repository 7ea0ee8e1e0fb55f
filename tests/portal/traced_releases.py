"""A dataset as the deliver room really makes it, so that every figure can be traced, among all others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from helpers.sheets import put, sheet
from portal.sample_releases import Filed, as_csv
from rangkiang import catalogue
from rangkiang.deliver import build
from rangkiang.forms import form
from rangkiang.model import FIGURE_COLUMNS, Classification, Document, Finding, Member, Severity, State
from rangkiang.portal import Edition, Release
from rangkiang.proof import prove
from rangkiang.scans.atlas import atlas

OFFICE = "13.74"
LOG_HEAD = (
    "version", "day", "kind", "area", "place", "row", "row_label", "was", "now", "was_status", "now_status", "why",
    "decision", "decided_by",
)  # fmt: skip


def member(figures: pd.DataFrame, name: str, scanned: bool = False) -> tuple[Member, bytes]:
    """A DB1 of Padang Panjang; a scan has a page for every two columns, and a picture of every figure."""
    entry, data = form("DB1-PPWP"), name.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    figures = figures.assign(sha256=sha256, file=name, engine="scan" if scanned else "vector")
    if not scanned:
        place = np.arange(len(figures), dtype=float)
        figures = figures.assign(x0=place, y0=place, x1=place + 40, y1=place + 12)
    proved, findings = prove(figures.astype(dict(FIGURE_COLUMNS)), entry, OFFICE, sha256)
    said = Classification(entry.model, entry.model, entry.stage, entry.election, OFFICE, catalogue.area(OFFICE).name)
    document = Document(OFFICE, sha256, f"inbox/x/{name}", len(data), "application/pdf", State.ARRANGED, None, said)
    crops = [np.full((18, 20 + n % 90), 40, np.uint8) for n in range(len(proved))]
    return Member(document, findings, (), proved, {1: atlas(crops)} if scanned else {}), data


def release(filed: Filed, one: tuple[Member, bytes], findings: Sequence[Finding] = ()) -> Release:
    told, data = one
    told = replace(told, findings=(*told.findings, *findings))
    built = build(OFFICE, "PL.01.8", "DB1-PPWP", [told], lambda sha256: data)
    return filed.file(built.deliverable, built.contents)


def scanned(filed: Filed) -> Release:
    """A scan with a total that does not add up, which somebody accepted; in its second version."""
    columns = [("unit", d.name, n) for n, d in enumerate(catalogue.districts(OFFICE), 1)]
    figures = sheet(form("DB1-PPWP"), [*columns, ("total", "JUMLAH AKHIR", 3)])
    before = release(filed, member(figures, "DB1 pindaian.pdf", scanned=True))
    filed.objects |= {f"lama/{f.path}": filed.objects[before.source_prefix + f.path] for f in before.deliverable.files}
    one = member(put(figures, "IV.01", "JUMLAH AKHIR", 999), "DB1 pindaian.pdf", scanned=True)
    broken = one[0].findings[0]
    told = {
        "finding": broken.id,
        "decision": "abc123",
        "by": "koordinator",
        "why": "sesuai dokumen",
        "at": "2019-05-02",
    }
    told |= {"subject": broken.subject}
    accepted = Finding(OFFICE, broken.sha256, "finding_accepted", Severity.INFO, broken.subject, told, broken.cells)
    found = release(filed, one, [accepted])
    change = ("2", "2019-05-02", "figure", "KOTA PADANG PANJANG", "JUMLAH AKHIR", "IV.01", "01", "180", "999")
    log = as_csv(
        [
            LOG_HEAD,
            ("1", "2019-05-01", "first", *[""] * 11),
            (*change, "proved", "flagged", "berkas <baru>", "abc123", "koordinator"),
        ]
    )
    earlier = Edition(1, before.deliverable, "lama/", "2019-05-01")
    return replace(found, number=2, day="2019-05-02", earlier=(earlier,), log=log)


def everything(filed: Filed) -> list[Release]:
    """Of every kind of dataset one or two."""
    others = [filed.recap("13.01"), filed.recap("13.71"), filed.recap("13", "DC1-PPWP"), filed.reconciliation()]
    return [*others, scanned(filed)]
