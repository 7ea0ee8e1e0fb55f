"""Records of an old workbook (BIFF5 to BIFF8, [MS-XLS]): what the reader of its values does not tell.

Formulas are kept there as compiled tokens, so their texts are not available: only the values last computed are read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from rangkiang.books.compound import Compound
from rangkiang.books.errors import Unusable, broken
from rangkiang.books.notes import ERRORS, Notes, check_extent, is_percent, percent
from rangkiang.books.places import Place

UNTOLD = "=…"
"""What stands for a formula whose value the file does not hold: no number, and not blank either."""

_STREAMS = ("Workbook", "Book")  # the second is that of 1995 and before
_BOF, _EOF, _SHEET, _LOCKED = 0x809, 0x0A, 0x85, 0x2F
_ROW, _COLUMNS, _FORMAT, _STYLE = 0x208, 0x7D, 0x41E, 0xE0
_FORMULA, _TEXT_OF_FORMULA, _ERROR = 0x06, 0x207, 0x205
_BETWEEN = (0x4BC, 0x221, 0x236, 0x3C)  # what may stand between a formula and its text: that it is shared, an array …
_LINKS, _OWN_LINKS = 0x1AE, (0x0401, 0x3A01)  # to this very book, and to what programs add
_NUMBER, _RK, _MANY_RK = 0x203, 0x27E, 0xBD
_CELLS = {_FORMULA, _ERROR, _NUMBER, _RK, 0xFD, 0x204, 0xD6}  # and texts: LABELSST, LABEL, RSTRING
_ERROR_CODES = dict(zip((0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A), ERRORS, strict=True))


def stream(data: bytes) -> bytes | None:
    """The stream of records of an old workbook; None where a compound file holds something else."""
    compound = Compound(data)
    name = next((n for n in _STREAMS if n in compound.streams), None)
    return compound.read(name) if name else None


@dataclass(frozen=True, slots=True)
class OldBook:
    """Notes on every sheet in the order of the book; ``linked``: it takes values from others."""

    notes: tuple[Notes, ...]
    linked: bool


def read(data: bytes) -> OldBook:
    """Raises Unusable: encrypted, broken_file, too_large."""
    records = stream(data)
    if records is None:
        raise broken("berkas OLE tanpa buku kerja")
    starts: list[int] = []
    formats: dict[int, str] = {}
    styles: list[int] = []
    linked = False
    for code, body in _records(records, 0):
        if code == _LOCKED:
            raise Unusable("encrypted")
        if code == _SHEET and len(body) >= 4:
            starts.append(struct.unpack_from("<I", body)[0])
        elif code == _FORMAT and len(body) > 5:
            wide = body[4] & 1
            formats[struct.unpack_from("<H", body)[0]] = body[5:].decode("utf-16-le" if wide else "latin-1", "replace")
        elif code == _STYLE and len(body) >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif code == _LINKS and len(body) >= 4:
            linked = linked or struct.unpack_from("<H", body, 2)[0] not in _OWN_LINKS
    percents = frozenset(n for n, number in enumerate(styles) if is_percent(number, formats.get(number, "")))
    return OldBook(tuple(_sheet(records, start, percents) for start in starts), linked)


def _sheet(records: bytes, start: int, percent_styles: frozenset[int]) -> Notes:
    texts: dict[Place, str] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    bottom = right = 0
    untold: Place | None = None  # a formula of text: its text is the record that follows
    for code, body in _records(records, start):
        if untold and code in _BETWEEN:
            continue
        if untold and code != _TEXT_OF_FORMULA:
            texts[untold] = UNTOLD
        untold = None
        if code in _CELLS and len(body) >= 6:
            row, column, style = struct.unpack_from("<HHH", body)
            bottom, right = max(bottom, row + 1), max(right, column + 1)
            if code == _ERROR and len(body) >= 8 and body[7]:
                texts[row, column] = _ERROR_CODES.get(body[6], ERRORS[-1])
            elif code == _FORMULA and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    texts[row, column] = _ERROR_CODES.get(body[8], ERRORS[-1])
                elif body[6] in (0, 3):
                    untold = row, column
            elif style in percent_styles and code in (_FORMULA, _NUMBER, _RK):
                texts[row, column] = percent(_number(code, body))
        elif code == _MANY_RK and len(body) >= 6:
            row, first = struct.unpack_from("<HH", body)
            for n in range((len(body) - 6) // 6):
                style, number = struct.unpack_from("<HI", body, 4 + 6 * n)
                if style in percent_styles:
                    texts[row, first + n] = percent(_rk(number))
            bottom, right = max(bottom, row + 1), max(right, first + (len(body) - 6) // 6)
        elif code == _ROW and len(body) >= 16:
            row, height, flags = *struct.unpack_from("<H", body), *struct.unpack_from("<H", body, 6), body[12]
            if flags & 0x20 or height & 0x7FFF == 0:
                rows.add(row)
        elif code == _COLUMNS and len(body) >= 10:
            first, last, width, _, flags = struct.unpack_from("<5H", body)
            if flags & 1 or not width:
                columns.update(range(first, min(last, 255) + 1))
    check_extent(bottom, right)
    return Notes(texts=texts, hidden_rows=frozenset(rows), hidden_columns=frozenset(columns))


def _number(code: int, body: bytes) -> float:
    if len(body) < (10 if code == _RK else 14):
        raise broken("buku kerja: rekaman terpotong")
    if code == _RK:
        return _rk(struct.unpack_from("<I", body, 6)[0])
    found: float = struct.unpack_from("<d", body, 6)[0]
    return found


def _rk(number: int) -> float:
    """A number packed into 32 bits: the high half of a float, or an integer; perhaps times a hundred."""
    value: float
    if number & 2:
        value = struct.unpack("<i", struct.pack("<I", number))[0] >> 2
    else:
        value = struct.unpack("<d", struct.pack("<Q", (number & ~3) << 32))[0]
    return value / 100 if number & 1 else value


def _records(data: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Code and body of every record from the BOF at ``start`` to its EOF; what is nested in between is left out."""
    at, depth = start, 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("<HH", data, at)
        if code == _BOF:
            depth += 1
        elif code == _EOF:
            depth -= 1
            if not depth:
                return
        elif depth == 1:
            yield code, data[at + 4 : at + 4 + size]
        elif not depth:
            break
        at += 4 + size
    raise broken("buku kerja terpotong")
