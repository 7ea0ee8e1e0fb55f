"""A count is read or it is not; nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rangkiang.model import Status
from rangkiang.reading.numbers import parse


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        *(("0", 0), ("007", 7), ("1.234", 1234), ("1 234 567", 1234567), ("1\u00a0234", 1234), ("1,234", 1234)),
        *(("12.0", 12), ("12,00", 12), ("-", 0), ("\u2013", 0), ("XXX", 0), ("xx0", 0), ("XX-", 0), ("X12", 12)),
    ],
)
def test_counts(raw: str, value: int) -> None:
    assert parse(raw) == (value, Status.READ)


@pytest.mark.parametrize(
    "raw", ["12O", "1.2345", "1.23", "12.345,6", "1.234 567", "-5", "1.0000", "=A1", "١٢", "9" * 13, "1,5"]
)
def test_no_counts(raw: str) -> None:
    assert parse(raw) == (None, Status.FLAGGED)


@pytest.mark.parametrize("raw", ["", " ", "\n"])
def test_blank(raw: str) -> None:
    assert parse(raw) == (None, Status.BLANK)


@given(st.integers(0, 10**12 - 1), st.sampled_from(["", ".", " ", ","]))
def test_any_count_comes_back(value: int, mark: str) -> None:
    assert parse(f"{value:,}".replace(",", mark)) == (value, Status.READ)
