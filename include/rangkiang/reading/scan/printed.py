"""The printed tables of a sheet, page by page: what one page has lost is told by those around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from rangkiang.forms import Form
from rangkiang.reading.scan.drawn import Drawn
from rangkiang.reading.scan.eyes import Eyes
from rangkiang.reading.scan.faded import faded
from rangkiang.reading.scan.layout import Layout, fitting
from rangkiang.reading.scan.sheet import Taken, take
from rangkiang.scans.digits import digits
from rangkiang.scans.leaf import Leaf
from rangkiang.scans.letters import letters

MORE, DARKER = 1.1, 1.03
"""Times the figures in the tables that were found on a page, that its print tells if these are not all of them; and
times those that its print told, where it is taken to be darker."""


@dataclass(slots=True)
class _Page:
    """What was read on a page; the page itself, and how its tables were drawn, until the next one is seen."""

    leaf: Leaf | None
    taken: list[Taken] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)


class Printed:
    """The tables that were read so far."""

    def __init__(self, form: Form) -> None:
        self._digits = digits()
        self._eyes = Eyes(form, letters(), self._digits)
        self._pages: list[_Page] = []

    @property
    def tables(self) -> list[Taken]:
        return list(chain.from_iterable(page.taken for page in self._pages))

    @property
    def layouts(self) -> list[Layout]:
        """How they lie."""
        return [one.layout for one in self.tables]

    def see(self, leaf: Leaf, found: Sequence[Drawn]) -> None:
        """Read the next page, and the one before it again where this one tells more."""
        page, before = _Page(leaf), self._pages[-1] if self._pages else None
        self._pages.append(page)
        for one in found:
            taken = self._take(one, fitting(self.layouts, one))
            if taken is None:
                continue
            for n, other in enumerate(before.drawn if before else ()):
                if before and taken.layout.has_more(before.taken[n].layout, other):
                    before.taken[n] = self._take(other, taken.layout) or before.taken[n]
            page.taken.append(taken)
            page.drawn.append(one)
        self._by_print(page)
        if before:
            self._by_print(before)
            before.leaf, before.drawn = None, []

    def _by_print(self, page: _Page) -> None:
        """Read a page without its rules, where it is ruled like no other, if that tells more of its figures."""
        others = [own.layout for other in self._pages if other is not page for own in other.taken]
        most = max((len(own.layout.edges) for own in page.taken), default=0)
        wider = [one for one in _different(others) if len(one.edges) >= most]
        odd = not any(one.alike(own.layout) for one in others for own in page.taken)
        more = MORE
        for drawn, layout in faded(page.leaf, wider, self._eyes) if page.leaf and odd and wider else ():
            taken = self._take(drawn, layout)
            if taken and _filled([taken]) >= more * max(1, _filled(page.taken)):
                page.taken, page.drawn, more = [taken], [drawn], DARKER
            elif page.taken and more is MORE:
                return  # its rules tell more than its print, and what is darker of a photograph is dirt

    def _take(self, drawn: Drawn, before: Layout | None) -> Taken | None:
        return take(drawn, drawn.leaf.number, self._eyes, self._digits, before)


def _filled(tables: Sequence[Taken]) -> int:
    """How many cells of numbers are not empty."""
    return sum(bool(cell.guesses and cell.text) for one in tables for cell in one.table.cells)


def _different(layouts: Sequence[Layout]) -> list[Layout]:
    """One of each kind, the last ones first."""
    found: list[Layout] = []
    for one in reversed(layouts):
        if not any(one.alike(other) for other in found):
            found.append(one)
    return found
