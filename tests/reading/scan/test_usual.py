"""How a document writes what is not there says what a speck is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rangkiang.model import Cell, Guess, Table
from rangkiang.reading.scan.usual import usual

DASH, EMPTY, NUMBER = Guess("-", 0, 0.98), Guess("", None, 0.98), Guess("1.204", 1204, 0.98)
SPECK = (Guess("", None, 0.6), Guess("-", 0, 0.35))


def weighed(cells: Sequence[tuple[Guess, ...]]) -> list[Cell]:
    """The cells of a document of two pages."""
    half = len(cells) // 2
    pages = [cells[:half], cells[half:]]
    tables = [
        Table(page, "scan", tuple(Cell(n, 0, of[0].text if of else "?", guesses=of) for n, of in enumerate(some)))
        for page, some in enumerate(pages, 1)
    ]
    return [cell for table in usual(tables, lambda *_: True) for cell in table.cells]


def test_where_nothing_is_a_dash_on_every_page_a_speck_is_one_too() -> None:
    *_, speck = weighed([*[(NUMBER,)] * 60, *[(DASH,)] * 40, SPECK])
    assert speck.text == "-"
    assert speck.confidence == speck.guesses[0].p > 0.95


def test_where_nothing_is_an_empty_cell_a_speck_is_none() -> None:
    *_, speck = weighed([*[(NUMBER,)] * 60, *[(EMPTY,)] * 40, SPECK])
    assert speck.text == ""
    assert speck.guesses[1].p < 0.01


def test_who_fills_every_cell_leaves_none_empty() -> None:
    *_, pale = weighed([*[(NUMBER,)] * 200, (Guess("", None, 0.5), Guess("1", 1, 0.48))])
    assert (pale.text, pale.guesses[0].value) == ("1", 1)


def test_what_is_clearly_read_stays_whatever_is_usual() -> None:
    first, *_ = weighed([(DASH,), *[(EMPTY,)] * 50, *[(NUMBER,)] * 50])
    assert first.text == "-"


def test_a_document_of_few_cells_changes_little() -> None:
    seven = (Guess("7", 7, 0.9), Guess("", None, 0.08))
    few, many = ([*[(EMPTY,)] * count, seven] for count in (1, 100))
    assert weighed(few)[-1].confidence == pytest.approx(0.9, abs=0.1)
    assert weighed(many)[-1].text == ""


def test_probabilities_stay_probabilities_in_order() -> None:
    unread: tuple[Guess, ...] = ()
    for cell in weighed([*[(NUMBER,)] * 9, *[(DASH,)] * 9, *[SPECK] * 9, (Guess("X20", 20, 0.7), NUMBER), unread]):
        chances = [guess.p for guess in cell.guesses]
        assert all(0 <= p <= 1 for p in chances)
        assert sum(chances) <= 1 + 1e-9
        assert chances == sorted(chances, reverse=True)
        assert not chances or (cell.text, cell.confidence) == (cell.guesses[0].text, chances[0])


def test_words_are_not_weighed() -> None:
    label = Cell(0, 0, "Jumlah pemilih dalam DPT", confidence=0.5, guesses=(Guess("1", 1, 0.9),))
    numbers = [Cell(n, 1, "-", guesses=(DASH,)) for n in range(20)]
    (table,) = usual([Table(1, "scan", (label, *numbers))], lambda _, cell: cell.col == 1)
    assert table.cells[0] == label
