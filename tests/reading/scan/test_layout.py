"""Pages of one sheet are ruled alike: what one has lost stands where the page before has it."""

from __future__ import annotations

import numpy as np
import pytest

from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.layout import Layout, fitting, upside_down
from rangkiang.scans.leaf import Floats, Grey, Lattice, Leaf

EDGES = np.array([0.0, 0.05, 0.4, 0.45, 0.56, 0.67, 0.78, 0.89, 1.0])
LAYOUT = Layout(3, EDGES)
PAPER: Grey = np.full((400, 1000), 255, np.uint8)
ROWS = 10
SECTION = 4
"""A row whose title goes over all columns."""


def page(edges: Floats) -> Drawn:
    """A table with lines at these shares of its width, drawn in every row of figures."""
    corners = np.stack(np.meshgrid(1000 * edges, 40.0 * np.arange(ROWS + 1)), axis=-1)
    before = np.ones((ROWS, len(edges)), dtype=bool)
    before[SECTION, 1:-1] = False
    return Drawn(
        Leaf(1, PAPER, PAPER, np.eye(3), 2.0), Lattice(corners, np.ones((ROWS + 1, len(edges) - 1), bool), before)
    )


@pytest.mark.parametrize("lost", [{4}, {6}, {4, 6}, {1}, {1, 5}])
def test_lines_between_figures_that_are_lost_are_drawn_beside_figures(lost: set[int]) -> None:
    found = LAYOUT.completed(page(np.delete(EDGES, list(lost))))
    assert found.edges == pytest.approx(EDGES)
    assert LAYOUT.like(found)
    assert found.lattice.before[:, sorted(lost)].all(axis=1).tolist() == [row != SECTION for row in range(ROWS)]
    assert [quad.region for quad in found.quads if quad.region[0] == SECTION] == [(SECTION, 0, SECTION + 1, 8)]


def test_a_line_that_is_hardly_drawn_is_drawn_in_every_row() -> None:
    hidden = page(EDGES)
    hidden.lattice.before[1:, 5] = False
    assert LAYOUT.completed(hidden).lattice.before[SECTION + 1 :, 5].all()


@pytest.mark.parametrize("edges", [EDGES, np.delete(EDGES, [4, 6, 7]), np.append(EDGES[:6], [0.74, 1.0]), EDGES**1.2])
def test_a_table_that_may_have_other_columns_is_left_as_it_is(edges: Floats) -> None:
    """All of them, too few, one that is nowhere on the page before, or altogether others."""
    own = page(edges)
    assert LAYOUT.completed(own) is own


def test_a_title_that_has_become_one_with_the_head_of_the_numbers_is_parted_from_it() -> None:
    joined = page(EDGES)
    joined.lattice.before[0, 1] = False
    lattice, title = LAYOUT.numbered_beside(joined, (0, 0, 1, 3))
    assert title == (0, 1, 1, 3)
    assert lattice.before[:, 1].tolist() == page(EDGES).lattice.before[:, 1].tolist()
    for region in ((0, 1, 1, 3), (0, 0, 1, 1)):  # it is none, or it is the numbers' own
        assert LAYOUT.numbered_beside(joined, region) == (joined.lattice, region)


def test_a_page_that_lies_upside_down_is_told_by_its_columns() -> None:
    mirrored = 1 - EDGES[::-1]
    assert upside_down([LAYOUT], page(mirrored))
    assert not upside_down([LAYOUT], page(EDGES))
    assert not upside_down([LAYOUT, Layout(3, mirrored)], page(mirrored)), "another block has these columns"
    even = np.linspace(0, 1, len(EDGES))
    assert not upside_down([Layout(3, even)], page(even)), "it would look the same"


def test_a_stroke_beside_all_the_lines_of_the_page_before_is_no_column() -> None:
    struck = page(np.sort(np.append(EDGES, 0.2)))
    there = LAYOUT.there(struck)
    assert there is not None
    own, _ = LAYOUT.on(struck, there)
    assert own.edges == pytest.approx(EDGES)


def test_a_page_has_the_layout_of_the_last_page_that_has_its_columns() -> None:
    other = Layout(3, EDGES**1.2)
    assert fitting([LAYOUT, other], page(EDGES)) is LAYOUT
    assert fitting([LAYOUT, other], page(EDGES**2)) is other
    assert fitting([], page(EDGES)) is None


def test_the_columns_of_a_page_after_it_tell_what_a_page_has_lost() -> None:
    printed = PAPER.copy()
    printed[::5, ::5] = 0

    def has_more(edges: Floats) -> bool:
        drawn = page(edges)
        return LAYOUT.has_more(Layout(3, edges), Drawn(Leaf(1, printed, printed, np.eye(3), 2.0), drawn.lattice))

    assert has_more(np.delete(EDGES, [5, 6]))
    assert not has_more(EDGES)
    assert not has_more(np.delete(EDGES**1.2, [5, 6])), "it has other columns"


def test_of_many_narrow_columns_each_is_where_it_is() -> None:
    """Two blocks of polling places: every edge of the one is close to some edge of the other."""
    narrow = Layout(2, np.array([0.0, 0.3, *np.linspace(0.4, 1.0, 23)]))
    others = page(np.array([0.0, 0.35, *np.linspace(0.47, 1.0, 17)]))
    assert narrow.completed(others) is others
    assert narrow.there(others) is None
