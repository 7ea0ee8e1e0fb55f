"""CSV: its lines, whatever delimiter and encoding."""

from __future__ import annotations

import csv

from rangkiang.forms import flat
from rangkiang.intake.front import FRONT_ROWS, Front, Refused, broken


def front(data: bytes) -> Front:
    """All records, and the first ones as text. Raises Refused: broken_file, too_large, empty_workbook."""
    try:
        rows = [[flat.readable(field.strip()) for field in record] for record in flat.records(flat.decode(data))]
    except flat.TooLong as error:
        raise Refused("too_large", actual=error.actual, limit=error.limit) from error
    except (ValueError, csv.Error) as error:
        raise broken(error) from error
    rows = [row for row in rows if any(row)]
    if not rows:
        raise Refused("empty_workbook")
    return Front(tuple("\t".join(filter(None, row)) for row in rows[:FRONT_ROWS]), rows)
