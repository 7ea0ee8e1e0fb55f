"""Words and numbers as the deliverables write them. A narrative's numbers all go through ``angka`` or ``persen``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from rangkiang import catalogue
from rangkiang.catalogue import Texts


@dataclass(frozen=True, slots=True)
class Word:
    """A name in both languages and, where it needs one, its meaning."""

    name: Texts
    means: Texts


def words(group: str) -> Mapping[str, Word]:
    """The words of one group of ``words.yaml`` by code. Raises KeyError."""
    return MappingProxyType({str(code): word(raw) for code, raw in source()[group].items()})


def titled(file: str, lang: str = "id") -> str:
    """What a file of a folder is, by its key in ``words.yaml``. Raises KeyError."""
    return words("files")[file].name.get(lang)


def word(raw: Mapping[str, Any]) -> Word:
    means = raw.get("means", {"id": "", "en": ""})
    return Word(Texts(str(raw["id"]), str(raw["en"])), Texts(str(means["id"]), str(means["en"])))


@cache
def source() -> Mapping[str, Any]:
    """``words.yaml`` as it stands."""
    return MappingProxyType(yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8")))


def angka(value: int) -> str:
    """1.234.567"""
    return catalogue.number(value)


def hundredths(part: int, whole: int) -> Decimal:
    """The share in percent, two decimals, halves rounded up. Raises ZeroDivisionError where the whole is nothing."""
    if whole == 0:
        raise ZeroDivisionError("a share of nothing")
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def persen(part: int, whole: int, lang: str = "id") -> str:
    """'75,64 persen', in English '75.64 per cent'. Raises ZeroDivisionError where the whole is nothing."""
    share = f"{hundredths(part, whole):f}"
    return f"{share} per cent" if lang == "en" else share.replace(".", ",") + " persen"


def kebab(name: str) -> str:
    """'KOTA PADANG PANJANG' becomes 'kota-padang-panjang'."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def sentence_case(text: str) -> str:
    """The same text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
