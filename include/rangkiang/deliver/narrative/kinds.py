"""The files kind by kind, PDF, XLSX and CSV: how many, how large, how they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from rangkiang.deliver.columns import tidy_columns
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative import queries
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.words import titled, words
from rangkiang.model import FileEntry, Member

ORIGINALS = "asli/"
LISTED = 3
"""Originals that the narrative lists one by one; more are counted, for the workbook lists them all."""

CSV = "text/csv"
_PAGES = ("application/pdf", "image/")


def kinds(made: Dataset, files: Sequence[FileEntry], teller: Teller) -> dict[str, Any]:
    """What is to be said of each kind of file; and the list of all."""
    listed, folded = file_lines(files, teller)
    flat = [m for m in made.members if m.document.media_type == CSV]
    pages = [m for m in made.members if m.document.media_type.startswith(_PAGES)]
    books = [m for m in made.members if m.document.media_type not in {o.document.media_type for o in (*flat, *pages)}]
    return {
        "slug": made.slug,
        "pdf": _originals(pages, "PDF atau gambar", "halaman", teller) if pages else None,
        "books": _originals(books, "buku kerja", "lembar", teller) if books else None,
        "flat": _originals(flat, "CSV", "", teller) if flat else None,
        "columns": teller.number(
            len(tidy_columns(made.form)), "Banyaknya kolom tabel rapi", "datapackage.json: kolom tabel rapi"
        ),
        "remarks": teller.number(len(made.findings), "Banyaknya baris temuan.csv", queries.FINDINGS),
        "files": listed,
        "folded": folded,
    }


def _originals(members: Sequence[Member], kind: str, page: str, teller: Teller) -> Mapping[str, str]:
    """How many files and pages."""
    media = sorted({m.document.media_type for m in members})
    files = f"datapackage.json: berkas di asli/ dengan mediatype {' atau '.join(media)}"
    pages = "buku kerja: Asal-usul, Halaman, berkas " + " atau ".join(media)
    return {
        "count": teller.number(len(members), f"Banyaknya berkas asli {kind}", files),
        "pages": teller.number(
            sum(m.document.said.pages for m in members), f"Banyaknya {page} pada berkas asli {kind}", pages
        )
        if page
        else "",
    }


def file_lines(files: Sequence[FileEntry], teller: Teller) -> tuple[list[Mapping[str, str]], str]:
    """The files one by one, but for many originals, of which only the number is said; '' where they are listed."""
    folded = [f for f in files if f.path.startswith(ORIGINALS)]
    if len(folded) <= LISTED:
        return linked(files, teller.lang), ""
    count = teller.number(len(folded), "Banyaknya berkas asli", "datapackage.json: berkas di asli/")
    return linked([f for f in files if f not in folded], teller.lang), count


def linked(files: Sequence[FileEntry], lang: str = "id") -> list[Mapping[str, str]]:
    """Files as a narrative lists them."""
    return [{"path": f.path, "href": quote(f.path), "title": _title(f.title, lang)} for f in files]


def _title(title: str, lang: str) -> str:
    """A file's title, which is Indonesian, in the narrative's language; what follows the word for an original stays."""
    if lang == "id":
        return title
    names = {word.name.id: word.name.en for word in words("files").values()}
    original, rest = titled("original"), title.removeprefix(titled("original"))
    return names[title] if title in names else f"{titled('original', lang) if title != rest else original}{rest}"
