"""Where a setting may stand, and what counts before what."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from rangkiang.settings import Settings


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a file of its own, and a working folder without one."""
    (tmp_path / "rangkiang.toml").write_text('notice = "Data contoh"\nstragglers = 3\n')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.delenv("RANGKIANG_HOME", raising=False)
    return tmp_path


def test_a_house_has_a_file_of_its_own(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().notice == ""
    assert Settings(home=house).notice == "Data contoh"
    monkeypatch.setenv("RANGKIANG_HOME", str(house))
    assert Settings().notice == "Data contoh"


def test_the_environment_counts_before_the_file_and_that_before_the_house(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("rangkiang.toml").write_text(f'home = "{house}"\nstragglers = 4\n')
    assert (Settings().notice, Settings().stragglers) == ("Data contoh", 4)
    monkeypatch.setenv("RANGKIANG_STRAGGLERS", "5")
    assert Settings().stragglers == 5


def test_a_clerk_has_offices_and_nobody_else_has() -> None:
    Settings(people={"petugas": {"role": "clerk", "offices": ["13.06"]}})
    for wrong in ({"role": "clerk"}, {"role": "reviewer", "offices": ["13.06"]}, {"role": "king"}):
        with pytest.raises(ValidationError):
            Settings(people={"petugas": wrong})
