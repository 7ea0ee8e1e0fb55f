"""Which line of a scan is which row: what one line hides the others tell, and where they do not it is said."""

from __future__ import annotations

import pytest

from helpers.recaps import at, changed, codes, lines, numbered, stamped, unnumbered
from rangkiang.forms import form
from rangkiang.model import Guess
from rangkiang.reading.align import targets
from rangkiang.reading.scan.chain import Path
from rangkiang.reading.scan.order import after, order, rows_of
from rangkiang.reading.segments import Line

FORM, SLATE, PARTIES = form("DA1-PPWP"), form("DA1-DPD"), form("DA1-DPR")
PRINTED = lines(FORM)
ROWS = codes(order([PRINTED], FORM)[0])


def slate(*candidates: int, hidden: int = 0) -> tuple[Line, ...]:
    """A sheet with these candidates, one of whom has a number that cannot be read."""
    printed = lines(SLATE, candidates)
    place = at(SLATE, f"IV.{hidden}", candidates) if hidden else 0
    return changed(printed, place, unnumbered(printed[place])) if hidden else printed


def test_a_sheet_that_is_clearly_read_has_every_row_for_sure() -> None:
    (found,) = order([PRINTED], FORM)
    assert [code for code in codes(found) if code] == [leaf.code for leaf in FORM.leaf_rows]
    assert (found.unsure, found.unknown, found.repeated) == ((), (), ())


@pytest.mark.parametrize("code", [leaf.code for leaf in FORM.leaf_rows])
def test_a_row_under_a_stamp_is_told_by_the_others(code: str) -> None:
    place = at(FORM, code)
    (found,) = order([changed(PRINTED, place, stamped(PRINTED[place]))], FORM)
    assert codes(found) == ROWS
    assert not found.unsure


def test_every_third_label_may_be_hidden() -> None:
    hidden = tuple(stamped(line) if n % 3 == 0 else line for n, line in enumerate(PRINTED))
    (found,) = order([hidden], FORM)
    assert codes(found) == ROWS
    assert not found.unsure


def test_a_number_that_is_misread_changes_no_row() -> None:
    place = at(FORM, "I.B.2.P")
    (found,) = order([changed(PRINTED, place, numbered(PRINTED[place], "3"))], FORM)
    assert codes(found) == ROWS
    assert not found.unsure


@pytest.mark.parametrize(("code", "read"), [("I.B.2.JML", "L"), ("I.A.1.L", "JML"), ("II.2.P", "")])
def test_a_split_that_is_misread_changes_no_row(code: str, read: str) -> None:
    place = at(FORM, code)
    (found,) = order([changed(PRINTED, place, PRINTED[place]._replace(split=read))], FORM)
    assert codes(found) == ROWS
    assert not found.unsure


def test_candidates_may_be_numbered_with_gaps() -> None:
    (found,) = order([slate(21, 22, 24, 25)], SLATE)
    assert [code for code in codes(found) if code and code.startswith("IV")] == ["IV.21", "IV.22", "IV.24", "IV.25"]
    assert not found.unsure


def test_a_candidate_between_two_numbers_is_the_one_between_them() -> None:
    (found,) = order([slate(21, 22, 23, 24, hidden=22)], SLATE)
    place = at(SLATE, "IV.22", (21, 22, 23, 24))
    assert codes(found)[place] == "IV.22"
    assert not found.unsure


def test_a_number_that_breaks_the_order_of_candidates_is_not_believed() -> None:
    there = (21, 22, 23)
    printed, place = slate(*there), at(SLATE, "IV.22", there)
    (found,) = order([changed(printed, place, numbered(printed[place], "27"))], SLATE)
    assert codes(found)[place] == "IV.22"


@pytest.mark.parametrize(("there", "hidden"), [((21, 22, 24, 25), 22), ((21, 22, 24, 25), 24)])
def test_a_candidate_who_may_be_one_of_two_is_in_doubt(there: tuple[int, ...], hidden: int) -> None:
    (found,) = order([slate(*there, hidden=hidden)], SLATE)
    assert found.unsure == (at(SLATE, f"IV.{hidden}", there),)


def test_the_last_of_a_slate_may_be_anyone_further_on() -> None:
    (found,) = order([slate(21, 22, 23, hidden=23)], SLATE)
    assert found.unsure == (at(SLATE, "IV.23", (21, 22, 23)),)
    place = at(PARTIES, "IV.3.3", (1, 2, 3))
    printed = lines(PARTIES, (1, 2, 3))
    (found,) = order([changed(printed, place, stamped(printed[place]))], PARTIES)
    assert found.unsure == (place,)


