"""Parties, persons and candidates on the site: in ballot order, short where two hundred would be read by nobody."""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable

import pytest

from portal.sample_releases import Filed
from rangkiang.forms import form
from rangkiang.forms.contest import contestants
from rangkiang.model import FileEntry
from rangkiang.portal import BadRelease, DirectoryPortal, Release

NAME = "Hj. EMMA <b>YOHANNA</b>"


def page(portal: DirectoryPortal, release: Release | None = None) -> str:
    path = f"dataset/{release.deliverable.slug}/index.html" if release else "index.html"
    return (portal.root / path).read_text("utf-8")


def with_totals(filed: Filed, release: Release, **changed: object) -> Release:
    """The same release, saying something else of itself."""
    said = {**release.deliverable.metadata, **changed}
    contents = {
        p.removeprefix(release.source_prefix): d
        for p, d in filed.objects.items()
        if p.startswith(release.source_prefix)
    }
    return filed.file(dataclasses.replace(release.deliverable, metadata=said), contents)


def test_parties_are_shown_in_ballot_order_and_their_candidates_folded_away(
    portal: DirectoryPortal, filed: Filed, publish: Callable
) -> None:
    release = filed.recap("13.01", "DB1-DPR")
    publish([release])
    text = page(portal, release)
    names = [f"{c.number} {c.name}" for c in contestants(form("DB1-DPR"))]
    section, folded = text.split("<summary>IV. Suara partai dan suara calon</summary>")
    short = section[section.index("DATA PEROLEHAN SUARA PARTAI POLITIK") :]
    assert [html.unescape(n) for n in re.findall(r'<th scope="row">([^<]*)</th>', short)] == names
    assert short.count(" %</td>") == len(names)
    candidates = folded[: folded.index("</details>")]
    assert candidates.count('<th scope="row">') == sum(bool(row.party) for row in form("DB1-DPR").rows)
    assert text.count("<details") == text.count("</details>")


def test_the_first_page_adds_the_regencies_parties_up(portal: DirectoryPortal, filed: Filed, publish: Callable) -> None:
    releases = [filed.recap(office, "DB1-DPR") for office in ("13.01", "13.71")]
    publish([*releases, filed.recap("13", "DC1-DPR")])
    text = page(portal)
    assert '<th scope="col">Partai politik</th>' in text
    table = text[text.index("Jumlah se-Provinsi") : text.index("</table>", text.index("Jumlah se-Provinsi"))]
    assert re.findall(r'<span class="nomor">(\d+)</span>', table) == [*map(str, range(1, 15)), "19", "20"]
    votes = releases[0].deliverable.metadata["totals"]["IV.1.T"]
    assert f"{2 * votes:,}".replace(",", ".") in table
    assert "CALON NOMOR" not in text


def test_persons_bear_the_names_that_the_sheets_print(portal: DirectoryPortal, filed: Filed, publish: Callable) -> None:
    release = filed.recap("13.01", "DB1-DPD")
    rows = {"IV.21": f"21 {NAME}", "IV.22": "22 BUDI"}
    there = {c: v for c, v in release.deliverable.metadata["totals"].items() if not c.startswith("IV.") or c in rows}
    labels = {**{c: release.deliverable.metadata["row_labels"][c] for c in there}, **rows}
    release = with_totals(filed, release, totals=there, row_labels=labels)
    publish([release])
    text = page(portal)
    assert '<th scope="col">Calon</th>' in text
    assert "<b>YOHANNA" not in text
    assert re.findall(r'<span class="nomor">(\d+)</span>', text) == ["21", "22"]
    assert html.escape(NAME) in text
    own = page(portal, release)
    assert f"21 {html.escape(NAME)}" in own
    assert "<dt>IV.22</dt><dd>22 BUDI</dd>" in own
    assert "<dt>IV.23</dt>" not in own


def test_a_polling_places_own_sheets_have_a_page(portal: DirectoryPortal, filed: Filed, publish: Callable) -> None:
    release = filed.recap("13.01", "C1-DPRD-KABKOTA")
    publish([release])
    assert "Suara partai dan suara calon" in page(portal, release)
    assert "Menurut C1" not in page(portal)


@pytest.mark.parametrize(
    "path", ["a" * 300, "asli/" + "\N{GREEK SMALL LETTER ALPHA}" * 150, "../x", "/x", "a\0b", "x\udce9"]
)
def test_a_name_that_no_disk_takes_is_refused_before_anything_is_written(
    path: str, portal: DirectoryPortal, filed: Filed
) -> None:
    release = filed.recap("13.01")
    entry = FileEntry(path, "0" * 64, 1, "text/plain")
    made = dataclasses.replace(release.deliverable, files=(*release.deliverable.files, entry))
    with pytest.raises(BadRelease):
        portal.plan([dataclasses.replace(release, deliverable=made)])
    with pytest.raises(BadRelease):
        portal.plan([dataclasses.replace(release, deliverable=dataclasses.replace(made, files=(), slug="s" * 300))])
    assert not portal.root.exists()
