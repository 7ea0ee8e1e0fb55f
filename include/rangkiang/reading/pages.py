"""'Halaman x dari y': does the document have all its pages?"""

from __future__ import annotations

import re

from rangkiang.reading.errors import Unreadable
from rangkiang.reading.source import Source

_NUMBERED = re.compile(r"HALAMAN\s*:?\s*(\d{1,3})\s*(?:DARI|/)\s*(\d{1,3})", re.IGNORECASE)


def check(source: Source) -> None:
    """Raises Unreadable('pages_missing') where numbered pages are absent and no unnumbered page can stand for them."""
    seen: set[int] = set()
    numbered = last = 0
    for text in source.texts:
        found = [(int(number), int(total)) for number, total in _NUMBERED.findall(text)]
        numbered += bool(found)
        seen.update(number for number, _ in found)
        last = max([last, *(total for _, total in found)])
    missing = [n for n in range(1, last + 1) if n not in seen]
    if missing and len(missing) > source.pages - numbered:
        raise Unreadable("pages_missing", pages=", ".join(map(str, missing)))
