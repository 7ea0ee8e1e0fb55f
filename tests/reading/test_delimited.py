"""CSV as offices make it: every field is where it stands in the file, and what cannot be decoded is in doubt."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rangkiang.forms import flat, form
from rangkiang.proof import prove
from rangkiang.reading import Unreadable, read, tables

FORM = form("TPS-PPWP")
HEADER = "kecamatan;kelurahan;tps;01;02;sah;tsah"


def grid(data: bytes) -> list[list[str]]:
    table = tables(data, "text/csv")[0]
    return [[cell.text if cell else "" for cell in row] for row in table.grid()]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        tables(data, "text/csv")
    return error.value.reason.code


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "sep=;{0}", '"sep=;"{0}', "\ufeff", "\ufeffSEP=;{0}"])
@pytest.mark.parametrize("end", ["", "{0}", "{0}{0}", "{0}\x1a"])
def test_lines_and_what_stands_around_them(newline: str, start: str, end: str) -> None:
    text = f"{start}TABEL HASIL;;;{{0}}a;b, c;d;{{0}}1;'2;3.000,5;;{end}".format(newline)
    assert grid(text.encode()) == [["TABEL HASIL", "", ""], ["a", "b, c", "d"], ["1", "'2", "3.000,5"]]


def test_quoted_fields() -> None:
    data = b'a;b;c\r\n"x;y";"say ""no""";"two\r\nlines"\r\n1;2;3\r\n'
    assert grid(data) == [["a", "b", "c"], ["x;y", 'say "no"', "two\r\nlines"], ["1", "2", "3"]]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c"])
def test_only_line_ends_end_a_line(mark: str) -> None:
    assert grid(f"a;b\nx{mark}y;2\n3;4\n".encode()) == [["a", "b"], [f"x{mark}y", "2"], ["3", "4"]]


def test_decimal_commas_do_not_look_like_delimiters() -> None:
    assert grid(b"nama;luas;isi\nA;1,5;2,25\nB;3,5;4,75\n")[2] == ["B", "3,5", "4,75"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_letters_in_every_encoding(encoding: str) -> None:
    table = tables("nama;suara\nINDÉRAPURA;12\nÑ – ‘A’;7\n".encode(encoding), "text/csv")[0]
    assert [c.text for c in table.cells] == ["nama", "suara", "INDÉRAPURA", "12", "Ñ – ‘A’", "7"]
    assert {c.doubt for c in table.cells} == {""}


def test_bytes_of_another_encoding_put_their_cells_in_doubt() -> None:
    lines = f"{HEADER}\nLENGAYANG;INDÉRAPURA;1;1;2;3;0\n".encode() + b"LENGAYANG;IND\xc9RA;2;1;1\xa0200;1201;0\n"
    frame = read(lines, "text/csv", FORM, "t", "0" * 64)
    doubted = frame[frame.status == "flagged"]
    assert doubted[["row", "raw", "value"]].values.tolist() == [["IV.02", "1\xa0200", 1200]]
    assert doubted.column_label.tolist() == ["LENGAYANG / INDÉRA / TPS 2"]
    proved, findings = prove(frame, FORM, "13.01", "0" * 64)
    assert proved.status[doubted.index].tolist() == ["flagged"]
    assert [f.code for f in findings if f.code == "bytes_undecodable"] == ["bytes_undecodable"]


@pytest.mark.parametrize("field", [b"1\x81", b"1\x8d2", "12\ufffd".encode()])
def test_bytes_of_no_encoding_never_make_a_number(field: bytes) -> None:
    frame = read(f"{HEADER}\nA;B;1;1;".encode() + field + b";3;0\n", "text/csv", FORM, "t", "0" * 64)
    assert frame.status[frame.row == "IV.02"].tolist() == ["flagged"]


def test_a_broken_unit_of_utf_16_is_in_doubt() -> None:
    data = "a;b\n1;2\n".encode("utf-16-le")
    odd = b"\xff\xfe" + data.replace("2".encode("utf-16-le"), b"\x00\xd8")
    assert [c.doubt for c in tables(odd, "text/csv")[0].cells] == ["", "", "", "bytes_undecodable"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"a;b\n1;2\x003\n", "broken_file"),
        (b"a;b\n1;\x00\x00\x00\x00\x00\x00\n", "broken_file"),
        (b'a;b\n1;"2\n3;4\n5;6\n', "broken_file"),
        (b"a;b\n1;" + b"2" * 2_000_000 + b"\n", "too_large"),
        (b'a;b\n1;"' + b"2\n" * 100_000, "too_large"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_one_endless_line_is_refused_at_once() -> None:
    data = b"a;b\n" + b"1;" * 10_000_000
    began = time.process_time()
    assert refusal(data) == "too_large"
    assert time.process_time() - began < 10


def test_a_long_file_keeps_every_field() -> None:
    lines = [f"{n};TPS {n:03};{n * 7 % 1000}" for n in range(30_000)]
    cells = tables("\n".join(["no;tps;suara", *lines]).encode(), "text/csv")[0].cells
    assert len(cells) == 3 * 30_001
    assert (cells[-1].row, cells[-1].col, cells[-1].text) == (30_000, 2, str(29_999 * 7 % 1000))


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.text("ab;,\t|\"'\n\r é1", max_size=6), min_size=2, max_size=2), min_size=1, max_size=8),
    st.sampled_from(flat.DELIMITERS),
)
def test_what_is_written_comes_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    told = f"sep={delimiter}\r\n{out.getvalue()}"
    assert list(flat.records(flat.decode(told.encode()))) == rows
