"""A cell of an ODS from the attributes of its element: its value, and its formula in the words of XLSX."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from rangkiang.books.notes import Formula, percent
from rangkiang.books.values import Value

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "

_FORMULA = f"{TABLE}formula"
_KIND = f"{OFFICE}value-type"
_VALUE = f"{OFFICE}value"
_ERROR = re.compile(r"#[A-Z/0!?]{3,}[0-9]*[!?]?|Err:[0-9]{3}")
_LINK = re.compile(r"\[(?:\$?(?P<sheet>'(?:[^']|'')+'|[^\[\].']*))?\.(?P<first>[^\]:]+)(?::\.?(?P<last>[^\]]+))?\]")
_DURATION = re.compile(r"-?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")


def value_of(cell: dict[str, str], text: str) -> tuple[Value, str]:
    """The value, and the text that takes its place where a value alone would mislead."""
    kind = cell.get(_KIND)
    if not kind or kind == "string":
        return text or cell.get(f"{OFFICE}string-value", ""), ""
    if (error := text.strip()).startswith(("#", "Err:")) and _ERROR.fullmatch(error):
        return error, error
    if kind == "date":
        return _date(cell.get(f"{OFFICE}date-value", text)), ""
    if kind == "time":
        return _time(cell.get(f"{OFFICE}time-value", text)), ""
    if kind == "boolean":
        return cell.get(f"{OFFICE}boolean-value", text) == "true", ""
    if _VALUE not in cell:
        return text, ""
    number = float(cell[_VALUE])
    return number, percent(number) if kind == "percentage" else ""


def _date(text: str) -> Value:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


def _time(text: str) -> Value:
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def formula_of(cell: dict[str, str]) -> Formula | None:
    """In the words of XLSX: 'of:=SUM([.B2:.B5];[$Dua.C1])' is 'SUM(B2:B5,Dua!C1)'."""
    told = cell.get(_FORMULA)
    if told is None:
        return None
    text = told.partition(":=")[2] or told.lstrip("=")
    text = _LINK.sub(_linked, text).replace(";", ",")
    return Formula(text.strip(), computed=_KIND in cell)


def _linked(link: re.Match[str]) -> str:
    sheet, first, last = link["sheet"] or "", link["first"], link["last"]
    if sheet and not sheet.startswith("'"):
        sheet = "'" + sheet + "'"
    return (f"{sheet}!" if sheet else "") + first + (f":{last}" if last else "")
