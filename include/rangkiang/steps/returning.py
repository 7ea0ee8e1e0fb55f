"""What cannot be used goes back to its office: a slip in its folder, and by mail where a server is named."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rangkiang import catalogue, nights
from rangkiang.decisions import BETWEEN, positions
from rangkiang.forms import form
from rangkiang.frames import from_parquet
from rangkiang.guard import Failed
from rangkiang.intake import Refused
from rangkiang.ledger import Mailed
from rangkiang.mail import Attachment, Mail, outbox
from rangkiang.model import Box, CellRef, Document, Finding, Reason, Severity, State, shown
from rangkiang.slips import SLIPS, Picture, Problem, Slip, brief, folder, letter, page
from rangkiang.steps import journalling, keys, picturing
from rangkiang.steps.barn import Barn

log = logging.getLogger(__name__)

_PAGES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff"})
"""Media types of files that have pages to be looked at."""
_CLOSED = frozenset({"encrypted", "broken_file", "too_large", "too_slow"})
"""Whoever tried to open such a file did not get far: nobody tries again for a picture."""
_SHOWN_PAGES, _SHOWN_PLACES = 2, 6
_MOST = 8 * 1024 * 1024  # bytes of slips in one mail: as base64 they are a third more, and many servers take 10 MB


@dataclass(frozen=True, slots=True)
class Due:
    """A slip without its pictures, and the figures that its findings bind."""

    slip: Slip
    cells: tuple[CellRef, ...]


def give_back(barn: Barn, office: str) -> int:
    """Bring the office's folder of slips up to date, and mail those that were not mailed yet.

    Returns how many slips were written. Raises NotMailed; the slips are written then all the same.
    """
    with barn.ledger.lock(f"return/{office}"):
        found = list(due(barn, office))
        written = _write(barn, office, found)
        if waiting := _unmailed(barn, office, found):
            _mail(barn, office, waiting)
        nights.end(barn.ledger, barn.settings, office)
        return written


def returned(barn: Barn, office: str) -> bool:
    """Is there nothing left to give back: every slip written, none too many, and all mailed that are to be?"""
    found = list(due(barn, office))
    return _index(found) == folder.index(barn.store, office) and not _unmailed(barn, office, found)


def due(barn: Barn, office: str) -> Iterator[Due]:
    """A slip for every document that waits for its office, the oldest first."""
    documents = barn.ledger.returned(office)
    if not documents:
        return
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in barn.ledger.findings(office, sha256s={document.sha256 for document, _ in documents}):
        found[finding.sha256].append(finding)
    contact = barn.settings.offices.contact or catalogue.offices()[0].unit_kerja
    for document, since in documents:
        about = list(_about(document, found[document.sha256]))
        problems = tuple(Problem.of(reason) for reason, _ in about)
        cells = tuple(dict.fromkeys(c for _, bound in about for c in bound if c.sha256 == document.sha256))
        kept = all(reason.code != "not_fetched" for reason, _ in about)
        yield Due(Slip(catalogue.office(office), document, since, problems, contact, kept), cells)


def _about(document: Document, findings: Sequence[Finding]) -> Iterator[tuple[Reason, tuple[CellRef, ...]]]:
    """What is wrong with a document, each with the figures it is about: its reason, then what keeps it out.

    A difference between levels is not among it: once a new scan is asked for, the levels are compared without the
    document, and its slip would be another one the next night.
    """
    decided = {str(f.params["finding"]) for f in findings if f.code == "rescan_asked"}
    if document.reason and document.reason.code != "rescan_asked":
        yield document.reason, ()
    for finding in findings:
        critical = finding.severity is Severity.CRITICAL and document.state is not State.QUARANTINED
        asked = finding.id in decided and finding.code not in BETWEEN
        if critical or asked or finding.code == "not_fetched":
            yield Reason(finding.code, finding.params), finding.cells


def _write(barn: Barn, office: str, found: Sequence[Due]) -> int:
    wanted, before = _index(found), folder.index(barn.store, office)
    if wanted == before:
        return 0
    slips, index = {folder.key(office, one.slip.name): one for one in found}, folder.key(office, folder.INDEX)
    there = {entry.key for entry in barn.store.list(folder.key(office))}
    good = there if _made(wanted) == _made(before) else set()
    missing = {key: one for key, one in slips.items() if key not in good}
    for key, one in missing.items():
        whole = page(replace(one.slip, pictures=tuple(_pictures(barn, one))))
        barn.store.put(key, whole.encode(), "text/html; charset=utf-8")
    for key in sorted(there - slips.keys() - ({index} if wanted else set())):
        barn.store.delete(key)
    if wanted:
        barn.store.put(index, wanted, "application/json")
    return len(missing)


def _index(found: Sequence[Due]) -> bytes:
    """What stands in the folder, for machines; nothing where nothing is to stand there."""
    if not found:
        return b""
    slips = [
        {
            "slip": one.slip.name,
            "id": one.slip.id,
            "file": shown(one.slip.document.key),
            "sha256": one.slip.document.sha256,
            "reasons": [{"code": p.reason.code, "text": p.text, "do": p.do} for p in one.slip.problems],
        }
        for one in found
    ]
    listed = {"made": {"by": SLIPS, "contact": found[0].slip.contact}, "slips": slips}
    return json.dumps(listed, ensure_ascii=False, indent=2, sort_keys=True).encode()


def _made(index: bytes) -> object:
    """How the slips of an index were made: what another make made is made anew."""
    return json.loads(index or b"{}").get("made")


def _pictures(barn: Barn, one: Due) -> Iterator[Picture]:
    """Of the cells that the findings bind, else of the page that they are about, else of the first."""
    document = one.slip.document
    if document.media_type not in _PAGES or _CLOSED & {p.reason.code for p in one.slip.problems}:
        return
    by_page = _places(barn, document, one.cells) or {_page(one.slip.problems): {}}
    for number, places in list(by_page.items())[:_SHOWN_PAGES]:
        if (whole := _page_of(barn, document, number)) is None:
            continue
        shown_places = dict(list(places.items())[:_SHOWN_PLACES])
        for cell, box in shown_places.items():
            column = shown(" ".join(cell.column_label.split()))
            yield Picture(picturing.excerpt(whole, box), f"Halaman {number}, baris {cell.row}, kolom {column}")
        marked = "; angka yang dimaksud diberi garis merah" if shown_places else ""
        yield Picture(picturing.outlined(whole, list(shown_places.values())), f"Halaman {number}{marked}", is_page=True)


def _page_of(barn: Barn, document: Document, number: int) -> bytes | None:
    """A page's picture; None where it cannot be shown."""
    try:
        return picturing.page(barn, document, number)
    except Refused as refused:
        log.info("A page cannot be shown: %s", refused)
    except Failed as failed:
        log.error("Nobody foresaw what became of the picture of a page:\n%s", failed)
    return None


