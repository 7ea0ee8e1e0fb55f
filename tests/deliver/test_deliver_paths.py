"""Names from outside never become paths: whatever a file or an area is called, its folder and its names are ours."""

from __future__ import annotations

import dataclasses
import io
import re
from pathlib import Path, PurePosixPath

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deliver.conftest import votes_case
from rangkiang.deliver import build
from rangkiang.deliver.dataset import segment, slug_part
from rangkiang.forms import form
from rangkiang.portal.names import check
from rangkiang.portal.protocol import Release

HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "a\0b",
    "C:\\Windows\\system32",
    "CON.pdf",
    "x" * 5000,
    "\N{DIGIT THREE}\ufe0f" * 500,
    "\u202efdp.exe",
    "a\nb\r\tc",
    '<>:"|?*[]',
    "",
    " . ",
    ".hidden",
    "-rf",
    "%2e%2e%2f",
    "rekap.pdf#hal-4-6",
]
names = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))


def assert_inside(path: str) -> None:
    for part in path.split("/"):
        assert part not in ("", ".", "..")
        assert len(part.encode()) <= 200
        assert not re.search(r'[\x00-\x1f\\:*?"<>|]', part)
    assert not PurePosixPath(path).is_absolute()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names, names, names, names)
@example("../../etc/passwd", "/etc/passwd", "a\0b", "x" * 5000)
@example("..", "CON.pdf", "\u202efdp.exe", "..")
def test_a_folder_holds_only_names_of_our_making(name: str, area: str, dapil: str, media: str) -> None:
    case = votes_case("C1-DPD", "13.74", [("13.74.01.1001.001", "")], [("unit", "JUMLAH", 1)])
    member = case.members[0]
    said = dataclasses.replace(member.document.said, area_name=area, dapil=dapil)
    key = f"inbox/x/{name}"
    document = dataclasses.replace(member.document, key=key, media_type=media, classification=said)
    member = dataclasses.replace(member, document=document)
    built = build("13.74", name, "C1-DPD", [member], case.originals.__getitem__)
    made = built.deliverable
    assert len(made.folder.split("/")) == 3
    for path in (made.folder, made.slug, *built.contents):
        assert_inside(path)
    check([Release(made, f"filed/{made.folder}/")])
    openpyxl.load_workbook(io.BytesIO(built.contents[f"{made.slug}.xlsx"]))


@given(st.text())
@example("../..")
@example("con")
@example("\udce9")
def test_a_segment_is_one_harmless_name(text: str) -> None:
    assert_inside(segment(text))
    assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", segment(text))
    assert re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", slug_part(text))
    assert ".." not in slug_part(text)


@pytest.mark.parametrize("area", ["NAMA YANG SAMA", "A/B:C*D?[E]", "'", "Data", "x" * 60, "\0\x01"])
def test_sheets_of_areas_of_one_name_are_told_apart(area: str, tmp_path: Path) -> None:
    places = [(f"13.74.01.1001.{n:03d}", "") for n in (1, 2, 3)]
    case = votes_case("C1-PPWP", "13.74", places, [("unit", "JUMLAH", 1)])
    case.members = [
        dataclasses.replace(
            m,
            document=dataclasses.replace(
                m.document, classification=dataclasses.replace(m.document.said, area_name=area, area_code=code)
            ),
        )
        for m, (code, _) in zip(case.members, places, strict=True)
    ]
    built = build("13.74", form("C1-PPWP").stage, "C1-PPWP", case.members, case.originals.__getitem__)
    book = openpyxl.load_workbook(io.BytesIO(built.contents[f"{built.deliverable.slug}.xlsx"]))
    assert len(book.sheetnames) == len({name.lower() for name in book.sheetnames}) == 3 + 5
    assert all(0 < len(name) <= 31 for name in book.sheetnames)
