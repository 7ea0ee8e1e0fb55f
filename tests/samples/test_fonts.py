"""The fonts that scans are tested in are none that the recogniser was trained on or its confidence set by."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

from samples.press.fonts import more

PARTS = tomllib.loads((Path(__file__).parents[2] / "training" / "fonts.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", more())
def test_fonts_are_held_out(name: str) -> None:
    for file in (more()[name]["plain"], more()[name]["bold"]):
        assert not [family["name"] for part in ("train", "calibrate") for family in PARTS[part] if _holds(family, file)]
        assert any(_holds(family, file) for family in PARTS["evaluate"]), f"{file} is in no part"


def _holds(family: dict[str, list[str]], file: str) -> bool:
    return any(fnmatch(file, f"/usr/share/{pattern}") for pattern in family["files"])
