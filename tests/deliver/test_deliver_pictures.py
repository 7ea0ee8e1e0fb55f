"""The pictures of a scan's cells: each figure of the table says where its own is."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from rangkiang.deliver import Built
from rangkiang.scans.atlas import atlas


def lines(built: Built) -> list[dict[str, str]]:
    text = built.contents[f"{built.deliverable.slug}.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_scans_figures_lead_to_their_own_pictures_and_carries_have_none(db1: Callable) -> None:
    case = db1()
    (member,) = case.members
    count, page = len(member.figures), int(member.figures["page"].iat[0])
    crops = [np.full((20, 30 + n % 100), n % 200, np.uint8) for n in range(count)]
    case.members = [dataclasses.replace(member, pictures={page: atlas(crops)})]
    built = case.build()
    path = f"sel/{member.document.sha256[:12]}-{page}.webp"
    assert [f.path for f in built.deliverable.files if f.path.startswith("sel/")] == [path]
    published = [n for n, kind in enumerate(member.figures["column_kind"]) if kind in ("unit", "total")]
    assert len(published) < count
    picture = Image.open(io.BytesIO(built.contents[path])).convert("L")
    for nth, line in zip(published, lines(built), strict=True):
        found, _, corners = line["picture"].partition("#xywh=")
        left, top, width, height = map(int, corners.split(","))
        assert (found, width, height) == (path, 160, 40)
        assert abs(picture.getpixel((left + 5, top + 5)) - nth % 200) < 12


def test_a_document_that_is_no_scan_has_no_pictures(db1: Callable) -> None:
    built = db1().build()
    assert {line["picture"] for line in lines(built)} == {""}
    assert {line["engine"] for line in lines(built)} == set(db1().members[0].figures["engine"])
    assert not [f for f in built.deliverable.files if f.path.startswith("sel/")]
