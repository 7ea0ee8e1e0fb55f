"""Parts of scanned sheets that go on under each other, and what stands over their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from helpers.recaps import at, figure, lines, part, stamped
from rangkiang.forms import form
from rangkiang.model import ColumnKind, Guess
from rangkiang.reading.scan.blocks import DOUBT, blocks
from rangkiang.reading.segments import Segment

FORM, PLACES = form("DA1-PPWP"), form("DAA1-PPWP")
PRINTED = lines(FORM)
CUT = at(FORM, "I.B.4.JML") + 1
UPPER, LOWER = PRINTED[:CUT], PRINTED[CUT:]
FIRST = ("KOTO BARU", "TIKU SELATAN", "MANGGOPOH", "JUMLAH PINDAHAN")
SECOND = ("JUMLAH PINDAHAN", "GARAGAHAN", "LUBUK BASUNG", "JUMLAH AKHIR")
NOBODY_KNOWS = ("?", "?", "?", "?")
ALL = range(4)


def pages(found: Sequence[Sequence[Segment]]) -> list[list[int]]:
    return [[one.page for one in block] for block in found]


def names(block: Sequence[Segment]) -> list[str]:
    """All parts of a block have the same."""
    (found,) = {tuple(column.label for column in one.columns) for one in block}
    return list(found)


def doubted(one: Segment) -> set[int]:
    """The columns that are in doubt, in every line of them."""
    width = len(one.columns)
    assert {code for _, code, _ in one.cells.doubts} <= {DOUBT}
    found = {n % width for n, _, _ in one.cells.doubts}
    assert len(one.cells.doubts) == len(found) * len(one.lines)
    return found


def together(first: Sequence[str], second: Sequence[str], *unsure: Sequence[int]) -> list[Segment]:
    """One block on two pages with these heads."""
    one, other = unsure or ((), ())
    (block,) = blocks([part(1, first, UPPER, FORM, one), part(2, second, LOWER, FORM, other)], FORM)
    return block


def placed(*numbers: str) -> list[Segment]:
    """One block with these polling places; those that cannot be read are not sure."""
    head = (*(number if number == "?" else f"TPS {number}" for number in numbers), "JUMLAH AKHIR")
    unsure = [n for n, number in enumerate(numbers) if number == "?"]
    (block,) = blocks([part(n, head, below, PLACES, unsure) for n, below in ((1, UPPER), (2, LOWER))], PLACES)
    return block


def test_pages_go_on_under_each_other_and_a_block_begins_with_the_first_rows() -> None:
    found = blocks(
        [part(n, FIRST if n < 3 else SECOND, LOWER if n % 2 == 0 else UPPER, FORM) for n in range(1, 5)], FORM
    )
    assert pages(found) == [[1, 2], [3, 4]]
    assert [names(block) for block in found] == [list(FIRST), list(SECOND)]
    kinds = [column.kind for column in found[1][0].columns]
    assert kinds == [ColumnKind.CARRIED_IN, ColumnKind.UNIT, ColumnKind.UNIT, ColumnKind.TOTAL]
    assert not any(one.cells.doubts for block in found for one in block)


@pytest.mark.parametrize("lost", [{2}, {3}, {1, 4}, {2, 3}])
def test_a_head_that_cannot_be_read_has_the_names_of_its_other_pages(lost: set[int]) -> None:
    heads = {n: NOBODY_KNOWS if n in lost else FIRST if n < 3 else SECOND for n in range(1, 5)}
    parts = [
        part(n, head, UPPER if n % 2 else LOWER, FORM, ALL if n in lost else ()) for n, head in sorted(heads.items())
    ]
    found = blocks(parts, FORM)
    assert pages(found) == [[1, 2], [3, 4]]
    assert [names(block) for block in found] == [list(FIRST), list(SECOND)]
    assert not any(one.cells.doubts for block in found for one in block)


def test_blocks_beside_each_other_are_told_by_their_heads() -> None:
    heads, below = (FIRST, SECOND, FIRST, SECOND), (UPPER, UPPER, LOWER, LOWER)
    parts = [part(n, *one, FORM) for n, one in enumerate(zip(heads, below, strict=True), 1)]
    assert pages(blocks(parts, FORM)) == [[1, 3], [2, 4]]


def test_where_the_last_page_of_a_block_is_lost_that_of_another_does_not_take_its_place() -> None:
    heads = [(1, FIRST, UPPER), (3, SECOND, UPPER), (4, SECOND, LOWER)]
    assert pages(blocks([part(n, head, below, FORM) for n, head, below in heads], FORM)) == [[1], [3, 4]]
    unread = part(4, NOBODY_KNOWS, LOWER, FORM, ALL)
    upper = [part(n, head, below, FORM) for n, head, below in heads[:2]]
    assert pages(blocks([*upper, unread], FORM)) == [[1], [3, 4]]


def test_what_has_a_few_lines_and_no_name_is_no_block() -> None:
    """Names and signatures are numbered too."""
    whole = [part(1, FIRST, PRINTED, FORM), part(2, SECOND, PRINTED, FORM)]
    signed = part(1, ("JABATAN", "F"), PRINTED[:6], FORM, (0, 1))
    assert pages(blocks([whole[0], signed, whole[1]], FORM)) == [[1], [2]]


def test_a_few_labels_under_stamps_do_not_begin_a_block() -> None:
    hidden = tuple(stamped(line) if n % 5 == 3 else line for n, line in enumerate(LOWER))
    found = blocks([part(1, FIRST, UPPER, FORM), part(2, FIRST, hidden, FORM)], FORM)
    assert pages(found) == [[1, 2]]


def test_a_name_that_one_page_blurs_is_the_other_pages() -> None:
    blurred = ("KOTO BARL", *FIRST[1:])
    block = together(blurred, FIRST, (0,), ())
    assert names(block) == list(FIRST)
    assert not any(one.cells.doubts for one in block)


def test_a_name_on_the_list_that_two_pages_show_is_believed_and_one_on_no_list_is_not() -> None:
    assert [doubted(one) for one in together(FIRST, FIRST, (0,), (0,))] == [set(), set()]
    other = ("KOTO BARL", *FIRST[1:])
    assert [doubted(one) for one in together(other, other, (0,), (0,))] == [{0}, {0}]


def test_a_name_that_one_page_shows_outvotes_scraps_of_it_on_many() -> None:
    scrap, fifth = ("K", *FIRST[1:]), -(-len(PRINTED) // 5)
    below = [PRINTED[at : at + fifth] for at in range(0, len(PRINTED), fifth)]
    parts = [part(0, FIRST, below[0], FORM), *(part(n, scrap, below[n], FORM, (0,)) for n in range(1, 5))]
    (block,) = blocks(parts, FORM)
    assert names(block) == list(FIRST)
    assert not any(one.cells.doubts for one in block)


def test_pages_that_clearly_name_a_column_otherwise_leave_it_in_doubt() -> None:
    """A page may be missing between them: the figures of the second are other units'."""
    other = ("GARAGAHAN", "TIKU SELATAN", "LUBUK BASUNG", "JUMLAH PINDAHAN")
    assert [doubted(one) for one in together(FIRST, other)] == [{0, 2}, {0, 2}]


