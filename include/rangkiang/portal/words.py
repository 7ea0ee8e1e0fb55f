"""The site's words in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Texts

LANGUAGES = ("id", "en")


def say(key: str, lang: str = "id", **values: object) -> str:
    """The words of that key; numbers among the values are written as the language does. Raises KeyError."""
    written = {n: catalogue.number(v, lang) if isinstance(v, int) else v for n, v in values.items()}
    return _source()["texts"][key].get(lang).format(**written)


@cache
def named(group: str, lang: str = "id") -> Mapping[str, str]:
    """The names of one group of codes, in the order of the list. Raises KeyError."""
    return MappingProxyType({code: texts.get(lang) for code, texts in _source()[group].items()})


@cache
def _source() -> Mapping[str, Mapping[str, Texts]]:
    read = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return {
        group: {str(code): Texts(words["id"], words["en"]) for code, words in entries.items()}
        for group, entries in read.items()
    }
