"""No spreadsheet runs what a file says: not in a CSV, not in a workbook, whatever the names and cells are."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from deliver.conftest import flat_case, votes_case
from rangkiang.deliver import Built
from rangkiang.deliver.reconciliation import build_reconciliation
from rangkiang.forms import form
from rangkiang.harmless import escape, to_csv, unescape
from rangkiang.proof.levels import Agreement

OURS = re.compile(r"(SUM|SUBTOTAL)\((109,)?[A-Z]+\d+(:[A-Z]+\d+)?(,[A-Z]+\d+(:[A-Z]+\d+)?)*\)")
EVIL = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "x;=1+1",
    "a\t@b",
    "'=1",
    "\uff1d1",
    ";;=1",
    "-\rx",
    "x;-\ty",
]

# Each example is a whole folder: no minutes are to be spent on making a failing one smaller.
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
evil = st.builds(
    lambda start, rest: start + rest, st.sampled_from([*EVIL, "=", "+", "-", "@", "\t", "\r", ";="]), texts
)


def runs(cell: str) -> bool:
    """Would a spreadsheet calculate it? Numbers and dashes it may have; this knows nothing of how we escape."""
    if re.fullmatch(r"[+-]?[0-9][0-9.,]*\s*|-+\s*", cell):
        return False
    return cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")) or cell[:1] in (
        "\t",
        "\r",
    )


def cells(data: bytes) -> Iterator[str]:
    """Every cell of a CSV, read with commas, and again as a spreadsheet set to Indonesian cuts it up."""
    text = data.decode()
    for line in csv.reader(io.StringIO(text, newline="")):
        for cell in line:
            yield cell
            yield from re.split(r"[;\t\r\n]", cell)


def formulas(data: bytes) -> list[str]:
    """Every formula of a workbook, wherever it stands in its XML."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    return [found for sheet in sheets for found in re.findall(r"<f[^>]*>([^<]*)</f>", sheet)]


def assert_harmless(built: Built) -> None:
    tables = [data for path, data in built.contents.items() if path.endswith(".csv") and "/" not in path]
    assert tables
    assert not [cell for data in tables for cell in cells(data) if runs(cell)]
    books = [data for path, data in built.contents.items() if path.endswith(".xlsx") and "/" not in path]
    assert [f for data in books for f in formulas(data) if not OURS.fullmatch(f)] == []


@pytest.mark.parametrize("text", [t for t in EVIL if t[0] not in "\n\r\t"] + ["+62 812", " =1", "'", "-x", "- 1+1"])
def test_what_would_be_calculated_gets_an_apostrophe_that_can_be_taken_off(text: str) -> None:
    assert escape(text) != text
    assert not [part for part in re.split("[;\t\r\n]", escape(text)) if runs(part)]
    assert unescape(escape(text)) == text


@pytest.mark.parametrize(
    "text", ["", "-", "--", "-5", "+5", "1.234", "-1.234,5", "PANCUNG SOAL", "2 X 11", "a=b", "a;b"]
)
def test_numbers_dashes_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert escape(text) == text


@given(st.one_of(texts, evil))
def test_any_text_comes_back_and_no_part_of_it_runs(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert not [part for part in re.split("[;\t\r\n]", escaped) if runs(part)]


@given(st.lists(st.tuples(evil, texts, st.integers(-9, 9)), min_size=1, max_size=5), evil)
@example([("a\rb", "x", -1)], "=h")
def test_any_table_is_harmless_and_comes_back(lines: Sequence[tuple[str, str, int]], heading: str) -> None:
    table = pd.DataFrame(lines, columns=[heading, "text", "number"]).astype({heading: "string", "number": "Int64"})
    data = to_csv(table)
    header, *read = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert [unescape(name) for name in header] == [heading, "text", "number"]
    assert [(unescape(a), unescape(b), int(n)) for a, b, n in read] == [tuple(line) for line in lines]
    assert not [cell for line in [header, *read] for cell in line if runs(cell)]


def test_what_cannot_be_written_is_written_as_a_question_mark() -> None:
    assert to_csv(pd.DataFrame({"file": ["rekap\udce9.pdf"]}, dtype=object)) == b"file\nrekap?.pdf\n"


@FEW
@given(evil, evil, evil)
@example('=HYPERLINK("http://x")', "@a", "-1+1")
def test_nothing_on_a_sheet_becomes_a_formula(name: str, raw: str, label: str) -> None:
    columns = [("unit", label, 1), ("total", "=TOTAL", 1)]
    options = {"candidates": (1,), "names": {"IV.1.1": name, "IV.21": name}, "raw": raw, "name": name.replace("/", "|")}
    for model, dapil in (("DB1-DPR", label.strip()), ("DB1-DPD", "")):
        assert_harmless(votes_case(model, "13.74", [("13.74", dapil)], columns, **options).build(notice=raw))


@FEW
@given(evil, evil)
def test_nothing_in_a_table_becomes_a_formula(name: str, raw: str) -> None:
    lines = [(name, name[::-1], "1", {"IV.01": None, "IV.02": 2, "V.A": 3, "V.B": 1})]
    assert_harmless(flat_case("13.74", lines, raw=raw).build())


def test_findings_and_comparisons_quote_harmlessly() -> None:
    case = votes_case("DB1-DPR", "13.74", [("13.74", "=I")], [("unit", "=A", 1), ("total", "=T", 5)], name="=x.pdf")
    assert case.members[0].findings
    assert_harmless(case.build())
    line = Agreement("kecamatan", "13.74.01", "=A", "=1", "V.A", "=U", "a" * 64, 1, "@L", "b" * 64, 2, "printed_error")
    line = line.explained("=d", "=siti", "=sudah")
    assert_harmless(build_reconciliation("13", form("DB1-DPR").stage, [line]))
