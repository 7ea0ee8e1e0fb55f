"""'Halaman x dari y': does the document have all its pages, and do they lie in order?"""

from __future__ import annotations

import re
from collections import Counter

from rangkiang.model import Table
from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

_NUMBERED = re.compile(r"HALAMAN\s*:?\s*(\d{1,3})\s*(?:DARI|/)\s*(\d{1,3})", re.IGNORECASE)


def in_order(source: Source) -> list[Table]:
    """The tables in the order in which pages are numbered, where every page is: sheets of paper get mixed up."""
    numbers = [number(text) for text in source.texts]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        return list(source.tables)
    return sorted(source.tables, key=lambda table: numbers[table.page - 1])


def number(text: str) -> int:
    """Of a page, by what stands on it; 0 where it has none."""
    found = _NUMBERED.search(text)
    return int(found[1]) if found else 0


def check(source: Source) -> None:
    """Raises Unreadable('pages_missing') where numbered pages are absent and no unnumbered page can stand for them.

    How many there are is what most pages say: on a scan one may be misread.
    """
    seen: set[int] = set()
    totals: Counter[int] = Counter()
    numbered = 0
    for text in source.texts:
        found = [(int(number), int(total)) for number, total in _NUMBERED.findall(text)]
        numbered += bool(found)
        seen.update(number for number, _ in found)
        totals.update(total for _, total in found)
    last = max(totals, key=lambda total: (totals[total], total), default=0)
    missing = [n for n in range(1, last + 1) if n not in seen]
    if missing and len(missing) > source.pages - numbered:
        raise Unreadable("pages_missing", pages=", ".join(map(str, missing)))
