"""From a slip's facts to a page, and from several to the text and the page of a mail."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment
from markupsafe import Markup

from rangkiang import catalogue
from rangkiang.model import shown
from rangkiang.slips.slip import WESTERN, Slip
from rangkiang.templates import environment

SLIPS = "slips-1"
"""Names the way slips are made: of another version, those that are there are made anew. None is mailed again for it."""

_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_STYLE = files(__package__).joinpath("templates", "surat.css").read_text("utf-8")
_OURS = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; img-src data:; style-src 'sha256-{_OURS}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
"""The Content-Security-Policy under which a slip looks as it should. It holds a picture and a style, and no more."""


def page(slip: Slip) -> str:
    """The slip as a page of its own."""
    return _environment().get_template("surat.html.j2").render(slip=slip)


def letter(slips: Sequence[Slip], part: str = "") -> str:
    """The page of a mail that has these slips with it; ``part`` says which of several mails it is."""
    return _environment().get_template("pengantar.html.j2").render(slips=slips, part=part)


def brief(slips: Sequence[Slip], part: str = "") -> str:
    """The same as plain text."""
    return _plain().get_template("pengantar.txt.j2").render(slips=slips, part=part)


def moment(at: datetime) -> str:
    """'7 Maret 2026 pukul 01.15 WIB'."""
    here = at.astimezone(WESTERN)
    return f"{here.day} {_MONTHS[here.month - 1]} {here.year} pukul {here:%H.%M} WIB"


def _as_url(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


@cache
def _environment() -> Environment:
    made = environment("rangkiang.slips", "templates")
    made.globals |= {
        "moment": moment, "number": catalogue.number, "shown": shown, "as_url": _as_url,
        # No frame-ancestors: in a page it is not heard.
        "policy": POLICY.rpartition("; ")[0], "style": Markup(_STYLE),  # noqa: S704 - our own file
    }  # fmt: skip
    return made


@cache
def _plain() -> Environment:
    return _environment().overlay(autoescape=False)  # plain text: what it says is shown as it is
