"""Where a setting may stand, and what counts before what."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from rangkiang.settings import NotShared, Settings
from rangkiang.steps import open_barn
from rangkiang.web import token


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


def test_what_is_secret_may_stand_in_files_and_the_environment_counts_before_them(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RANGKIANG_SECRET", raising=False)
    secrets = house / "secrets"
    secrets.mkdir()
    (secrets / "rangkiang_ledger").write_text("postgresql+psycopg://dari-berkas\n")
    (secrets / "rangkiang_secret").write_text("s" * 40)
    (secrets / "fernet_key").write_text("another program's")
    assert Settings().ledger == ""
    monkeypatch.setenv("RANGKIANG_SECRETS", str(secrets))
    assert (Settings().ledger, Settings().secret) == ("postgresql+psycopg://dari-berkas", "s" * 40)
    monkeypatch.setenv("RANGKIANG_LEDGER", "postgresql+psycopg://dari-lingkungan")
    assert Settings().ledger == "postgresql+psycopg://dari-lingkungan"


def test_a_folder_of_secrets_that_is_not_there_is_no_reason_to_go_on_without(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANGKIANG_SECRETS", str(house / "gone"))
    with pytest.raises(FileNotFoundError, match="RANGKIANG_SECRETS"):
        Settings()


def test_where_several_machines_work_nothing_they_share_is_left_to_one_of_them(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RANGKIANG_SECRET", raising=False)
    alone, several = Settings(home=house), Settings(home=house, machines="several")
    for setting, url in (("store", "store_url"), ("portal", "portal_url"), ("lineage", "lineage_url")):
        assert getattr(alone, url).startswith("file:")
        with pytest.raises(NotShared, match=f"`{setting}` must be set"):
            getattr(several, url)
    monkeypatch.setenv("RANGKIANG_HOME", str(house))
    monkeypatch.setenv("RANGKIANG_MACHINES", "several")
    with pytest.raises(NotShared, match="`ledger`"), open_barn():
        pass
    token.secret.cache_clear()
    with pytest.raises(NotShared, match="`secret`"):
        token.secret()
    assert not (house / "web.key").exists()
    assert not (house / "postgres").exists()
