"""Words of a form's sheet."""

from __future__ import annotations

from rangkiang.forms import form
from rangkiang.reading.scan import words


def test_a_name_may_be_what_is_left_of_another() -> None:
    assert "KAPA" in words.cut(form("DA1-PPWP"))
    assert words.cut(form("DC1-PPWP")) == {"SOLOK", "PASAMAN", "KOTAPADANG"}
