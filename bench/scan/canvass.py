"""Scanned canvasses of American counties, which no form describes: what of their truth is found, placed, proved.

The truth names precinct, contest and candidate as a person wrote them down. A candidate's line of a table is the one
that is named alike and agrees in most precincts; a figure of it that is not flagged and says otherwise is silently
wrong (or the truth is: each is named, to be compared with the sheet).
"""

from __future__ import annotations

import csv
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from rapidfuzz import fuzz

from bench.scan.peers import numbers_on
from rangkiang.guard import jobs
from rangkiang.model import Cell, Status, Table
from rangkiang.reading import Unreadable
from samples.damage.pictures import Picture

ALIKE = 60.0
"""Of 100: a line that is called less alike is another one."""
PART = 0.95
"""A name that is only a part of what a line is called counts for a little less."""
AGREES = 0.5
"""Share of its precincts in which a line must say what the truth says, to be the candidate's."""

_DPI = 300
_NUMBER = re.compile(r"\w*\d\w*")

Contest = tuple[str, ...]  # office, party, candidate
Line = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A vote of the truth, and what was made of it: right, flagged, silent; '' where it was not found."""

    name: str
    truth: int
    said: str
    result: str


def measure(folder: Path) -> Iterator[str]:
    """A line for each file, and every silent error by name."""
    files = sorted(folder.glob("*.pdf"))
    if not files:
        yield f"nothing to measure: no PDF in {folder}"
        return
    kinds = ("proved", "read", "right", "flagged", "silent")
    yield (
        f"{'canvass':<26}{'votes':>6}{'found':>8}"
        + "".join(f"{k:>8}" for k in kinds)
        + f"{'CPU s':>7}{'tesseract':>11}"
    )
    silent: list[str] = []
    for pdf in files:
        began = time.process_time()
        tables = _tables(pdf)
        took = time.process_time() - began
        truth = _truth(pdf.with_suffix(".truth.csv"))
        votes = Counter(v for line in truth.values() for v in line.values() if v)
        found = votes & Counter(int(_digits(c)) for table in tables for c in table.cells if _digits(c))
        judged = [one for contest, line in truth.items() for one in _judge(tables, contest, line)]
        count = Counter(one.result for one in judged)
        settled = Counter(c.status for table in tables for c in table.cells if c.status)
        alone = votes & Counter(int(text) for text in numbers_on(_pictures(pdf)).elements() if text.isdecimal())
        numbers = (settled[Status.PROVED], settled[Status.READ], count["right"], count["flagged"], count["silent"])
        yield (
            f"{pdf.stem:<26}{votes.total():>6}{found.total() / votes.total():>8.1%}"
            + "".join(f"{n:>8}" for n in numbers)
            + f"{took:>7.1f}{alone.total() / votes.total():>11.1%}"
        )
        silent += [
            f"  {pdf.stem}: {one.name}: {one.said}, truth {one.truth}" for one in judged if one.result == "silent"
        ]
    yield from ("silently wrong, or the truth is:", *silent) if silent else ("no silent errors",)


def _tables(pdf: Path) -> Sequence[Table]:
    try:
        return jobs.surveyed(jobs.survey(pdf.read_bytes(), "application/pdf")).tables
    except Unreadable:
        return ()


def _truth(path: Path) -> dict[Contest, dict[str, int]]:
    """Votes by precinct of every candidate."""
    found = defaultdict[Contest, dict[str, int]](dict)
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            if line["votes"].isdigit():
                found[line["office"], line["party"], line["candidate"]][line["precinct"]] = int(line["votes"])
    return found


def _judge(tables: Sequence[Table], contest: Contest, truth: Mapping[str, int]) -> Iterator[Judged]:
    best: dict[str, list[Cell | None]] = {}
    most = AGREES * sum(map(bool, truth.values()))
    for table in tables:
        grid = table.grid()
        turned = [list(column) for column in zip(*grid, strict=True)]
        for rows, columns in ((grid, turned), (turned, grid)):
            precincts = {name: at for name in truth if (at := _named(rows, name))}
            for n in _like(columns, contest):
                line = {name: [rows[r][n] for r in at] for name, at in precincts.items()}
                agree = sum(truth[name] in _values(cells) for name, cells in line.items() if truth[name])
                if agree > most:
                    best, most = line, agree
    for name, votes in truth.items():
        cells = best.get(name, [])
        said = " + ".join(cell.text for cell in cells if cell)
        yield Judged(" ".join((name, *filter(None, contest))), votes, said, _judged(cells, votes))


def _judged(cells: Sequence[Cell | None], votes: int) -> str:
    if any(cell and cell.doubt for cell in cells):
        return "flagged"
    values = _values(cells)
    return "right" if votes in values else "silent" if values else ""


def _values(cells: Sequence[Cell | None]) -> list[int]:
    """What the lines of a precinct say: each, and all together. Some precincts are parted on the sheet."""
    values = [value for value in map(_value, cells) if value is not None]
    return [*values, sum(values)] if values else []


def _value(cell: Cell | None) -> int | None:
    """An empty cell counts as none; None for words."""
    return None if cell is None else int(_digits(cell) or 0) if _digits(cell) or not cell.text.strip(" -") else None


def _digits(cell: Cell) -> str:
    """A number without its separators; '' for any other text."""
    text = re.sub(r"[\s,.]", "", cell.text)
    return text if text.isdecimal() else ""


def _named(lines: Sequence[Line], name: str) -> list[int]:
    """The lines of a precinct, all of them where a number behind its name parts it; else the one most alike."""
    pattern = re.compile(_bare(name) + r"(\s+\d+)?")
    own = [n for n, line in enumerate(lines) if any(cell and pattern.fullmatch(_bare(cell.text)) for cell in line)]
    scores = [] if own else [_score(line, name) for line in lines]
    best = max(scores, default=0.0)
    return own or ([scores.index(best)] if best >= ALIKE and scores.count(best) == 1 else [])


def _bare(name: str) -> str:
    """Letters and digits, upper case, with a space between words."""
    return " ".join(re.findall(r"[^\W_]+", name.upper()))


def _like(lines: Sequence[Line], contest: Contest) -> list[int]:
    """Lines that may be a candidate's, or where there is none a party's, or that of what is counted."""
    office, party, candidate = contest
    names = (candidate, f"{candidate} {party}") if candidate else (party, f"{office} {party}", office)
    return [n for n, line in enumerate(lines) if max(_score(line, name) for name in names if name) >= ALIKE]


def _score(line: Line, name: str) -> float:
    said = [cell.text for cell in dict.fromkeys(line) if cell and not _digits(cell)]
    return max(_alike(text, name) for text in (*said, " ".join(said)))


def _alike(text: str, name: str) -> float:
    same = set(_NUMBER.findall(name.upper())) <= set(_NUMBER.findall(text.upper()))
    whole, part = (how(text.upper(), name.upper()) for how in (fuzz.token_sort_ratio, fuzz.token_set_ratio))
    return max(whole, PART * part) if same else 0.0


def _pictures(pdf: Path) -> list[Picture]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=_DPI / 72, grayscale=True).to_numpy() for page in document]
