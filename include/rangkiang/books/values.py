"""Values as the reader of workbooks gives them, and their text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

Value = str | float | int | bool | date | datetime | time | timedelta
"""'' is an empty cell."""


def text_of(value: Value) -> str:
    """A cell's value as text, exactly: 1234.0 is '1234', 12.5 is '12.5', a date is ISO 8601.

    Spreadsheets keep and show 15 digits of a number; what comes after is noise of the sums that made it.
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, date | time):
        return value.isoformat()
    text = f"{value:.15g}"
    return str(int(float(text))) if "e" not in text and "." not in text else text


def texts_of(values: Iterable[Value]) -> list[str]:
    return [text_of(value) for value in values]