def test_a_number_that_may_be_another_leaves_the_row_in_doubt() -> None:
    there = (21, 22, 23)
    printed, place = slate(*there), at(SLATE, "IV.23", there)
    either = (Guess("24", 24, 0.5), Guess("23", 23, 0.4))
    (found,) = order([changed(printed, place, printed[place]._replace(number="24", numbers=either))], SLATE)
    assert found.unsure == (place,)


def test_a_line_before_which_nothing_stands_is_no_candidate_where_the_next_one_has_their_number() -> None:
    """A page ends with the table of signatures; the first candidate of the next one has the number it would have."""
    there = (1, 2, 3, 5)
    printed, place = lines(PARTIES, there), at(PARTIES, "IV.3.3", there)
    third = printed[place]._replace(numbers=(Guess("3", 3, 0.9999),))
    (found,) = order([changed(printed, place, stamped(third), third)], PARTIES)
    assert found.unsure == (place, place + 1)


def test_names_and_signatures_below_a_page_are_in_doubt_where_the_slate_has_room_for_them() -> None:
    """As many lines as there may be candidates still: no other numbers are possible."""
    most = max(int(t.number) for t in targets(PARTIES) if t.leaf and t.leaf.code.startswith("IV.3.") and t.free)
    there = range(1, most - 1)
    printed, last = lines(PARTIES, there), at(PARTIES, f"IV.3.{most - 2}", there)
    below = [unnumbered(printed[last])._replace(label=label) for label in ("NAMA", "huAy")]
    nothing = stamped(printed[last])._replace(filled=False, digits=False)
    (found,) = order([changed(printed, last, printed[last], below[0], nothing, below[1])], PARTIES)
    assert codes(found)[last : last + 5] == [f"IV.3.{most - 2}", f"IV.3.{most - 1}", None, f"IV.3.{most}", "IV.3.T"]
    assert found.unsure == (last + 1, last + 3)


def test_numbered_names_and_signatures_within_a_slate_put_what_they_repeat_in_doubt() -> None:
    """A page ends with the first row of a party; its candidates, on the next one, are taken for those who follow."""
    there = (1, 2, 3, 5)
    printed, first = lines(PARTIES, there), at(PARTIES, "IV.3.1", there)
    candidates = [numbered(printed[first + n], str(no)) for n, no in enumerate(there)]
    names = [numbered(printed[first], str(no))._replace(label="huAy") for no in range(1, 5)]
    (found,) = order([(*printed[:first], *names, *candidates, *printed[first + len(there) :])], PARTIES)
    assert codes(found)[first : first + 8] == [f"IV.3.{n}" for n in range(1, 9)]
    assert found.unsure == tuple(range(first, first + 8))


def test_two_candidates_in_one_line_are_in_doubt() -> None:
    there = (1, 2, 3)
    printed, place = lines(PARTIES, there), at(PARTIES, "IV.3.3", there)
    both = unnumbered(printed[place])._replace(label="3 BUDI CONTOH 4 UTAMI CONTOH")
    (found,) = order([changed(printed, place, both)], PARTIES)
    assert found.unsure == (place,)


def test_whoever_is_known_only_by_those_beside_him_is_in_doubt_with_them() -> None:
    """A stroke hides numbers and ends of labels: the party's name is taken for its first row, that for a candidate, and
    so on down to the first number that can be read. All that is probable, and the doubt about one is about all."""
    station, there = form("C1-DPRD-PROV"), (1, 2, 4, 5)
    printed, first = lines(station, there), at(station, "IV.12.0", there)
    hidden = [
        Line("L", "PARTAI AMANAT NASIONAL", "", False, False, False, False, (Guess("1", 1, 0.26),)),
        worn(printed[first], "LUSIRAPARTA", Guess("r", None, 0.13), Guess("", None, 0.24)),
        worn(printed[first], "RICONTOH RATNA. S.PD", Guess("I", None, 0.26), Guess("", None, 0.47)),
        worn(printed[first], "YUDA CONTOH EKA", Guess("3", 3, 0.3), Guess("", None, 0.35)),
    ]
    (found,) = order([(*printed[: first - 1], *hidden, *printed[first + 4 :])], station)
    assert codes(found)[first - 1 : first + 4] == ["IV.12.0", "IV.12.1", "IV.12.2", "IV.12.3", "IV.12.4"]
    assert found.unsure == tuple(range(first - 1, first + 3))


def worn(line: Line, label: str, *numbers: Guess) -> Line:
    """What a stroke leaves of its label, and what the number may be."""
    return line._replace(label=label, vague=True, number=numbers[0].text, numbers=numbers)


