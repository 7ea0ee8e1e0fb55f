"""The site as a reader meets it: every link leads somewhere, text from files stays text, nothing is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from helpers.pages import Page, dead_links, pages, targets, weight
from helpers.pages import page as page_at
from portal.sample_releases import ORIGINAL, STAGE, Filed, as_csv, tree
from rangkiang import catalogue
from rangkiang.forms import form
from rangkiang.portal import DirectoryPortal, Release, narrative, tables, texts
from rangkiang.portal.manifest import natural

Publish = Callable[..., Any]
HEAVIEST = 200_000
"""Bytes of a page with all that it loads."""


def page(portal: DirectoryPortal, path: str) -> Page:
    return page_at(portal.root / path)


@pytest.fixture
def site(portal: DirectoryPortal, releases: list[Release], publish: Publish) -> DirectoryPortal:
    publish(releases)
    return portal


def test_no_link_is_dead_and_nothing_is_there_that_no_page_leads_to(whole: DirectoryPortal) -> None:
    found = pages(whole.root)
    assert list(dead_links(whole.root, found)) == []
    assert all(len(set(html.ids)) == len(html.ids) for html in found.values())
    published = {p for p in whole.root.rglob("*") if p.is_file() and not p.name.startswith(".")}
    assert published == targets(found)


def test_every_page_has_a_sister_in_the_other_language(whole: DirectoryPortal) -> None:
    found = pages(whole.root)
    for path, html in found.items():
        lang = "en" if path.name.endswith(".en.html") else "id"
        sister = path.with_name(path.name.replace(".en.html", ".html") if lang == "en" else path.stem + ".en.html")
        assert html.all("html") == [{"lang": lang}]
        assert sister in found
        assert sister.name in html.links


def test_no_page_is_heavy(whole: DirectoryPortal) -> None:
    assert max(weight(path) for path in pages(whole.root)) < HEAVIEST


def test_english_pages_say_nothing_in_indonesian_of_their_own(whole: DirectoryPortal) -> None:
    for path in ("index.en.html", "dataset/db1-ppwp-13.74-kota-padang-panjang/index.en.html", "api.en.html"):
        html = (whole.root / path).read_text("utf-8")
        text = Page(re.sub(r' lang="id">[^<]*', ">", html)).text
        assert not re.search(r"\b(Angka|Berkas|Temuan|Jumlah|terbukti|Unduh|Kolom|Halaman)\b(?! DPT)", _own(text)), path


def _own(text: str) -> str:
    """Without what only the files say."""
    return re.sub(r".*(asli|DB1|narasi\.md|Buku kerja|Tabel rapi|\.csv|\.webp).*", "", text)


def test_pages_can_be_read_by_everybody(whole: DirectoryPortal) -> None:
    for html in pages(whole.root).values():
        assert len(html.all("h1")) == 1
        assert html.all("title")
        assert {said.get("src") for said in html.all("script")} <= {"../cari.js"}
        assert not html.all("style")
        assert all(said.get("scope") in ("col", "row") for said in _outside_narrative(html))
        assert all("alt" in said for said in html.all("img"))
        assert "#isi" in html.links
        levels = [int(tag[1]) for tag, _ in html.elements if re.fullmatch(r"h[1-6]", tag)]
        assert all(below <= above + 1 for above, below in pairwise(levels))


def _outside_narrative(html: Page) -> list[Mapping[str, str | None]]:
    """Header cells of our own tables; Markdown cannot say more of its own than that they are headers."""
    inside, found = False, []
    for tag, said in html.elements:
        inside = said.get("class") == "narasi" if tag in ("div", "section") else inside
        if tag == "th" and not inside:
            found.append(said)
    return found


def test_colours_can_be_told_apart() -> None:
    """Contrast of text and ground by WCAG 2.1, at least 4.5."""
    css = Path(texts.__file__).with_name("site").joinpath("gaya.css").read_text("utf-8")
    colours = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})", css))
    for text, ground in [
        ("tinta", "kertas"),
        ("samar", "kertas"),
        ("samar", "lembar"),
        ("samar", "baris"),
        ("taut", "kertas"),
        ("taut", "lembar"),
        ("tanda", "lembar"),
        ("tanda", "kertas"),
    ]:
        assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_totals_stand_in_ballot_order_whatever_order_the_metadata_has(site: DirectoryPortal) -> None:
    votes = catalogue.official_results()["13.01"].votes
    text = page(site, "dataset/db1-ppwp-13.01-pesisir-selatan/index.html").text
    first, second = (text.rindex(catalogue.number(votes[row])) for row in ("IV.01", "IV.02"))
    assert text.index("I.A. DATA PEMILIH") < first < second < text.index("JUMLAH SELURUH SUARA SAH")
    assert "13,82 %" in text
    assert "13.82 %" in page(site, "dataset/db1-ppwp-13.01-pesisir-selatan/index.en.html").text
    assert f"{catalogue.number(votes['IV.01'])} bertanda" in text
    assert f"{catalogue.number(votes['IV.02'])} bertanda" not in text
    assert text.count(" bertanda") >= 2
    assert "diketahui pada 14 dari 15" in text
    assert "14 dari 15 kecamatan" in text


def test_the_manifest_keeps_the_sheets_order_with_and_without_a_form(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    release = filed.recap("13.01")
    leaves = [leaf.code for leaf in form("DB1-PPWP").leaf_rows]
    for model in ("DB1-PPWP", None):
        metadata = {**release.deliverable.metadata, "form": model}
        publish([replace(release, deliverable=replace(release.deliverable, metadata=metadata))])
        path = portal.root / "dataset" / release.deliverable.slug / "dataset.json"
        assert [line["row"] for line in json.loads(path.read_text("utf-8"))["totals"]] == leaves
        text = page(portal, f"dataset/{release.deliverable.slug}/index.html").text
        assert text.index("Jumlah pemilih dalam DPT ") < text.index("JUMLAH SUARA TIDAK SAH")


def test_text_from_files_stays_text(site: DirectoryPortal) -> None:
    folder = site.root / "dataset/db1-ppwp-13.01-pesisir-selatan"
    html = (folder / "index.html").read_text("utf-8")
    assert "<script" not in html
    assert "<script" not in (folder / "narasi.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in (folder / "narasi.html").read_text("utf-8")
    assert "Tidak ada kolom untuk &lt;X&gt; &amp; Y." in html
    assert "v1/asli/DB1%20PPWP%20%E2%84%961%20%28salinan%29%20%232%20100%25.pdf" in html


def test_hostile_metadata_stays_text(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    release = filed.recap("13.01")
    bad = "<img src=x onerror=alert(1)>\"'&"
    metadata = {**release.deliverable.metadata, "title": bad, "description": bad, "unit_kerja": bad}
    publish([replace(release, deliverable=replace(release.deliverable, metadata=metadata))])
    for html in pages(portal.root).values():
        assert all(said.get("src", "").endswith("rangkiang.svg") for said in html.all("img"))  # type: ignore[union-attr]


def test_a_dataset_without_a_form_and_almost_without_metadata_renders(site: DirectoryPortal) -> None:
    html = page(site, "dataset/rekonsiliasi-pl.01.8/index.html")
    assert "Rekonsiliasi antartingkat" in html.text
    assert "10 baris pertama dari 19 baris" in html.text
    assert "KPU Provinsi Sumatera Barat" in html.text
    assert "temuan" not in html.ids  # nobody looked for findings: the page must not say that there are none
    assert "jumlah" not in html.ids


def test_a_dataset_without_any_metadata_renders(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    release = filed.recap("13.01")
    publish([replace(release, deliverable=replace(release.deliverable, metadata={}))])
    assert "Pesisir Selatan" in page(portal, "dataset/db1-ppwp-13.01-pesisir-selatan/index.html").text


def test_the_index_shows_every_office_and_the_province(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    regencies = [o.code for o in catalogue.offices()[1:]]
    everything = [*(filed.recap(code) for code in regencies), filed.recap("13", "DC1-PPWP")]
    publish(everything[5:])
    text = page(portal, "index.html").text
    assert "Baru 14 dari 19 kabupaten/kota" in text
    assert all(office.short_name in text for office in catalogue.offices())
    publish(everything)
    text = page(portal, "index.html").text
    assert "Jumlah dari 19 kabupaten/kota sama dengan angka provinsi." in text
    assert "407.761 bertanda" in text  # a printed total in doubt is marked wherever it stands
    assert text.count("407.761") == text.count("2.488.733") == 3  # DC1, sum of DB1, foot of the regencies' table


def test_a_province_that_differs_from_its_regencies_says_so(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    everything = [*(filed.recap(o.code) for o in catalogue.offices()[1:]), filed.recap("13", "DC1-PPWP")]
    province = everything[-1].deliverable
    wrong = {**province.metadata, "totals": {**province.metadata["totals"], "IV.01": 407_760}}
    everything[-1] = replace(everything[-1], deliverable=replace(province, metadata=wrong))
    publish(everything)
    assert "berbeda dengan angka provinsi" in page(portal, "index.html").text


def test_the_machine_readable_list_leads_to_every_file(site: DirectoryPortal, filed: Filed) -> None:
    listed = json.loads((site.root / "datasets.json").read_text("utf-8"))["datasets"]
    assert [entry["office"] for entry in listed] == ["13", "13", "13.01", "13.71"]
    for entry in listed:
        said = json.loads((site.root / entry["manifest"]).read_text("utf-8"))
        for file in said["files"]:
            there = (site.root / entry["manifest"]).parent / "v1" / file["path"]
            assert there.stat().st_size == file["size"]


def test_the_same_releases_give_the_same_bytes_in_any_order(
    tmp_path: Path, filed: Filed, releases: list[Release]
) -> None:
    one, other = DirectoryPortal(tmp_path / "a"), DirectoryPortal(tmp_path / "b")
    one.apply(one.plan(releases, STAGE), filed.fetch)
    for release in reversed(releases):
        made = release.deliverable
        shuffled = replace(made, metadata=dict(reversed(list(made.metadata.items()))))
        other.apply(other.plan([replace(release, deliverable=shuffled)]), filed.fetch)
    assert tree(one.root) == tree(other.root)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/x", "v1/../../x", "/etc/passwd", "data:,x"])
def test_links_of_a_narrative_that_lead_out_or_nowhere_become_text(url: str) -> None:
    html = str(narrative.render(f"[tekan]({url}) ![gambar]({url})", ["narasi.md"]))
    assert "href" not in html
    assert "src" not in html
    assert "tekan" in html


def test_a_narrative_keeps_its_good_links_and_its_headings_below_the_pages() -> None:
    html = str(
        narrative.render(
            f"# Judul\n## Isi\n[a](temuan.csv) [b](https://kpu.go.id) ![c](gb%201.png)\n\n{ORIGINAL}",
            ["temuan.csv", "gb 1.png"],
            "Judul",
            "v1/",
        )
    )
    assert "Judul" not in html
    assert "<h2>Isi</h2>" in html
    assert 'href="v1/temuan.csv"' in html
    assert 'href="https://kpu.go.id"' in html
    assert 'src="v1/gb%201.png"' in html


def test_row_codes_sort_as_on_the_sheet() -> None:
    codes = ["I.A.10.JML", "I.A.2.P", "I.A.2.L", "I.A.2.JML", "IV.2.T", "I.A.10.L"]
    assert sorted(codes, key=natural) == ["I.A.2.L", "I.A.2.P", "I.A.2.JML", "I.A.10.L", "I.A.10.JML", "IV.2.T"]


CHOICE = {"severity": "Bobot", "sentence_id": "Uraian", "area_name": "Wilayah", "document": "Dokumen"}


def test_a_table_is_shown_with_the_columns_that_people_read() -> None:
    data = b"id,severity,area_code,n,sentence_id\n1,error,13.01,1200,Uraian\n2,info,13.02,,\n3,info,13.03,7,\n"
    shown = tables.head(data, 2, CHOICE)
    assert shown is not None
    assert (shown.header, shown.rows, shown.cut) == (("Bobot", "Uraian"), 3, True)
    assert [c.text for c in shown.lines[0]] == ["kesalahan", "Uraian"]
    whole = tables.head(data, 9, {})
    assert whole is not None
    assert [c.text for c in whole.lines[0]] == ["1", "kesalahan", "13.01", "1.200", "Uraian"]
    assert whole.numeric == (True, False, False, True, False)
    assert tables.head(b"only,a,header\n", 5, {}) is None


def test_numbers_and_sizes_are_written_as_in_indonesian() -> None:
    assert (texts.number(1234567), texts.number(None), texts.percent(86.178)) == ("1.234.567", "–", "86,18 %")
    assert [texts.size(n) for n in (0, 999, 1000, 12345, 4_000_000)] == [
        "0 bita",
        "999 bita",
        "1,0 kB",
        "12,3 kB",
        "4,0 MB",
    ]


def test_what_an_office_owes_is_named_where_it_is_not_there(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    publish([filed.recap("13.01")])
    index = Page((portal.root / "index.html").read_text("utf-8"))
    rows = dict(re.findall(r"(Pesisir Selatan|Sumatera Barat) \d+(?:\.\d+)?\s+([^\n]+)\n", index.text))
    assert "DB1-PPWP 14/15" in rows["Pesisir Selatan"]
    assert "DA1-PPWP belum ada" in rows["Pesisir Selatan"]
    assert "DC1-PPWP belum ada" in rows["Sumatera Barat"]
    office = Page((portal.root / f"kantor/{catalogue.office('13.01').slug}/index.html").read_text("utf-8"))
    assert "Belum ada: DA1-PPWP." in office.text


def test_many_originals_are_folded_and_every_file_is_still_linked(
    portal: DirectoryPortal, filed: Filed, publish: Publish
) -> None:
    release = filed.recap("13.01")
    many = {f"asli/lembar {n}.pdf": b"%PDF" + bytes([n]) for n in range(5)}
    contents = {f.path: filed.fetch(release.source_prefix + f.path) for f in release.deliverable.files}
    release = filed.file(release.deliverable, contents | many)
    publish([release])
    page = Page((portal.root / f"dataset/{release.deliverable.slug}/index.html").read_text("utf-8"))
    assert {f"v1/{texts.href(f.path)}" for f in release.deliverable.files} <= set(page.links)
    assert "6 berkas asli" in page.text
    assert "Arti kode baris" in page.text


def test_a_page_shows_its_versions_and_what_changed(whole: DirectoryPortal, scanned: Release) -> None:
    folder = f"dataset/{scanned.deliverable.slug}"
    html = page(whole, f"{folder}/index.html")
    assert {"v1.html", "v2.html", "perubahan.csv"} <= set(html.links)
    assert "terbit 2019-05-02" in html.text
    assert "berkas <baru>" in html.text
    assert {f"v1/{scanned.deliverable.slug}.csv"} <= set(page(whole, f"{folder}/v1.html").links)
    assert "Ini versi lama" in page(whole, f"{folder}/v1.html").text


def test_the_feed_names_what_was_released_and_when(whole: DirectoryPortal, scanned: Release) -> None:
    feed = ElementTree.fromstring((whole.root / "umpan.xml").read_bytes())  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    (entry,) = feed.findall(f"{atom}entry")
    assert entry.findtext(f"{atom}updated") == "2019-05-02T00:00:00+07:00"
    link = entry.find(f"{atom}link")
    assert link is not None
    assert (whole.root / link.attrib["href"]).is_file()


def test_the_map_says_of_every_regency_how_much_is_there(whole: DirectoryPortal) -> None:
    text = " ".join(page(whole, "index.html").text.replace("\N{SOFT HYPHEN}", "").split())
    for office in catalogue.offices()[1:]:
        assert re.search(rf"{office.short_name} [●◐○] \d/\d\d? dari \d dataset", text), office
    assert "Pesisir Selatan ◐ 1/" in text
    assert "Agam ○ 0/" in text
    assert "2angka bertanda" not in text


def test_long_tables_go_on_on_pages_of_their_own(portal: DirectoryPortal, filed: Filed, publish: Publish) -> None:
    lines = [["id", "severity", "area_name", "document", "sentence_id", "sentence_en", "cells"]]
    lines += [[str(n), "error", "A", "B.pdf", f"Temuan ke-{n}.", f"Finding {n}.", "[]"] for n in range(1, 401)]
    publish([filed.recap("13.01", temuan=as_csv(lines))])
    folder = "dataset/db1-ppwp-13.01-pesisir-selatan"
    assert "temuan-1.html" in page(portal, f"{folder}/index.html").links
    assert "Temuan ke-31." not in page(portal, f"{folder}/index.html").text
    whole = "".join(page(portal, f"{folder}/temuan-{n}.html").text for n in (1, 2, 3))
    assert all(f"Temuan ke-{n}." in whole for n in range(1, 401))
    assert "Finding 400." in page(portal, f"{folder}/temuan-3.en.html").text
    publish([filed.recap("13.01")])
    assert not list((portal.root / folder).glob("temuan-*"))
    assert portal.plan([filed.recap("13.01")]).empty