def _page(problems: Sequence[Problem]) -> int:
    """The first page that is named."""
    for problem in problems:
        said = str(problem.reason.params.get("page", problem.reason.params.get("pages", ""))).partition(",")[0]
        if said.isascii() and said.isdecimal() and int(said):
            return int(said)
    return 1


def _places(barn: Barn, document: Document, cells: Sequence[CellRef]) -> dict[int, dict[CellRef, Box]]:
    """Where figures stand, by page; without those that have no place on one."""
    if not cells or document.classification is None:
        return {}
    key = keys.reading(document.sha256, form(document.said.form))
    if barn.store.stat(key) is None:
        return {}
    figures = from_parquet(barn.store.get(key))
    found: dict[int, dict[CellRef, Box]] = defaultdict(dict)
    for cell, at in positions(figures, cells).items():
        corners = figures.iloc[at][["x0", "y0", "x1", "y1"]]
        if cell.page and not corners.isna().any():
            found[cell.page][cell] = Box(*map(float, corners))
    return dict(found)


def _unmailed(barn: Barn, office: str, found: Sequence[Due]) -> list[Due]:
    """Slips that are to be mailed and that no server has taken yet."""
    if not barn.settings.smtp.host or not barn.settings.offices.addresses.get(office):
        return []
    sent = {mailed.id for mailed in barn.ledger.mailed(office)}
    unsent = [one for one in found if one.slip.id not in sent]
    return [one for one in unsent if not journalling.complete_mailed(barn, office, one.slip.id)]


def _mail(barn: Barn, office: str, waiting: Sequence[Due]) -> None:
    """One mail, or several where one would be too large.

    What is recorded was taken by the server. Where this process ends between the one and the other, the mail goes out
    again under the same Message-ID: a slip may come twice, and is never lost.
    """
    bundles = list(_bundles(barn, office, waiting))
    with outbox(barn.settings.smtp) as out:
        for n, bundle in enumerate(bundles, 1):
            slips = [one.slip for one, _ in bundle]
            part = f"surel {n} dari {len(bundles)}" if len(bundles) > 1 else ""
            mail = Mail(
                to=barn.settings.offices.addresses[office],
                subject=f"Pengembalian {len(slips)} berkas: {slips[0].office.unit_kerja}",
                text=brief(slips, part),
                html=letter(slips, part),
                attachments=[Attachment(one.slip.name, data) for one, data in bundle],
                about=" ".join(slip.id for slip in slips),
            )
            taken = out.send(mail)
            barn.ledger.record_mailed(
                Mailed(s.id, office, s.document.sha256, ", ".join(taken.to), taken.message) for s in slips
            )


def _bundles(barn: Barn, office: str, waiting: Sequence[Due]) -> Iterator[list[tuple[Due, bytes]]]:
    bundle: list[tuple[Due, bytes]] = []
    for one in waiting:
        data = barn.store.get(folder.key(office, one.slip.name))
        if bundle and sum(len(d) for _, d in bundle) + len(data) > _MOST:
            yield bundle
            bundle = []
        bundle.append((one, data))
    yield bundle
