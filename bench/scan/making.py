"""Scans to be read: every form in turn, in fonts that nothing was trained on, some with a slip of the typist's."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from samples.damage import MEDIA_TYPES, ONE_PAGE, Kind, Level, wear
from samples.press import MODELS, Print, Truth, single
from samples.press.fonts import more
from samples.press.slips import Slip

DIGITAL = "digital"
"""A level of no damage: the print itself, to see that the account is right."""

FONTS = ("helvetica", "times", "courier", "vera", "dejavu", *more())
SLIPS = 0.15
"""Share of the sheets with a slip."""

_KINDS: tuple[Kind, ...] = ("pdf", "pdf", "pdf", "tiff", "jpeg", "png")


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read, and what is in it."""

    name: str
    model: str
    data: bytes
    media_type: str
    pages: int
    truth: tuple[Truth, ...]
    slip: Slip | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def numbers(self) -> int:
        return sum(bool(figure.printed) for figure in self.truth)


def jobs(seed: int, level: str, cells: int) -> Iterator[Job]:
    """Until ``cells`` numbers are printed. Raises FontMissing."""
    for nth in count():
        for model in chance(seed, level, nth).sample(MODELS, len(MODELS)):
            job = _job(seed, level, model, nth)
            yield job
            cells -= job.numbers
            if cells <= 0:
                return


def chance(*of: object) -> random.Random:
    return random.Random("/".join(map(str, of)))  # noqa: S311 - nothing secret


def printed(seed: int, level: str, model: str, nth: int) -> Print:
    """The sheet, before anything befalls it."""
    drawn = chance(seed, level, model, nth, "print")
    return single(seed, model, nth, font=drawn.choice(FONTS), slip=drawn.random() < SLIPS)


def _job(seed: int, level: str, model: str, nth: int) -> Job:
    one = printed(seed, level, model, nth)
    drawn = chance(seed, level, model, nth, "scan")
    kind = drawn.choice(_KINDS)
    kind = "pdf" if level == DIGITAL or (kind in ONE_PAGE and one.pages > 1) else kind
    data = one.pdf if level == DIGITAL else wear(one.pdf, Level(level), drawn.randrange(2**31), kind)
    return Job(f"{level}-{model}-{nth}.{kind}", model, data, MEDIA_TYPES[kind], one.pages, one.truth, one.slip)
