"""The narrative's files: Markdown, PDF, DOCX, English, and the list of its numbers with their sources."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from rangkiang.deliver.parts import CSV, DOCX, JSON, JSONLD, MARKDOWN, PDF, Parts
from rangkiang.deliver.prose import Prose
from rangkiang.deliver.prose.blocks import without_charts
from rangkiang.deliver.prose.docx import docx
from rangkiang.deliver.prose.pdf import pdf
from rangkiang.deliver.words import titled
from rangkiang.harmless import to_csv
from rangkiang.model import FileEntry

NUMBERS = "narasi-angka.csv"
ENGLISH, DCAT = "narasi.en.md", "dcat.jsonld"

_COMPANIONS = (
    ("narasi.md", MARKDOWN, "narrative"),
    ("narasi.pdf", PDF, "narrative_pdf"),
    ("narasi.docx", DOCX, "narrative_docx"),
    (ENGLISH, MARKDOWN, "narrative_en"),
    (NUMBERS, CSV, "numbers"),
    ("datapackage.json", JSON, "package"),
    (DCAT, JSONLD, "dcat"),
)
"""Files that stand beside a folder's tables: path, media type, and what it is."""


def companions(without: Collection[str] = ()) -> list[FileEntry]:
    """What a narrative, which is one of them, can say of these files before they are made."""
    return [FileEntry(path, "", 0, kind, titled(key)) for path, kind, key in _COMPANIONS if path not in without]


def add_narrative(parts: Parts, prose: Prose, numbers: pd.DataFrame, english: str = "") -> int:
    """Put the narrative before everything else; says how many numbers it has."""
    contents = {
        "narasi.md": without_charts(prose.text).encode(),
        "narasi.pdf": pdf(prose),
        "narasi.docx": docx(prose),
        **({ENGLISH: english.encode()} if english else {}),
        NUMBERS: to_csv(numbers),
    }
    for path, kind, key in reversed(_COMPANIONS):
        if path in contents:
            parts.add(path, contents[path], kind, titled(key), first=True)
    return len(numbers)