def test_a_column_nobody_can_name_has_its_figures_in_doubt() -> None:
    lost = ("KOTO BARU", "?", "MANGGOPOH", "JUMLAH PINDAHAN")
    block = together(lost, lost, (1,), (1,))
    assert [doubted(one) for one in block] == [{1}, {1}]
    assert names(block)[1].startswith("?")


@pytest.mark.parametrize("torn", [1, 2])
def test_a_column_that_a_stamp_has_made_on_one_page_is_dropped(torn: int) -> None:
    stray = ("KOTO BARU", "?", "TIKU SELATAN", "MANGGOPOH", "JUMLAH PINDAHAN")
    heads = {n: (stray, (1,)) if n == torn else (FIRST, ()) for n in (1, 2)}
    block = together(heads[1][0], heads[2][0], heads[1][1], heads[2][1])
    assert names(block) == list(FIRST)
    assert not any(one.cells.doubts for one in block)
    last = len(block[torn - 1].lines) - 1
    assert block[torn - 1].cells.raw[-4:] == [figure(torn, last, n) for n in (0, 2, 3, 4)]


SPLIT = (0, 100, 180, 200, 300, 400)
"""A stroke parts the second of four columns, where its last digits stand."""


def drawn(one: Segment, edges: Sequence[float]) -> Segment:
    """The part with its columns between these edges."""
    boxes = [(left, line, right, line + 1) for line in range(len(one.lines)) for left, right in pairwise(edges)]
    return replace(one, cells=replace(one.cells, box=np.array(boxes, dtype=float)))


def test_a_column_that_shares_its_room_with_one_that_nobody_can_name_may_have_lost_its_last_digits() -> None:
    lost = ("KOTO BARU", "TIKU SELATAN", "?", "MANGGOPOH", "JUMLAH PINDAHAN")
    for edges, expected in ((SPLIT, {1, 2, 3}), (range(0, 600, 100), {2})):
        (block,) = blocks([drawn(part(1, lost, PRINTED, FORM, [2]), edges)], FORM)
        assert doubted(block[0]) == expected


