"""A finding as the review desk shows it: its cells with all that they may be, and how far its sum is off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from rangkiang.forms import Equation
from rangkiang.model import CellRef, Decision, Finding, Guess
from rangkiang.review.sheet import Sheet
from rangkiang.review.sums import Sum, Values, of_line

MOST = 4
"""So many values are offered for a cell."""
LIKELY = 0.005
"""What a reading makes less probable is not offered for that alone."""

_TOTALS = frozenset({"total_broken", "carry_broken"})
_EQUATIONS = frozenset({"identity_broken", "bound_exceeded"})
_BETWEEN = "level_differs"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a cell may have. ``makes_it_hold``: the finding's own sum then holds, all else as it is."""

    value: int | None  # None: an empty cell
    makes_it_hold: bool
    p: float | None  # how probable its reading makes it; None where that does not name it
    near: bool  # one digit apart from what stands there now
    holds: int  # of the sums that bind the cell, so many then hold ...
    of: int  # ... of so many whose other figures are known


@dataclass(frozen=True, slots=True)
class Bound:
    """A cell that the finding binds. ``coefficient`` is what it counts for in the finding's sum, left minus right; 0
    where it has none."""

    cell: CellRef
    sheet: Sheet | None  # None where the document is not at hand
    line: int | None
    value: int | None
    raw: str
    status: str
    coefficient: int
    candidates: tuple[Candidate, ...] = ()
    holds: int = 0  # sums that hold as it stands
    of: int = 0

    @property
    def counts(self) -> int | None:
        """What it counts for in a sum: an empty cell is zero."""
        return _value(self.cell, self.sheet, self.line)

    @property
    def pictured(self) -> bool:
        return self.sheet is not None and self.line is not None and self.sheet.pictured(self.line)

    @property
    def suspicion(self) -> tuple[int, float, bool]:
        """How likely it is this one that is wrong, the larger the likelier: by how many more sums hold with the value
        that the finding's own asks for, how probable its reading makes that, and whether it is one digit apart."""
        best = [(c.holds - self.holds, c.p or 0.0, c.near) for c in self.candidates if c.makes_it_hold]
        return max(best, default=(0, 0.0, False))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the finding's sum: its cells by their place among all, and what they come to, if that is known."""

    cells: tuple[int, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """All of it. ``difference`` is left less right; None where the finding is about no sum, or a figure is unknown."""

    finding: Finding
    cells: tuple[Bound, ...]
    said: str = ""  # the sum as the form writes it
    bound: bool = False  # left may be less than right
    left: Side = Side((), None)
    right: Side = Side((), None)

    @property
    def difference(self) -> int | None:
        return None if self.left.total is None or self.right.total is None else self.left.total - self.right.total

    @property
    def holds(self) -> bool:
        """Whether the finding's sum is so, as far as it is known."""
        off = self.difference or 0
        return off <= 0 if self.bound else off == 0

    @property
    def lit(self) -> int:
        """The cell to look at first: the likeliest to be read wrong."""
        return max(range(len(self.cells)), key=lambda n: (self.cells[n].suspicion, -n), default=0)

    def place_of(self, decision: Decision) -> int | None:
        """Which of the cells a correction is about; None where the finding does not bind it any more."""
        places = [bound.cell.place for bound in self.cells]
        return places.index(decision.cell.place) if decision.cell and decision.cell.place in places else None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a correction would do: the finding's difference before and after, and of the cell's sums how many hold."""

    before: int | None
    after: int | None
    would_hold: bool  # the finding's own sum
    held: int
    holds: int
    of: int


def item(finding: Finding, sheets: Mapping[str, Sheet]) -> Item:
    """``sheets`` are the documents of the finding's cells, by their digest, as far as they are at hand."""
    places = [(cell, sheets.get(cell.sha256)) for cell in dict.fromkeys(finding.cells)]
    lines = [sheet.line(cell) if sheet else None for cell, sheet in places]
    values = [_value(cell, sheet, line) for (cell, sheet), line in zip(places, lines, strict=True)]
    own, said = _own(finding, [cell for cell, _ in places], sheets.get(finding.sha256))
    cells = tuple(_bound(n, cell, sheet, lines[n], values, own) for n, (cell, sheet) in enumerate(places))
    if own is None:
        return Item(finding, cells)
    left, right = (_side(own, values, sign) for sign in (1, -1))
    return Item(finding, cells, said, own.bound, left, right)


def trial(found: Item, decision: Decision) -> Trial | None:
    """None where the cell is not among the finding's any more, or its document is not at hand."""
    at = found.place_of(decision)
    if at is None:
        return None
    one = found.cells[at]
    if one.sheet is None or one.line is None:
        return None
    value = decision.value or 0
    before, values = found.difference, [bound.counts for bound in found.cells]
    values[at] = value
    own = Sum("", {n: b.coefficient for n, b in enumerate(found.cells) if b.coefficient}, found.bound)
    holds, of = _holding(list(of_line(one.sheet, one.line)), one.sheet.values, one.line, value)
    after = own.off(values) if own.terms else None
    return Trial(before, after, bool(own.holds(values)), one.holds, holds, of)


def _own(finding: Finding, cells: Sequence[CellRef], sheet: Sheet | None) -> tuple[Sum | None, str]:
    """The finding's own sum, over the positions of its cells, and how the form writes it."""
    if finding.code in _TOTALS and cells:
        last = len(cells) - 1
        return Sum("", {**dict.fromkeys(range(last), 1), last: -1}), ""
    if finding.code == _BETWEEN and len(cells) == 2:
        return Sum("", {0: 1, 1: -1}), ""
    equation = _equation(finding, sheet) if finding.code in _EQUATIONS else None
    if equation is None:
        return None, ""
    counts = equation.residual
    terms = {n: counts[cell.row] for n, cell in enumerate(cells) if counts.get(cell.row)}
    return Sum(equation.id, terms, equation.relation == "<="), str(equation)


def _equation(finding: Finding, sheet: Sheet | None) -> Equation | None:
    id = finding.subject.split(" @ ")[0]
    if sheet is None:
        return None
    found = next((e for e in (*sheet.form.identities, *sheet.form.bounds) if e.id == id), None)
    return found and found.over({cell.row for cell in finding.cells})


def _side(own: Sum, values: Values, sign: int) -> Side:
    cells = tuple(n for n, count in own.terms.items() if count * sign > 0)
    known = [values[n] for n in cells]
    total = None if None in known else sum(abs(own.terms[n]) * (values[n] or 0) for n in cells)
    return Side(cells, total)


def _value(cell: CellRef, sheet: Sheet | None, line: int | None) -> int | None:
    return cell.value if sheet is None or line is None else sheet.values[line]


def _bound(n: int, cell: CellRef, sheet: Sheet | None, line: int | None, values: Values, own: Sum | None) -> Bound:
    count = own.terms.get(n, 0) if own else 0
    if sheet is None or line is None:
        return Bound(cell, sheet, line, values[n], "", "", count)
    sums = list(of_line(sheet, line))
    holds, of = _holding(sums, sheet.values, line, values[n])
    return Bound(
        cell=cell,
        sheet=sheet,
        line=line,
        value=None if sheet.at(line, "value") is None else values[n],
        raw=str(sheet.at(line, "raw") or ""),
        status=str(sheet.at(line, "status") or ""),
        coefficient=count,
        candidates=_candidates(n, sheet, line, values, own, sums),
        holds=holds,
        of=of,
    )


def _holding(sums: Sequence[Sum], values: Values, line: int, value: int | None) -> tuple[int, int]:
    """How many hold with this value, and of how many the other figures are known."""
    known = [one.holds(values, line, 0 if value is None else value) for one in sums]
    said = [one for one in known if one is not None]
    return sum(said) if value is not None else 0, len(said)


def _candidates(
    n: int, sheet: Sheet, line: int, values: Values, own: Sum | None, sums: Sequence[Sum]
) -> tuple[Candidate, ...]:
    """What would make the finding's sum hold, what else the reading may be, what the cell's other sums ask for."""
    here, guesses = values[n], sheet.guesses.get(line, ())
    named = {guess.value or 0: guess for guess in guesses if guess.p >= LIKELY}
    makes = own.wanted(values, n) if own else None
    asked = [one.wanted(sheet.values, line) for one in sums]
    found = dict.fromkeys(v for v in (makes, *named, *asked) if v is not None and v != here)
    made = [_candidate(v, makes, named.get(v), here, _holding(sums, sheet.values, line, v)) for v in found]
    best = sorted(made, key=lambda c: (not c.makes_it_hold, -c.holds, -(c.p or 0.0), not c.near))
    return tuple(best[:MOST])


def _candidate(
    value: int, makes: int | None, guess: Guess | None, here: int | None, sums: tuple[int, int]
) -> Candidate:
    holds, of = sums
    near = here is not None and Levenshtein.distance(str(value), str(here)) == 1
    shown = None if guess and guess.value is None else value
    return Candidate(shown, value == makes, guess.p if guess else None, near, holds, of)
