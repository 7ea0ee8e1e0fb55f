"""Where each figure of a dataset comes from, as the site shows it."""

from __future__ import annotations

import json
import re

from helpers.pages import page, pages
from helpers.sheets import sheet
from portal import traced_releases
from portal.sample_releases import Filed, as_csv
from rangkiang.forms import form
from rangkiang.portal import DirectoryPortal, Release, traces
from rangkiang.portal.figures import figures, remarks


def test_every_figure_of_the_table_is_traced_once(whole: DirectoryPortal, scanned: Release) -> None:
    folder = whole.root / "dataset" / scanned.deliverable.slug
    lines = [html for path, html in sorted(pages(folder).items()) if re.fullmatch(r"asal-\d+\.html", path.name)]
    found = [int(one[1:]) for html in lines for one in html.ids if re.fullmatch(r"b\d+", one)]
    assert sorted(found) == list(range(1, scanned.deliverable.metadata["rows"][f"{scanned.deliverable.slug}.csv"] + 1))


def test_a_figure_in_doubt_shows_its_picture_the_sum_that_fails_and_who_decided(
    whole: DirectoryPortal, scanned: Release
) -> None:
    path = f"dataset/{scanned.deliverable.slug}/asal-1.html"
    html = page(whole.root / path)
    (row,) = (r for r in (whole.root / path).read_text().split("<tr") if "IV.01</span>" in r and "999" in r)
    assert "object-position:" in row
    assert '<span class="tanda">' in row or "diputuskan" in row
    assert re.findall(r'href="(#t\d)"', row) == ["#t1", "#t2", "#t3"]
    assert "berselisih 819" in html.text
    assert "Keputusan abc123 atas temuan" in html.text
    assert "DB1 pindaian.pdf, halaman 1" in html.text
    assert "#page=1" in " ".join(html.links)
    english = page(whole.root / path.replace(".html", ".en.html")).text
    assert "off by 819" in english
    assert "Decision abc123 on finding" in english


def test_a_printed_total_leads_to_its_place_on_the_document(whole: DirectoryPortal, scanned: Release) -> None:
    folder = f"dataset/{scanned.deliverable.slug}"
    html = (whole.root / folder / "index.html").read_text("utf-8")
    found = re.search(r'href="(asal-1\.html)#(b\d+)"><span class="tanda">999', html)
    assert found
    (row,) = re.findall(rf'<tr id="{found[2]}">.*?</tr>', (whole.root / folder / found[1]).read_text("utf-8"))
    assert "IV.01" in row
    assert ">999<" in row


def test_pages_of_traces_take_so_many_figures_as_can_be_read(filed: Filed) -> None:
    columns = [("unit", f"KEC {n}", n) for n in range(1, 30)]
    made = traced_releases.release(filed, traced_releases.member(sheet(form("DB1-PPWP"), columns), "x"))
    table = figures(filed.fetch(f"{made.source_prefix}{made.deliverable.slug}.csv"))
    parts = traces.parts(table, [], form("DB1-PPWP"), {})
    assert [len(part.figures) for part in parts[:-1]] == [117] * (len(parts) - 1)
    assert [f.line for part in parts for f in part.figures] != []
    assert sorted(f.line for part in parts for f in part.figures) == [f.line for f in table]
    assert all(s.off == 0 for part in parts for piece in part.pieces for s in piece.sums)
    assert all(
        line.sums or line.figure.row.startswith("IV.0") for part in parts for p in part.pieces for line in p.lines
    )


def test_a_finding_may_bind_every_figure_of_a_large_table() -> None:
    cells = json.dumps(
        [{"sha256": "a" * 12, "row": "V.A", "kind": "unit", "column": f"TPS {n}", "page": 1} for n in range(9999)]
    )
    lines = [
        ["id", "code", "severity", "sentence_id", "sentence_en", "cells"],
        ["1", "row_unsure", "error", "a", "b", cells],
    ]
    (found,) = remarks(as_csv(lines))
    assert len(found.cells) == 9999
