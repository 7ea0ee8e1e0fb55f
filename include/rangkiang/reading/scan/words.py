"""What may stand on a form's sheet, apart from numbers and from names of candidates: a closed list reads better than
free eyes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rangkiang import catalogue
from rangkiang.forms import Form

STUB = ("URAIAN", "NO", "NO.")
"""What stands over the labels and their numbers."""

HEADS = (*STUB, "RINCIAN PEROLEHAN", "JUMLAH")


@lru_cache(64)
def head_words(form: Form) -> tuple[str, ...]:
    """What stands in the head over labels and running totals, and over the names of the units."""
    carries = [name for names in form.carries.values() for name in names]
    units = form.printed_unit
    return tuple(dict.fromkeys([*HEADS, *carries, f"RINCIAN {units}", f"RINCIAN {units.partition('/')[0]}", units]))


@lru_cache(64)
def unit_names(form: Form) -> tuple[str, ...]:
    """Every spelling of every unit that a column may be about; none for polling places, which are numbered."""
    return catalogue.spellings(form.unit)


@lru_cache(64)
def cut(form: Form) -> frozenset[str]:
    """Names, folded, that are left of another unit's where a stroke hides one of its ends: KAPA of KAPAU, SOLOK of
    SOLOK SELATAN and of KOTA SOLOK."""
    names = {catalogue.fold(name) for name in unit_names(form)}
    return frozenset(part for name in names for n in range(1, len(name)) for part in (name[n:], name[:-n])) & names


@lru_cache(64)
def labels(form: Form) -> tuple[str, ...]:
    """Labels of rows, headings and sections, with their numbers in front and without."""
    return tuple(dict.fromkeys(_labels(form)))


@lru_cache(64)
def splits(form: Form) -> tuple[str, ...]:
    """What sheets print for L, P and JML."""
    return tuple(dict.fromkeys(name for split in form.splits for name in split.printed))


def _labels(form: Form) -> Iterator[str]:
    for section in form.sections:
        yield section.label.id
        yield f"{section.code.rpartition('.')[2]}. {section.label.id}"
    for heading in form.headings:
        yield heading.printed
        yield f"{heading.number}. {heading.printed}"
    for row in form.rows:
        if not row.optional:
            for label in (row.label.id, *row.printed):
                yield label
                yield f"{row.number}. {label}"
