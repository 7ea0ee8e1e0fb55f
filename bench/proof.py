"""The proof of scans, on simulated readers: how much passes silently, how much is flagged, how long it takes.

    python bench/proof.py [--cells 200000] [--seed 1]

Sheets of every form, read by readers of three qualities that hesitate, err, and are surer than they should be. On some
sheets a figure is printed wrong, on a few a row has slipped by one column or one digit is taken for another all over.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pandas as pd

from rangkiang.forms import form
from rangkiang.model import Finding
from rangkiang.proof import prove
from samples.press import MODELS, compose
from samples.press.sheet import Sheet
from tests.helpers import readers
from tests.helpers.readers import LEVELS, Figure, Reader, Said

MISPRINTED, SLIPPED, WORN = 0.05, 0.02, 0.05
"""Shares of the sheets: with a figure that is printed wrong, a row that slipped, a digit that is taken for another."""

BROKEN = {"identity_broken", "total_broken", "carry_broken"}


@dataclass(slots=True)
class Tally:
    """What is counted, and every figure that passed silently."""

    of: Counter[str] = field(default_factory=Counter)
    seconds: list[tuple[float, int]] = field(default_factory=list)  # of each sheet, and its cells
    silent: list[str] = field(default_factory=list)


def sheets(seed: int) -> Iterator[Sheet]:
    """One of every model in turn."""
    nth = 0
    while True:
        for model in MODELS:
            yield compose(seed, model, nth)
        nth += 1


def misprint(there: list[Figure], rng: random.Random) -> int:
    """Print one figure wrong, mostly one that is a sum; returns its position."""
    sums = [n for n, f in enumerate(there) if f.row.endswith((".JML", ".T")) or f.row in ("V.A", "V.C", "III.1")]
    at = rng.choice(sums if rng.random() < 0.7 else range(len(there)))
    while there[at].printed == there[at].meant:
        there[at] = replace(there[at], printed=slipped_pen(there[at].meant, rng))
    return at


def slipped_pen(value: int, rng: random.Random) -> int:
    """Another digit, two digits changed about, or an error of adding up."""
    digits, kind = list(str(value)), rng.random()
    place = rng.randrange(len(digits))
    if kind < 0.4:
        digits[place] = rng.choice("0123456789")
    elif kind < 0.6 and place:
        digits[place - 1], digits[place] = digits[place], digits[place - 1]
    else:
        return max(0, value + rng.choice((-100, -10, -2, -1, 1, 2, 9, 10, 100)))
    return int("".join(digits))


def wear(said: list[Said], there: list[Figure], rng: random.Random) -> None:
    """One digit is taken for another in a twentieth of the places where it stands."""
    worn = rng.choice("0123456789")
    seen = rng.choice(readers.CONFUSED[worn])
    for n, figure in enumerate(there):
        text = str(figure.printed)
        if worn in text and rng.random() < 0.05:
            wrong = str(int(text.replace(worn, seen, 1)))
            sure = rng.choice((rng.uniform(0.5, 0.99), 1 - 10 ** -rng.uniform(2, 4)))
            said[n] = readers.guesses([wrong, text], [sure, (1 - sure) * 0.8])


def slip(said: list[Said], there: list[Figure], rng: random.Random) -> set[int]:
    """The readings of one row of one page stand one column too far to the right; returns their positions."""
    chosen = rng.choice(there)
    cells = [n for n, f in enumerate(there) if (f.row, f.page) == (chosen.row, chosen.page)]
    for left, right in reversed(list(pairwise(cells))):
        said[right] = said[left]
    said[cells[0]] = [["", None, 0.9999]]
    return set(cells)


def one(tally: Tally, reader: Reader, sheet: Sheet, rng: random.Random) -> None:
    """Print, read and prove a sheet."""
    there = readers.figures(sheet)
    wrong = misprint(there, rng) if rng.random() < MISPRINTED else None
    said = [readers.read(reader, figure.printed, sheet.style.zero, rng) for figure in there]
    if rng.random() < WORN:
        wear(said, there, rng)
    moved = slip(said, there, rng) if len(sheet.grid.blocks[0]) > 1 and rng.random() < SLIPPED else set()
    frame = readers.frame(sheet, there, said)
    began = time.process_time()
    proved, findings = prove(frame, form(sheet.model), "13.01", "a" * 64)
    tally.seconds.append((time.process_time() - began, len(there)))
    frame.attrs = proved.attrs = {}  # pandas copies them at every step
    count(tally, there, frame, proved, moved)
    if wrong is not None:
        judge(tally, there[wrong], proved.iloc[wrong], findings)


def count(tally: Tally, there: list[Figure], read: pd.DataFrame, proved: pd.DataFrame, moved: set[int]) -> None:
    first, value = (list(pd.array(frame["value"]).fillna(0)) for frame in (read, proved))
    for n, (figure, before, after, status) in enumerate(zip(there, first, value, proved["status"], strict=True)):
        tally.of.update(("cells", status))
        tally.of["right at first"] += before == figure.printed
        if status != "flagged" and after != figure.printed:
            tally.of["silent" if n not in moved else "silent in slips"] += 1
            place = f"{proved['form'].iat[0]} {figure.row}, column {figure.column}"
            tally.silent.append(f"{place}: {figure.printed} became {after}, {status} (read as {before})")


def judge(tally: Tally, figure: Figure, cell: pd.Series, findings: tuple[Finding, ...]) -> None:
    """Of a figure that is printed wrong."""
    place = (cell["row"], cell["column_kind"], cell["column_label"])
    said = {f.code for f in findings if place in {(c.row, c.column_kind, c.column_label) for c in f.cells}}
    tally.of["misprints"] += 1
    tally.of["do not add up"] += bool(said & BROKEN)
    tally.of["unsure"] += "reading_unsure" in said and not said & BROKEN
    tally.of["repaired"] += cell["status"] != "flagged" and cell["value"] != figure.printed


def measure(reader: Reader, cells: int, seed: int) -> Tally:
    tally = Tally()
    for n, sheet in enumerate(sheets(seed)):
        one(tally, reader, sheet, random.Random(f"{seed}/{reader.name}/{n}"))  # noqa: S311
        if tally.of["cells"] >= cells:
            break
    return tally


def report(reader: Reader, tally: Tally) -> None:
    of, seconds = tally.of, tally.seconds
    shares = "".join(f"{of[what] / of['cells']:>9.3%}" for what in ("right at first", "proved", "read", "flagged"))
    misprints = "".join(f"{of[what]:>8}" for what in ("misprints", "do not add up", "unsure", "repaired"))
    per_sheet = sum(took for took, _ in seconds) / len(seconds)
    slowest = max(2000 * took / max(cells, 500) for took, cells in seconds)
    print(
        f"{reader.name:<8}{of['cells']:>9}{shares}{of['silent']:>8}{of['silent in slips']:>8}{misprints}"
        f"{per_sheet:>9.2f}{slowest:>9.2f}",
        flush=True,
    )
    for line in tally.silent:
        print(f"    {line}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--cells", type=int, default=200_000, help="of each reader")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--reader", type=int, choices=range(len(LEVELS)), help="only this one")
    chosen = arguments.parse_args()
    print(f"{'':<8}{'':>9}{'right':>9}{'':>27}{'':>8}{'in':>8}{'mis-':>8}{'do not':>8}{'un-':>8}{'re-':>8}{'s a':>9}")
    heads = "".join(f"{head:>9}" for head in ("cells", "at first", "proved", "read", "flagged"))
    counts = "".join(f"{head:>8}" for head in ("silent", "slips", "prints", "add up", "sure", "paired"))
    print(f"{'reader':<8}{heads}{counts}{'sheet':>9}{'per 2000':>9}")
    for reader in LEVELS if chosen.reader is None else LEVELS[chosen.reader : chosen.reader + 1]:
        report(reader, measure(reader, chosen.cells, chosen.seed))


if __name__ == "__main__":
    main()
