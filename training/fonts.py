"""Debian's fonts, parted by design into those to train on, to calibrate on and to evaluate on (fonts.toml)."""

from __future__ import annotations

import functools
import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import ImageFont

Part = Literal["train", "calibrate", "evaluate"]

_LIST = Path(__file__).with_name("fonts.toml")
_HANDWRITTEN = Path(__file__).with_name("handwritten") / "fonts.toml"
_SHARE = Path("/usr/share")


class FontMissing(Exception):
    """A family of the list has no file on this machine."""

    def __init__(self, family: str) -> None:
        super().__init__(f"No font of '{family}' is installed; install the packages that training/fonts.toml lists.")


@dataclass(frozen=True, slots=True)
class Family:
    """Files of one design, and how often it is drawn."""

    name: str
    files: tuple[str, ...]
    weight: float


def packages() -> list[str]:
    """The Debian packages that hold the fonts."""
    listed = [name for path in (_LIST, _HANDWRITTEN) for name in tomllib.loads(path.read_text())["packages"]]
    return sorted(set(listed))


@functools.cache
def families(part: Part) -> tuple[Family, ...]:
    """The families of a part, in the list's order. Raises FontMissing."""
    return tuple(_family(entry) for entry in tomllib.loads(_LIST.read_text())[part])


def _family(entry: dict[str, Any]) -> Family:
    files = sorted(str(path) for pattern in entry["files"] for path in _SHARE.glob(pattern))
    if not files:
        raise FontMissing(entry["name"])
    return Family(entry["name"], tuple(files), entry.get("weight", 1))


def draw(part: Part, chance: random.Random) -> tuple[str, str]:
    """A family's name and one of its files."""
    listed = families(part)
    family = chance.choices(listed, [one.weight for one in listed])[0]
    return family.name, chance.choice(family.files)


@functools.lru_cache(maxsize=512)
def font(path: str, size: float) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(path, size)
