"""What the change log says of a release, and that it says each thing once."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from rangkiang.proposals import (
    Cause,
    CellChange,
    DatasetChange,
    DocumentChange,
    Kind,
    Proposal,
    Ruled,
    dump_lines,
    lines,
    load_lines,
    log,
)
from rangkiang.proposals.records import FileChange

A, B, C = "a" * 64, "b" * 64, "c" * 64
KINDS: list[tuple[Kind, str, str]] = [
    ("added", "first", "first"),
    ("added", "again", "again"),
    ("withdrawn", "removed", "withdrawn"),
]
DECISION = Ruled("correct", "siti", "2026-11-01 08:00 UTC", "lihat kertasnya", "budi")


def cell(sha256: str, was: str, now: str, *causes: Cause) -> CellChange:
    return CellChange(sha256, "PADANG", "TPS 1", "IV.01", "Paslon 01", was, now, "flagged", "proved", causes)


def told(
    *,
    kind: Kind = "changed",
    causes: Sequence[Cause] = (Cause("anew"),),
    documents: Sequence[DocumentChange] = (),
    files: Sequence[FileChange] = (),
    cells: Sequence[CellChange] = (),
) -> list[dict[str, str]]:
    dataset = DatasetChange(
        kind, "x", "13", "DB1-PPWP", {}, {}, tuple(causes), tuple(documents), 0, tuple(files), 0, tuple(cells)
    )
    found = lines(Proposal("PL.01.8", 2, "d" * 64, (dataset,), {"K1": DECISION}), dataset)
    assert load_lines(dump_lines(found)) == found
    return list(csv.DictReader(io.StringIO(log([(2, "2026-11-03", found)]).decode())))


def test_a_first_version_is_one_line_and_so_is_one_that_goes_or_comes_back() -> None:
    many = [DocumentChange("added", sha, "a.pdf", "PADANG", ()) for sha in (A, B, C)]
    for kind, code, said in KINDS:
        assert [line["kind"] for line in told(kind=kind, causes=[Cause(code)], documents=many)] == [said]


def test_a_figure_says_what_it_was_and_who_decided_what_it_is() -> None:
    (line,) = told(cells=[cell(A, "10", "12", Cause("decision", {"decision": "K1"}))])
    assert line == {
        "version": "2", "day": "2026-11-03", "kind": "figure", "area": "PADANG", "place": "TPS 1", "row": "IV.01",
        "row_label": "Paslon 01", "was": "10", "now": "12", "was_status": "flagged", "now_status": "proved",
        "why": "bacaan dibetulkan: lihat kertasnya", "decision": "K1", "decided_by": "siti; dibenarkan oleh budi",
    }  # fmt: skip
    assert [line["kind"] for line in told(cells=[cell(A, "10", "10", Cause("anew"))])] == ["status"]


def test_a_document_stands_for_the_figures_that_it_brings_or_takes_and_figures_for_one_that_changed() -> None:
    documents = [
        DocumentChange("added", A, "baru.pdf", "PADANG", (Cause("arrived"),)),
        DocumentChange("withdrawn", B, "lama.pdf", "SOLOK", (Cause("removed"),)),
        DocumentChange("changed", C, "ganti.pdf", "AGAM", (Cause("replaced", {"was": "x.pdf", "now": "ganti.pdf"}),)),
    ]
    cells = [cell(A, "", "12"), cell(B, "10", ""), cell(C, "10", "11")]
    files = [FileChange("added", "asli/baru.pdf", "Dokumen asli", 1), FileChange("changed", "x.csv", "Tabel", 1)]
    found = [(line["kind"], line["place"]) for line in told(documents=documents, cells=cells, files=files)]
    assert found == [("document_added", "baru.pdf"), ("document_withdrawn", "lama.pdf"), ("figure", "TPS 1")]
    (alone,) = told(documents=documents[2:])
    assert (alone["kind"], alone["why"]) == ("document_changed", "berkas diganti: ganti.pdf menggantikan x.pdf")


def test_files_are_told_where_they_are_new_or_gone_and_where_nothing_else_changed_one_line_says_so() -> None:
    changed = FileChange("changed", "narasi.md", "Narasi", 1)
    assert [
        (line["kind"], line["place"]) for line in told(files=[changed, FileChange("added", "x.docx", "Narasi", 1)])
    ] == [("file_added", "x.docx")]
    (line,) = told(files=[changed])
    assert (line["kind"], line["why"]) == ("anew", "dibaca, dibuktikan, atau disusun ulang tanpa keputusan baru")


def test_no_spreadsheet_runs_what_somebody_wrote() -> None:
    (line,) = told(documents=[DocumentChange("changed", A, '=HYPERLINK("x")', "PADANG", (Cause("anew"),))])
    assert line["place"] == '\'=HYPERLINK("x")'
