"""The pictures of a scan's figures, as files of the deliverable: what the reader saw in each cell, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rangkiang.model import Member
from rangkiang.scans import atlas

FOLDER = "sel/"


def files(member: Member) -> Iterator[tuple[str, bytes, str]]:
    """Path, bytes and title of each page's picture."""
    for page, data in sorted(member.pictures.items()):
        yield _path(member, page), data, f"Gambar sel angka, halaman {page} {member.document.name}"


def places(member: Member) -> pd.Series:
    """Where each figure's picture is, as a file with a place in it (W3C Media Fragments); null where none was kept."""
    figures: pd.DataFrame = member.figures
    nth = figures.groupby("page").cumcount()
    named = [_place(member, page, n) for page, n in zip(figures["page"], nth, strict=True)] if member.pictures else None
    return pd.Series(named, index=figures.index, dtype="string")


def _place(member: Member, page: int, nth: int) -> str | None:
    if page not in member.pictures:
        return None
    return f"{_path(member, page)}#xywh={','.join(map(str, (*atlas.place(nth), *atlas.TILE)))}"


def _path(member: Member, page: int) -> str:
    return f"{FOLDER}{member.document.sha256[:12]}-{page}.webp"