def test_what_a_stroke_parts_on_one_page_is_in_doubt_there_though_the_strange_column_is_dropped() -> None:
    stray = ("KOTO BARU", "TIKU SELATAN", "?", "MANGGOPOH", "JUMLAH PINDAHAN")
    whole = drawn(part(1, FIRST, UPPER, FORM), range(0, 500, 100))
    (block,) = blocks([whole, drawn(part(2, stray, LOWER, FORM, [2]), SPLIT)], FORM)
    assert names(block) == list(FIRST)
    assert [doubted(one) for one in block] == [set(), {1, 2}]


def test_a_page_without_a_head_makes_no_name_surer() -> None:
    """SOLOK may be left of SOLOK SELATAN: it takes two pictures."""
    upper = part(1, FIRST, UPPER, FORM, {1})
    lower = replace(upper, page=2, lines=part(2, FIRST, LOWER, FORM).lines, cells=part(2, FIRST, LOWER, FORM).cells)
    for headless, doubt in ((False, set()), (True, {1})):
        (block,) = blocks([upper, replace(lower, headless=headless)], FORM)
        assert [doubted(one) for one in block] == [doubt, doubt]


def test_what_is_like_the_total_where_it_stands_is_the_total() -> None:
    head = (*SECOND[:-1], "JMLAN")
    block = together(head, head, {3}, {3})
    assert [(c.label, c.kind) for c in block[0].columns][-1] == ("JUMLAH", ColumnKind.TOTAL)
    assert doubted(block[0]) == set()
    assert doubted(together(("JMLAN", *SECOND[1:]), ("JMLAN", *SECOND[1:]), {0}, {0})[0]) == {0}


def test_what_is_carried_on_is_called_alike_on_all_pages() -> None:
    heads = [("KOTO BARU", "JUMLAH DIPINDAHKAN"), ("JUMLAH PINDAHAN", "MANGGOPOH", "JUMLAH PINDAHAN"), SECOND]
    parts = [part(n, head, PRINTED, FORM, {2} if n == 2 else ()) for n, head in enumerate(heads, 1)]
    _, (second,), _ = blocks(parts, FORM)
    assert (names([second])[-1], doubted(second)) == ("JUMLAH DIPINDAHKAN", set())


@pytest.mark.parametrize("holds", [True, False])
def test_a_total_that_is_hardly_read_is_one_where_its_figures_are_the_sums(holds: bool) -> None:
    """The head of the first page alone would do for a unit that nobody knows."""
    head = ("KOTO BARU", "TIKU SELATAN", "JUWLN AHIB")
    one = part(1, head, PRINTED, FORM, {2})
    width = len(head)
    values = [(12 + n, 30 + n, 42 + 2 * n + (not holds)) for n in range(len(one.lines))]
    guesses = [
        (n * width + column, (Guess(str(value), value, 0.99),))
        for n, line in enumerate(values)
        for column, value in enumerate(line)
    ]
    (block,) = blocks([replace(one, cells=replace(one.cells, guesses=tuple(guesses)))], FORM)
    last = block[0].columns[-1]
    assert (last.kind, doubted(block[0])) == ((ColumnKind.TOTAL, set()) if holds else (ColumnKind.UNIT, {2}))


@pytest.mark.parametrize("same", [True, False])
def test_what_a_block_begins_with_is_carried_on_where_the_block_before_ends_with_it(same: bool) -> None:
    """The name over it is like none; most of its figures are misread."""
    heads = ("KOTO BARU", "TIKU SELATAN", "JUMLAH PINDAHAN"), ("NARTEUME", "GARAGAHAN", "JUMLAH AKHIR")
    parts = [part(1, heads[0], PRINTED, FORM), part(2, heads[1], PRINTED, FORM, {0})]
    for n, one in enumerate(parts):
        width = len(one.columns)
        carried = [300 + 7 * line for line in range(len(one.lines))]
        values = [(1, 2, value) if n == 0 else (value if same and value % 2 else 1, 3, 4) for value in carried]
        flat = [value for line in values for value in line]
        guesses = tuple((at, (Guess(str(value), value, 0.99),)) for at, value in enumerate(flat))
        assert len(flat) == width * len(one.lines)
        parts[n] = replace(one, cells=replace(one.cells, guesses=guesses))
    _, (second,) = blocks(parts, FORM)
    assert (second.columns[0].kind, doubted(second)) == (
        (ColumnKind.CARRIED_IN, set()) if same else (ColumnKind.UNIT, {0})
    )


