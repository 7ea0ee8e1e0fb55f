"""Documents are put into tasks by how long they take: a task is neither gone in a moment nor without end."""

from __future__ import annotations

from rangkiang.model import Classification, Document, State
from rangkiang.steps.batching import MOST, batches, seconds

PDF = "application/pdf"


def document(n: int, pages: int = 1, bytes_of_a_page: int = 9_000, media_type: str = PDF) -> Document:
    said = Classification("DA1-PPWP", "DA1-PPWP", "PL.01.8", "PPWP-2019", "13.06.01", "MATUR", pages)
    key, size = f"inbox/{n}.pdf", bytes_of_a_page * pages
    return Document("13.06", f"{n:064x}", key, size, media_type, State.ACCEPTED, None, said)


def test_a_scan_takes_longer_than_what_was_printed_from_a_program() -> None:
    printed, scanned, photo = document(0, 2), document(1, 2, 300_000), document(2, 1, 300_000, "image/jpeg")
    assert seconds(scanned) > 10 * seconds(printed)
    assert seconds(photo) > 5 * seconds(printed)
    assert len(batches([printed] * 200, 60)) == 1
    assert len(batches([scanned] * 200, 60)) > 10


def test_every_document_is_in_one_batch_and_in_its_order() -> None:
    some = [document(n, 1 + n % 7, 9_000 if n % 3 else 100_000) for n in range(500)]
    found = batches(some, 60)
    assert [sha256 for batch in found for sha256 in batch] == [d.sha256 for d in some]
    weighs = {d.sha256: seconds(d) for d in some}
    assert all(len(batch) == 1 or sum(weighs[s] for s in batch) <= 60 for batch in found)


def test_a_document_that_takes_longer_than_a_batch_goes_alone() -> None:
    thick = document(1, 500, 200_000)
    assert batches([document(0), thick, document(2)], 60) == [[f"{n:064x}"] for n in range(3)]


def test_there_are_never_more_batches_than_airflow_can_map() -> None:
    found = batches([document(n, 2, 300_000) for n in range(30_000)], 60)
    assert len(found) <= MOST
    assert sum(map(len, found)) == 30_000


def test_nothing_to_read_is_no_batch() -> None:
    assert batches([], 60) == []
