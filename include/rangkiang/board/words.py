"""The board's words in both languages, and how it writes numbers, times and ages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Texts

LANGUAGES = ("id", "en")
_WESTERN = timezone(timedelta(hours=7), "WIB")


def say(key: str, lang: str, **values: object) -> str:
    """The words of that key; numbers among the values are written as the language does. Raises KeyError."""
    written = {n: catalogue.number(v, lang) if isinstance(v, int) else v for n, v in values.items()}
    return _words()[key].get(lang).format(**written)


def keys() -> frozenset[str]:
    """Everything that can be said."""
    return frozenset(_words())


def age(since: datetime, now: datetime, lang: str) -> str:
    """How long ago, in the largest unit that fits: '3 hari', '5 jam', '< 1 jam'."""
    return lasting(now - since, lang)


def lasting(span: timedelta, lang: str) -> str:
    """How long, in the largest unit that fits."""
    hours = int(span.total_seconds() // 3600)
    if hours < 1:
        return say("under_an_hour", lang)
    return say("hours", lang, n=hours) if hours < 48 else say("days", lang, n=hours // 24)


def moment(at: datetime) -> str:
    """In the time of western Indonesia, to the minute."""
    return f"{at.astimezone(_WESTERN):%Y-%m-%d %H:%M} WIB"


@cache
def _words() -> Mapping[str, Texts]:
    read = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return {key: Texts(words["id"], words["en"]) for key, words in read.items()}
