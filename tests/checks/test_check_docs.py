"""Data Docs: one page per document, readable from a disk, the same every time."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from helpers.sheets import put, sheet
from rangkiang.checks import build_docs, check
from rangkiang.forms import form

DB1 = form("DB1-PPWP")
MARKUP = "<script>alert(1)</script>"


def result(broken: bool = False) -> dict[str, Any]:
    figures = sheet(DB1, [("unit", "A", 1), ("unit", "B", 1), ("total", "JUMLAH AKHIR", 2)])
    outcome = check(DB1, put(figures, "V.B", "A", -7) if broken else figures, "DB1.pdf")
    kept: dict[str, Any] = json.loads(json.dumps(outcome.result))
    return kept


def test_the_index_leads_to_every_document_and_each_page_says_what_failed(tmp_path: Path) -> None:
    index = build_docs({"13.05/DB1.pdf": result(broken=True), "13.06/DB1.pdf": result()}, tmp_path)
    links = re.findall(r'href="([^"]+)"', index.read_text("utf-8"))
    assert len(links) == 2
    broken, right = ((tmp_path / link).read_text("utf-8") for link in links)
    assert "Angka terkecil: antara 0 dan 10.000.000" in broken
    assert "A: -7" in broken
    assert "Semua pemeriksaan lolos." in right
    assert "values must be of type" in right  # Great Expectations' own words for each of them


def test_no_page_asks_the_network_or_runs_what_a_document_says(tmp_path: Path) -> None:
    figures = sheet(DB1, [("unit", MARKUP, 1), ("unit", MARKUP, 1), ("total", "JUMLAH AKHIR", 2)])
    build_docs({f"13.05/{MARKUP}.pdf": check(DB1, figures, "DB1.pdf").result}, tmp_path)
    for page in tmp_path.rglob("*.html"):
        text = page.read_text("utf-8")
        assert not re.search(r"https?://|<script|<link|<img|url\(", text)
        assert "&lt;script&gt;alert(1)" in text


def test_the_same_results_give_the_same_bytes_and_pages_of_old_results_go(tmp_path: Path) -> None:
    both = {"13.05/DB1.pdf": result(broken=True), "13.06/DB1.pdf": result()}
    for folder in ("one", "two"):
        build_docs(both, tmp_path / folder)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).rglob("*.html")} for f in ("one", "two"))
    assert one == two
    build_docs({"13.06/DB1.pdf": both["13.06/DB1.pdf"]}, tmp_path / "two")
    assert {p.name for p in (tmp_path / "two" / "validations").iterdir()} < set(two)


def test_only_pages_of_new_results_are_made(tmp_path: Path) -> None:
    def pages() -> dict[str, int]:
        return {page.name: page.stat().st_ino for page in (tmp_path / "validations").iterdir()}

    build_docs({"13.05/DB1.pdf": result(), "13.06/DB1.pdf": result()}, tmp_path)
    before = pages()
    build_docs({"13.05/DB1.pdf": result(broken=True), "13.06/DB1.pdf": result()}, tmp_path)
    after = pages()
    assert len(after) == len(before) == 2
    assert len(before.items() & after.items()) == 1
    assert "-7" in "".join(page.read_text("utf-8") for page in (tmp_path / "validations").iterdir())


def test_sixty_documents_are_built_in_well_under_twenty_seconds(tmp_path: Path) -> None:
    kept = result(broken=True)
    start = time.process_time()
    build_docs({f"13.05/{n}.pdf": kept for n in range(60)}, tmp_path)
    assert time.process_time() - start < 15