def test_what_is_hidden_in_one_block_is_seen_in_another() -> None:
    there = (21, 22, 23)
    place = at(SLATE, "IV.23", there)
    clear, hidden = slate(*there), slate(*there, hidden=23)
    for blocks in ([clear, hidden], [hidden, clear], [hidden, clear, hidden]):
        found = order(blocks, SLATE)
        assert {codes(block)[place] for block in found} == {"IV.23"}
        assert not any(block.unsure for block in found)
    assert all(block.unsure == (place,) for block in order([hidden, hidden], SLATE))


def test_blocks_are_compared_row_by_row_though_headings_are_lost() -> None:
    without = tuple(line for line in PRINTED if not line.spans)
    place = without.index(PRINTED[at(FORM, "III.2")])
    first, second = order([changed(without, place, stamped(without[place])), PRINTED], FORM)
    assert codes(first) == [code for code in ROWS if code]
    assert codes(second) == ROWS
    assert not first.unsure
    assert not second.unsure


def test_a_block_that_lacks_a_candidate_casts_no_doubt_on_another_s() -> None:
    first, second = order([slate(21, 22, 23), slate(21, 22)], SLATE)
    assert not first.unsure
    assert not second.unsure


def test_blocks_that_have_lost_different_rows_tell_each_other_nothing() -> None:
    """Both have as many. Were they taken for the same rows, the numbers that one can read would be the other's."""
    there = (21, 22, 23, 24, 25)
    whole = slate(*there)
    places = [at(SLATE, f"IV.{n}", there) for n in there]
    early, late = ([n for n in range(len(whole)) if n not in lost] for lost in (places[:2], places[3:]))
    unread = set(places[1:])
    hidden = [stamped(whole[n]) if n in unread else whole[n] for n in late]
    found = order([whole, whole, [whole[n] for n in early], hidden], SLATE)
    for block, kept in zip(found[2:], (early, late), strict=True):
        right = [codes(found[0])[n] for n in kept]
        assert [code for n, code in enumerate(codes(block)) if code != right[n] and n not in block.unsure] == []


def test_lines_that_cannot_be_read_are_hardly_candidates_whom_only_they_would_have() -> None:
    there = (21, 22, 23)
    whole, last = slate(*there), at(SLATE, "IV.23", there)
    read = (("4", "DA SUA"), ("R", "1"), ("TT", "LI"), ("1", "JUMLAH SEL"), ("C", "DAN"))
    row = stamped(whole[last])
    strokes = [row._replace(number=n, label=label, numbers=(Guess(n, None, 0.4),)) for n, label in read]
    found = order([whole, (*whole[:last], row, *strokes), whole], SLATE)
    assert codes(found[1])[-3:] == ["V.A", "V.B", "V.C"]


def test_a_label_that_is_read_as_a_digit_is_no_row_that_numbers_the_columns() -> None:
    there = (21, 22, 23)
    place = at(SLATE, "IV.22", there)
    printed = slate(*there)
    (found,) = order([changed(printed, place, printed[place]._replace(label="6"))], SLATE)
    assert codes(found)[place] == "IV.22"
    assert not found.unsure


def test_candidates_of_whom_another_block_has_others_are_in_doubt() -> None:
    first, second = order([slate(21, 22, 23), slate(21, 22, 24, 25)], SLATE)
    assert first.unsure == (at(SLATE, "IV.23", (21, 22, 23)),)
    assert set(second.unsure) == {at(SLATE, f"IV.{n}", (21, 22, 24, 25)) for n in (24, 25)}


@pytest.mark.parametrize("code", ["I.A.1.L", "III.2", "IV.01"])
def test_a_stray_line_with_figures_is_no_row_but_mentioned(code: str) -> None:
    place = at(FORM, code)
    stray = Line("", "Lubuk Basung, 12 Mei 2019", "", False, True, True, True)
    (found,) = order([changed(PRINTED, place, stray, PRINTED[place])], FORM)
    assert codes(found) == [*ROWS[:place], None, *ROWS[place:]]
    assert found.unknown == (place,)


def test_what_stands_below_the_last_row_is_nothing_to_mention() -> None:
    signed = Line("1", "SAKSI PASANGAN CALON", "", False, True, True, True)
    (found,) = order([(*PRINTED, signed)], FORM)
    assert codes(found) == [*ROWS, None]
    assert (found.unknown, found.repeated) == ((), ())


