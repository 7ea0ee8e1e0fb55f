"""What workers do: each takes foreign bytes and gives bytes that are safe to open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from rangkiang import intake
from rangkiang.forms import form
from rangkiang.model import Severity

if TYPE_CHECKING:
    import pandas as pd

    from rangkiang.reading import Source

# What reading needs takes half a second and tens of megabytes to load: not for a worker that only looks at files.

_SECOND_LOOKS = 20
"""Pages of one document: a reader that takes a fifth of a second for each is not asked about hundreds."""

VERDICT = TypeAdapter(intake.Verdict)


def inspect(data: bytes, key: str, office_code: str) -> bytes:
    """A verdict as JSON."""
    return VERDICT.dump_json(intake.inspect(data, key, office_code))


def parts(data: bytes, media_type: str) -> bytes:
    """The sheets of a file, packed as :func:`unpacked` has them. Raises Refused."""
    found = intake.parts(data, media_type)
    head = json.dumps([(part.first_page, part.last_page, len(part.data)) for part in found])
    return b"\n".join([head.encode(), b"".join(part.data for part in found)])


def unpacked(packed: bytes) -> tuple[intake.Part, ...]:
    """The sheets again. Raises ValueError for what :func:`parts` has not packed."""
    head, _, rest = packed.partition(b"\n")
    found, start = [], 0
    for first, last, size in json.loads(head):
        found.append(intake.Part(int(first), int(last), rest[start : start + int(size)]))
        start += int(size)
    return tuple(found)


def survey(data: bytes, media_type: str) -> bytes:
    """All tables of a file as JSON, for :func:`surveyed`. Raises Unreadable."""
    from rangkiang import reading

    found: bytes = TypeAdapter(reading.Source).dump_json(reading.survey(data, media_type))
    return found


def surveyed(packed: bytes) -> Source:
    """The tables again. Raises ValueError for what :func:`survey` has not packed."""
    from rangkiang.reading import Source

    return TypeAdapter(Source).validate_json(packed)


def read(data: bytes, media_type: str, model: str, file: str, sha256: str) -> bytes:
    """The figures of a document as Parquet. Raises Unreadable."""
    from rangkiang.frames import to_parquet

    return to_parquet(_figures(data, media_type, model, file, sha256))


def prove_read(data: bytes, media_type: str, model: str, file: str, sha256: str) -> bytes:
    """The same with their proved status."""
    from rangkiang.frames import to_parquet
    from rangkiang.proof import prove

    return to_parquet(prove(_figures(data, media_type, model, file, sha256), form(model), "", sha256)[0])


def _figures(data: bytes, media_type: str, model: str, file: str, sha256: str) -> pd.DataFrame:
    """The figures of a document. Pages of a PDF that do not add up are read by a second reader too.

    Where a sheet does not add up, either the paper is wrong or the reading; two readers that agree say which.
    """
    from rangkiang import reading
    from rangkiang.proof import prove

    entry = form(model)
    figures = reading.read(data, media_type, entry, file, sha256)
    if media_type != reading.PDF:
        return figures
    findings = prove(figures, entry, "", sha256)[1]
    wrong = {cell.page for f in findings if f.severity is Severity.ERROR for cell in f.cells if cell.page}
    again = sorted(wrong)[:_SECOND_LOOKS]
    return reading.read(data, media_type, entry, file, sha256, again) if again else figures
