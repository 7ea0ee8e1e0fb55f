"""Tables of no known form, proved by the sums that they show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rangkiang.model import Cell, Guess, Status, Table
from rangkiang.proof import prove_table
from rangkiang.proof.sums import runs
from rangkiang.proof.tables import DOUBT

SURE = 0.9999


def votes(rows: int = 8, columns: int = 5, seed: int = 1) -> np.ndarray:
    """Random votes with a total below and a total at the right."""
    inner = np.random.default_rng(seed).integers(3, 400, (rows, columns))
    below = np.vstack([inner, inner.sum(axis=0)])
    return np.hstack([below, below.sum(axis=1, keepdims=True)])


def table(values: np.ndarray, p: float = SURE) -> Table:
    cells = [
        Cell(r, c + 1, str(n), guesses=(Guess(str(n), int(n), p),))
        for r, row in enumerate(values)
        for c, n in enumerate(row)
    ]
    return Table(1, "scan", (*(Cell(r, 0, f"TPS {r}") for r in range(len(values))), *cells))


def seen_as(found: Table, row: int, column: int, *guesses: tuple[int, float]) -> Table:
    """The same table, one cell read otherwise."""
    said = tuple(Guess(str(value), value, p) for value, p in guesses)
    cells = (replace(c, text=said[0].text, guesses=said) if (c.row, c.col) == (row, column) else c for c in found.cells)
    return replace(found, cells=tuple(cells))


def at(found: Table, row: int, column: int) -> Cell:
    return next(cell for cell in found.cells if (cell.row, cell.col) == (row, column))


def statuses(found: Table) -> set[Status | None]:
    return {cell.status for cell in found.cells if cell.guesses}


def named(values: np.ndarray, labels: list[str] | None = None) -> list[tuple[int, tuple[int, ...]]]:
    everywhere = np.ones_like(values, dtype=bool)
    found = runs(values.astype(np.int64), everywhere, everywhere, labels or [""] * len(values))
    return [(run.total, run.parts) for run in found]


def test_totals_and_totals_of_totals_are_found() -> None:
    one, two = votes(4)[:, :5], votes(6, seed=2)[:, :5]
    whole = np.vstack([one, two, one[-1] + two[-1]])
    assert named(whole) == [(4, (0, 1, 2, 3)), (11, (5, 6, 7, 8, 9, 10)), (12, (4, 11))]


def test_lines_of_one_name_add_up_across_blocks() -> None:
    blocks = np.random.default_rng(3).integers(3, 400, (6, 2, 5))
    whole = np.vstack([*blocks, blocks.sum(axis=0)])
    labels = ["NORMAL", "EARLY"] * 7
    assert named(whole, labels) == [(12, (0, 2, 4, 6, 8, 10)), (13, (1, 3, 5, 7, 9, 11))]


def test_numbers_without_sums_show_none() -> None:
    for seed in range(40):
        numbers = np.random.default_rng(seed).integers(0, 30, (25, 6))
        assert named(numbers) == [], seed
        assert named(numbers.T) == [], seed


def test_two_coincidences_are_no_sum() -> None:
    values = np.random.default_rng(5).integers(100, 400, (3, 9))
    values[2, :2] = values[0, :2] + values[1, :2]
    assert named(values) == []


def test_every_figure_of_a_table_that_adds_up_is_proved() -> None:
    found = prove_table(table(votes()))
    assert statuses(found) == {Status.PROVED}
    assert [(one.down, one.total, one.fails) for one in found.sums] == [(True, 8, ()), (False, 6, ())]


def test_two_sums_overrule_a_bad_reading_and_say_so() -> None:
    values = votes()
    right = int(values[2, 3])
    cell = at(prove_table(seen_as(table(values), 2, 4, (right + 50, 0.6), (right, 0.35))), 2, 4)
    assert (cell.status, cell.text, cell.other) == (Status.PROVED, str(right), str(right + 50))


def test_one_sum_alone_overrules_nothing() -> None:
    values = votes()[:, :5]
    right = int(values[2, 3])
    cell = at(prove_table(seen_as(table(values), 2, 4, (right + 50, 0.6), (right, 0.35))), 2, 4)
    assert (cell.status, cell.text, cell.doubt) == (Status.FLAGGED, str(right + 50), DOUBT)


def test_what_is_wrong_on_the_paper_stays_as_it_is_printed_and_is_flagged() -> None:
    values = votes()
    values[8, 2] += 10
    found = prove_table(table(values))
    cell = at(found, 8, 3)
    assert (cell.status, cell.text) == (Status.FLAGGED, str(values[8, 2]))
    assert {one.fails for one in found.sums} == {(3,), (8,)}
    assert at(found, 1, 1).status is Status.PROVED


def test_without_sums_what_is_clear_is_read_and_the_rest_flagged() -> None:
    values = np.random.default_rng(7).integers(0, 400, (6, 4))
    found = prove_table(seen_as(table(values), 1, 2, (17, 0.98)))
    assert at(found, 1, 2).status is Status.FLAGGED
    assert at(found, 3, 2).status is Status.READ


def test_where_most_is_doubtful_nothing_is_read_without_arithmetic() -> None:
    values = np.random.default_rng(7).integers(0, 400, (6, 4))
    found = prove_table(seen_as(table(values, 0.97), 1, 2, (17, SURE)))
    assert statuses(found) == {Status.FLAGGED}


def test_a_sum_with_a_number_that_cannot_be_read_says_nothing() -> None:
    found = prove_table(seen_as(table(votes()[:, :5]), 4, 2, (1, 0.001)))
    assert at(found, 4, 2).status is Status.FLAGGED
    assert at(found, 3, 2).status is Status.READ
    assert at(found, 4, 3).status is Status.PROVED
