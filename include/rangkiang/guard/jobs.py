"""What workers do: each takes foreign bytes and gives bytes that are safe to open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from rangkiang import intake
from rangkiang.forms import Form, form
from rangkiang.guard.packing import pack, unpack
from rangkiang.model import Severity, Status

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
    return pack([(part.first_page, part.last_page) for part in found], [part.data for part in found])


def unpacked(packed: bytes) -> tuple[intake.Part, ...]:
    """The sheets again. Raises ValueError for what :func:`parts` has not packed."""
    pages, found = unpack(packed)
    return tuple(intake.Part(int(a), int(b), data) for (a, b), data in zip(pages, found, strict=True))


def survey(data: bytes, media_type: str) -> bytes:
    """All tables of a file as JSON, for :func:`surveyed`; those of a scan are settled. Raises Unreadable."""
    from rangkiang import reading
    from rangkiang.proof import prove_table

    source = reading.survey(data, media_type)
    settled = replace(source, tables=tuple(prove_table(table) for table in source.tables))
    found: bytes = TypeAdapter(reading.Source).dump_json(settled)
    return found


def surveyed(packed: bytes) -> Source:
    """The tables again. Raises ValueError for what :func:`survey` has not packed."""
    from rangkiang.reading import Source

    return TypeAdapter(Source).validate_json(packed)


def page(data: bytes, media_type: str, number: str) -> bytes:
    """A picture of a page, by its number. Raises Refused."""
    from rangkiang.scans.errors import Unusable
    from rangkiang.scans.shown import shown

    try:
        return shown(data, media_type, int(number))
    except Unusable as error:
        raise intake.Refused(error.code, **error.params) from error


def read(data: bytes, media_type: str, model: str, file: str, sha256: str) -> bytes:
    """A reading, packed for :func:`reading_of`. Raises Unreadable."""
    return _packed(_figures(data, media_type, model, file, sha256))


def prove_read(data: bytes, media_type: str, model: str, file: str, sha256: str) -> bytes:
    """The same with figures that have their proved status."""
    from rangkiang.proof import prove

    figures, crops = _figures(data, media_type, model, file, sha256)
    return _packed((prove(figures, form(model), "", sha256)[0], crops))


@dataclass(frozen=True, slots=True)
class Reading:
    """Figures as Parquet, and of a scan a picture of the cells of each page: see :mod:`rangkiang.scans.atlas`."""

    figures: bytes
    crops: Mapping[int, bytes]


def reading_of(packed: bytes) -> Reading:
    """The reading again. Raises ValueError for what :func:`read` has not packed."""
    pages, (figures, *crops) = unpack(packed)
    return Reading(figures, {int(page): crop for page, crop in zip(pages, crops, strict=True)})


def _packed(found: tuple[pd.DataFrame, Mapping[int, bytes]]) -> bytes:
    from rangkiang.frames import to_parquet

    figures, crops = found
    return pack(list(crops), [to_parquet(figures), *crops.values()])


def _figures(data: bytes, media_type: str, model: str, file: str, sha256: str) -> tuple[pd.DataFrame, dict[int, bytes]]:
    """The figures of a document, and of a scan the pictures of its cells.

    Where a digital sheet does not add up, either the paper is wrong or the reading; two readers that agree say which.
    Of a scan, what arithmetic leaves in doubt is shown to the stronger reader.
    """
    from rangkiang import reading
    from rangkiang.proof import prove

    entry = form(model)
    try:
        figures = reading.digital(data, media_type, entry, file, sha256)
    except reading.Pictured:
        return _scanned(data, media_type, entry, file, sha256)
    if media_type != reading.PDF:
        return figures, {}
    findings = prove(figures, entry, "", sha256)[1]
    wrong = {cell.page for f in findings if f.severity is Severity.ERROR for cell in f.cells if cell.page}
    again = sorted(wrong)[:_SECOND_LOOKS]
    return (reading.digital(data, media_type, entry, file, sha256, again) if again else figures), {}


def _scanned(
    data: bytes, media_type: str, entry: Form, file: str, sha256: str
) -> tuple[pd.DataFrame, dict[int, bytes]]:
    from rangkiang.proof import prove
    from rangkiang.reading import scan
    from rangkiang.scans.atlas import atlas

    sheet = scan.look(data, media_type, entry)
    figures = scan.figures(sheet, entry, file, sha256)
    settled = prove(figures, entry, "", sha256)[0]
    doubtful = (settled["status"] == Status.FLAGGED.value).to_numpy().nonzero()[0].tolist()
    if doubtful:
        figures = scan.look_again(figures, sheet, doubtful)
    return figures, {page: atlas(crops) for page, crops in scan.pictures_of(figures, sheet).items()}