def test_the_row_that_numbers_the_columns_is_no_row() -> None:
    place = at(FORM, "I.B.1.L")
    numbers = numbered(Line("", "2", "", False, True, True), "1")
    (found,) = order([changed(PRINTED, place, numbers, PRINTED[place])], FORM)
    assert codes(found) == [*ROWS[:place], None, *ROWS[place:]]
    assert not found.unsure


def test_rows_that_stand_there_twice_are_said_to_be_repeated() -> None:
    (found,) = order([(*PRINTED, *PRINTED[-4:])], FORM)
    assert len(found.repeated) == 3


def test_two_rows_that_strokes_part_in_two_are_no_page_that_is_there_twice() -> None:
    first, second = at(FORM, "III.2"), at(FORM, "III.3")
    whole = PRINTED[first : second + 1]
    (found,) = order([(*PRINTED[:first], whole[0], *whole, whole[1], *PRINTED[second + 1 :])], FORM)
    assert not found.repeated
    assert codes(found).count("III.2") == codes(found).count("III.3") == 1


def test_of_two_lines_that_may_be_a_row_nobody_knows_which_it_is() -> None:
    (found,) = order([(*PRINTED, PRINTED[-1])], FORM)
    assert not found.repeated
    assert set(found.unsure) | set(found.unknown) == {len(PRINTED) - 1, len(PRINTED)}
    assert codes(found).count("V.C") == 1


def upto(last: str | None) -> Path | None:
    """The way through the lines above, the last of which is this row."""
    return None if last is None else after(PRINTED[: at(FORM, last) + 1], FORM, None)


@pytest.mark.parametrize(("first", "end"), [("III.2", "III.3"), ("I.B.1.L", "III.1"), ("III.2", "III.4")])
def test_rows_that_are_not_there_are_not_made_up(first: str, end: str) -> None:
    a, b = at(FORM, first), at(FORM, end)
    (found,) = order([(*PRINTED[:a], *PRINTED[b:])], FORM)
    assert codes(found) == [*ROWS[:a], *ROWS[b:]]


def test_of_two_missing_labels_and_one_line_nobody_knows_which_it_is() -> None:
    a = at(FORM, "III.2")
    (found,) = order([(*PRINTED[:a], stamped(PRINTED[a]), *PRINTED[a + 2 :])], FORM)
    assert found.unsure == (a,)


def test_a_page_is_most_probable_below_the_row_it_follows() -> None:
    """And which rows it has is told though its first labels are hidden."""
    every = [place for place, code in enumerate(ROWS) if code]
    cut = at(FORM, "II.1.L")
    page = tuple(stamped(line) if n < 3 else line for n, line in enumerate(PRINTED[cut:]))
    ways = {last: after(page, FORM, upto(last)) for last in (None, "I.A.4.JML", "I.B.4.JML")}
    likely = max(ways, key=lambda last: ways[last].log)
    assert likely == "I.B.4.JML"
    assert rows_of(ways[likely], FORM) == {place for place in every if place >= cut}
    assert ways[likely].log > ways[None].log + 5


def test_a_page_goes_on_below_lines_that_are_no_rows() -> None:
    """What stands below the last row of a page may look like the next."""
    strange = Line("", "3 NO", "", spans=False, filled=True, digits=True, vague=True)
    cut = at(FORM, "III.2")
    above = after((*PRINTED[:cut], strange), FORM, None)
    assert after(PRINTED[cut:], FORM, above).log > after(PRINTED[cut:], FORM, None).log + 5


def test_a_page_with_the_first_rows_begins_a_block() -> None:
    upper = PRINTED[: at(FORM, "II.1.L")]
    assert after(upper, FORM, None).log > after(upper, FORM, upto("I.B.4.JML")).log + 5


def test_blocks_of_which_l_p_and_jml_differ_are_not_the_same_rows() -> None:
    """One has lost a row, and has one too many further down: taken for the other's it would be moved by one."""
    rows = tuple(line for line in PRINTED if not line.spans)
    lost, more = rows.index(PRINTED[at(FORM, "I.A.1.L")]), rows.index(PRINTED[at(FORM, "II.1.JML")])
    vague = [line._replace(label="", number="", numbers=()) for line in rows]
    moved = [*vague[:lost], *vague[lost + 1 : more + 1], vague[more]._replace(split=""), *vague[more + 1 :]]
    found = order([rows, rows, tuple(moved)], FORM)
    right = [code for code in ROWS if code]
    assert codes(found[0]) == codes(found[1]) == right
    wrong = [code for n, code in enumerate(codes(found[2])[lost:more], lost) if code != right[n + 1]]
    assert wrong == []