def test_pages_of_a_sheet_about_one_place_are_one_block() -> None:
    polling_place = form("C1-PPWP")
    printed = lines(polling_place)
    cut = at(polling_place, "I.B.4.JML") + 1
    upper, lower = printed[:cut], (*printed[:4], *printed[cut:])  # strokes make it look like the first
    (block,) = blocks(
        [part(1, ["JUMLAH"], upper, polling_place), part(2, ["JUMLA"], lower, polling_place, [0])], polling_place
    )
    assert [one.page for one in block] == [1, 2]


def test_polling_places_on_both_sides_of_a_lost_column_are_those_of_the_other_page() -> None:
    whole = ("TPS 1", "TPS 2", "TPS 3", "JUMLAH AKHIR")
    found = blocks([part(1, whole, UPPER, PLACES), part(2, ("TPS 1", "TPS 3", whole[3]), LOWER, PLACES)], PLACES)
    assert pages(found) == [[1, 2]]
    assert names(found[0]) == list(whole)


@pytest.mark.parametrize("lacking", [True, False])
def test_a_page_of_which_nothing_can_be_made_out_is_no_block_where_one_lacks_rows(lacking: bool) -> None:
    """Where none does it may be all that is left of one."""
    long, candidates = form("DA1-DPR"), range(1, 10)
    printed = lines(long, candidates)
    strange = [line._replace(label="", vague=True) for line in printed if not line.spans][:14]
    nobody = ("NUE", "JUM ANGGOTA", "CILAN")
    first = part(1, FIRST, printed[:-3] if lacking else printed, long)
    found = blocks([first, part(2, nobody, strange, long, range(3))], long)
    assert pages(found) == ([[1]] if lacking else [[1], [2]])


def test_a_unit_that_stands_there_twice_is_one_of_two_and_in_doubt() -> None:
    twice = ("KOTO BARU", "TIKU SELATAN", "KOTO BARU", "JUMLAH PINDAHAN")
    block = together(twice, twice)
    assert [doubted(one) for one in block] == [{0, 2}, {0, 2}]
    assert len(set(names(block))) == 4


def test_a_unit_that_stands_in_two_blocks_is_in_doubt_in_both() -> None:
    again = ("JUMLAH PINDAHAN", "KOTO BARU", "LUBUK BASUNG", "JUMLAH AKHIR")
    one, other = blocks([part(1, FIRST, PRINTED, FORM), part(2, again, PRINTED, FORM)], FORM)
    assert (doubted(one[0]), doubted(other[0])) == ({0}, {1})
    assert names(one)[0] != names(other)[1]


def test_a_polling_place_between_two_is_the_one_between_them() -> None:
    block = placed("1", "2", "?", "4", "5")
    assert names(block)[:5] == [f"TPS {n}" for n in (1, 2, 3, 4, 5)]
    assert not any(one.cells.doubts for one in block)


def test_a_number_that_breaks_the_order_is_not_believed() -> None:
    assert names(placed("1", "2", "8", "4", "5"))[:5] == [f"TPS {n}" for n in (1, 2, 3, 4, 5)]
    assert doubted(placed("1", "2", "3", "7")[0]) == {3}


def test_numbers_that_follow_from_each_other_are_believed_though_none_is_sure() -> None:
    head = (*(f"TPS 00{n}" for n in range(1, 6)), "JUMLAH AKHIR")
    (block,) = blocks([part(1, head, PRINTED, PLACES, range(5))], PLACES)
    assert doubted(block[0]) == set()
    strange = ("TPS 001", "TPS 005", "TPS 008", "TPS 002", "JUMLAH AKHIR")
    (block,) = blocks([part(1, strange, PRINTED, PLACES, range(4))], PLACES)
    assert doubted(block[0]) == {0, 1, 2, 3}


def test_what_is_nearly_the_number_that_follows_is_that_number() -> None:
    head = ("TP5001", *(f"TPS 00{n}" for n in range(2, 6)), "JUMLAH AKHIR")
    (block,) = blocks([part(1, head, PRINTED, PLACES, (0,))], PLACES)
    assert names([block[0]])[0] == "TPS 001"
    assert doubted(block[0]) == set()
    other = ("TP5007", *head[1:])
    (block,) = blocks([part(1, other, PRINTED, PLACES, (0,))], PLACES)
    assert doubted(block[0]) == {0}


