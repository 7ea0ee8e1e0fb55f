"""What the site's charts show: votes in ballot order, turnout by place. Their bars stand in tables of figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rangkiang import catalogue
from rangkiang.catalogue import Area
from rangkiang.forms import forms
from rangkiang.forms.contest import VOTED, VOTERS
from rangkiang.portal.figures import Figure
from rangkiang.portal.manifest import Manifest
from rangkiang.portal.summaries import standing, votes_of

MOST_PLACES = 40
"""Bars of a chart; more places are shown by the districts that they lie in."""

_DISTRICT = 8  # signs of the code of a kecamatan: 13.01.01


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: a figure, and how much it is of the whole, in per cent."""

    label: str
    value: int
    share: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class Turnout:
    """Of one place, or of all of them."""

    label: str
    voted: int
    voters: int

    @property
    def share(self) -> float:
        return 100 * self.voted / self.voters


def votes(manifest: Manifest) -> list[Bar]:
    """A dataset's votes by contestant in ballot order; none where it is not known whose they are, or nobody has any."""
    form = forms().get(manifest["form"])
    there = standing(form, [manifest]) if form else []
    found = votes_of(manifest, [contestant.row for contestant in there], "")
    known = [votes or 0 for votes in found.votes]
    whole = sum(known)
    if not whole:
        return []
    return [
        Bar(f"{c.number} {c.name}", votes, 100 * votes / whole, doubted)
        for c, votes, doubted in zip(there, known, found.flagged, strict=True)
    ]


def turnout(manifest: Manifest) -> Turnout | None:
    """Who voted, of those registered, over the whole dataset; None where one of them is not known everywhere."""
    totals = {line["row"]: line["value"] for line in manifest["totals"] if not line["known"]}
    return _turnout("", totals)


def turnouts(figures: Sequence[Figure]) -> list[Turnout]:
    """The same by place: by document, or of a single one by its columns, or by district where these are too many."""
    rows = {VOTED, *(row for rows in VOTERS for row in rows)}
    found = [f for f in figures if f.row in rows]
    sheets = {f.sha256 for f in found}
    if len(sheets) > 1:
        summed = {f.sha256 for f in found if f.is_total}
        places = _by(lambda f: (f.sha256, f.area), [f for f in found if f.is_total or f.sha256 not in summed])
    else:
        found = [f for f in found if not f.is_total]
        places = _by(lambda f: (str(f.column), f.label), found)
    if len(places) > MOST_PLACES:
        places = _by(_district, [f for f in found if not f.is_total])
    known = [told for label, sums in places if (told := _turnout(label, sums))]
    return known if 1 < len(known) <= MOST_PLACES else []


def _by(key: Callable[[Figure], tuple[str, str]], figures: Sequence[Figure]) -> list[tuple[str, Mapping[str, int]]]:
    """Sums by row of what has the same key, and its label; a row of which a part is not known is left out."""
    sums: dict[tuple[str, str], dict[str, int | None]] = {}
    for figure in figures:
        own = sums.setdefault(key(figure), {})
        before = own.get(figure.row, 0)
        own[figure.row] = None if before is None or figure.value is None else before + figure.value
    return [(label, {r: n for r, n in own.items() if n is not None}) for (_, label), own in sums.items()]


def _district(figure: Figure) -> tuple[str, str]:
    code = figure.unit_code[:_DISTRICT]
    name = figure.district or next((a.name for a in [_area(code)] if a), code)
    return name, name


def _area(code: str) -> Area | None:
    try:
        return catalogue.area(code)
    except KeyError:
        return None


def _turnout(label: str, sums: Mapping[str, int]) -> Turnout | None:
    for rows in VOTERS:
        if {VOTED, *rows} <= sums.keys() and (voters := sum(sums[row] for row in rows)):
            return Turnout(label, sums[VOTED], voters)
    return None