def test_a_number_that_one_page_says_against_its_own_order_is_misread_there() -> None:
    heads = [("TPS 1", "TPS 2", "TPS 3", "TPS 4", "JUMLAH"), ("TPS 1", "TPS 2", "TPS 9", "TPS 4", "JUMLAH")]
    (block,) = blocks([part(n, heads[n], below, PLACES) for n, below in enumerate((UPPER, LOWER))], PLACES)
    assert not any(one.cells.doubts for one in block)


def test_no_number_is_made_up_where_there_is_no_room_or_too_much() -> None:
    block = placed("1", "2", "?", "6", "7")
    assert names(block)[2] == "?3"
    assert doubted(block[0]) == {2}
    assert doubted(placed("1", "2", "?")[0]) == {2}


def test_polling_places_are_written_as_they_are_printed() -> None:
    plain = placed(*map(str, range(1, 13)))
    assert names(plain)[:-1] == [f"TPS {n}" for n in range(1, 13)]
    padded = placed("001", "002", "03", "004", "010")
    assert names(padded)[:4] == ["TPS 001", "TPS 002", "TPS 003", "TPS 004"]


def test_polling_places_may_have_gaps() -> None:
    block = placed("1", "2", "5", "6")
    assert names(block)[:4] == [f"TPS {n}" for n in (1, 2, 5, 6)]
    assert not any(one.cells.doubts for one in block)


def test_columns_that_have_become_one_are_not_read_and_the_others_are() -> None:
    heads = "KOTO BARU TIKU SELATAN", "MANGGOPOH", "JUMLAH PINDAHAN"
    (block,) = blocks([part(1, FIRST, UPPER, FORM), part(2, heads, LOWER, FORM, [0])], FORM)
    assert names(block) == list(FIRST)
    width, filled = len(FIRST), next(n for n, line in enumerate(LOWER) if not line.spans)
    printed = block[1].cells.raw[filled * width : (filled + 1) * width]
    assert printed == ["?", "?", figure(2, filled, 1), figure(2, filled, 2)]


def test_columns_that_have_become_one_on_the_first_page_are_not_read_there_and_are_on_the_next() -> None:
    heads = "KOTO BARU TIKU SELATAN", "MANGGOPOH", "JUMLAH PINDAHAN"
    (block,) = blocks([part(1, heads, UPPER, FORM, [0]), part(2, FIRST, LOWER, FORM)], FORM)
    assert names(block) == list(FIRST)
    width, filled = len(FIRST), next(n for n, line in enumerate(UPPER) if not line.spans)
    assert block[0].cells.raw[filled * width : filled * width + 2] == ["?", "?"]
    assert not block[1].cells.doubts


def test_of_a_strange_column_and_one_that_nobody_can_name_neither_is_read() -> None:
    heads = "MUR", "?", *FIRST[1:]
    (block,) = blocks([part(1, FIRST, UPPER, FORM), part(2, heads, LOWER, FORM, [0, 1])], FORM)
    assert names(block) == list(FIRST)
    width, filled = len(FIRST), next(n for n, line in enumerate(LOWER) if not line.spans)
    printed = block[1].cells.raw[filled * width : (filled + 1) * width]
    assert printed == ["?", *(figure(2, filled, n) for n in (2, 3, 4))]


def test_a_page_that_says_another_name_than_the_others_is_in_doubt_there() -> None:
    third = at(FORM, "III.1")
    cuts = PRINTED[:CUT], PRINTED[CUT:third], PRINTED[third:]
    other = "GARAGAHAN", *FIRST[1:]
    heads = FIRST, FIRST, other
    (block,) = blocks([part(n, heads[n], cuts[n], FORM) for n in range(3)], FORM)
    assert [doubted(one) for one in block] == [set(), set(), {0}]


def test_a_column_over_which_no_is_read_is_in_doubt() -> None:
    """What a stamp leaves of JUMLAH PINDAHAN."""
    block = together(("NO", *FIRST[1:]), ("NO", *FIRST[1:]))
    assert [doubted(one) for one in block] == [{0}, {0}]


def test_a_total_before_the_last_block_is_what_is_left_of_another_name() -> None:
    """Other pages carry on; JUMLAH is what a stroke left of JUMLAH PINDAHAN, and its figures do not tell."""
    heads = [FIRST, ("JUMLAH PINDAHAN", "AIA MANGGIH", "KOTO TANGAH", "JUMLAH"), SECOND]
    found = blocks([part(n, head, PRINTED, FORM) for n, head in enumerate(heads)], FORM)
    assert [doubted(block[0]) for block in found] == [set(), {3}, set()]
