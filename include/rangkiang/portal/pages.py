"""Makes the pages: what each of them shows, put through its template. The same manifests give the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment

from rangkiang import catalogue
from rangkiang.catalogue import Office
from rangkiang.model import Level
from rangkiang.portal import narrative, summaries, tables, texts
from rangkiang.portal.manifest import DIFFERENCES, FINDINGS, NARRATIVE, Manifest, dump, main_table
from rangkiang.portal.manifest import texts as both
from rangkiang.templates import environment

SHOWN_FINDINGS = 50
SHOWN_DIFFERENCES = 500
SHOWN_ROWS = 10
SHOWN_CHANGES = 50
ORIGINALS = "asli/"

Read = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site holds of one office."""

    office: Office
    datasets: tuple[Manifest, ...]
    held: tuple[Manifest, ...] = ()  # of its datasets what a reconciliation keeps back, and that one's slug

    @property
    def stages(self) -> Mapping[str, tuple[Manifest, ...]]:
        codes = sorted({m["stage"] for m in self.datasets})
        return {code: tuple(m for m in self.datasets if m["stage"] == code) for code in codes}

    def count(self, status: str) -> int:
        return sum(m["counts"].get(status, 0) for m in self.datasets)

    def missing(self, stage: str) -> tuple[str, ...]:
        """Jenis dokumen that this office owes at that stage and of which nothing is published."""
        owed = ("province",) if self.office.level is Level.PROVINSI else ("office", "district")
        there = {m["doctype"] for m in self.datasets}
        there |= {one["doctype"] for one in self.held}
        return tuple(
            d.code for d in catalogue.doctypes() if d.stage == stage and d.expected in owed and d.code not in there
        )


def dataset(manifest: Manifest, read: Read, log: bytes = b"") -> bytes:
    """The page of one dataset. ``read`` gives the bytes of one of its files by path, None where it is not there;
    ``log`` is its change log."""
    return _render(
        "dataset",
        root="../../",
        it=manifest,
        files_folder=manifest["files_folder"],
        office=_office(manifest["office"]),
        changes=tables.head(log, SHOWN_CHANGES, texts.CHANGE_COLUMNS) if log else None,
        sections=summaries.sections(manifest),
        narrative=_narrative(manifest, read),
        compared=any(f["path"] == DIFFERENCES for f in manifest["files"]),
        differences=_table(manifest, DIFFERENCES, read, SHOWN_DIFFERENCES, texts.PREVIEW_COLUMNS),
        examined=bool(manifest["findings"]) or any(f["path"] == FINDINGS for f in manifest["files"]),
        findings=_table(manifest, FINDINGS, read, SHOWN_FINDINGS, texts.FINDING_COLUMNS),
        preview=_preview(manifest, read),
        codes=summaries.codes(manifest),
        originals=[f for f in manifest["files"] if f["path"].startswith(ORIGINALS)],
        hrefs={f["sha256"]: manifest["files_folder"] + texts.href(f["path"]) for f in manifest["files"]},
    )


def version(manifest: Manifest, edition: Manifest) -> bytes:
    """The page of one version of a dataset: its files, as they were released."""
    office, folder = _office(manifest["office"]), edition["files_folder"]
    return _render("versi", root="../../", it=manifest, edition=edition, files_folder=folder, office=office)


def withdrawn(content: Manifest, log: bytes) -> bytes:
    """The page that stands where a dataset was."""
    changes = tables.head(log, SHOWN_CHANGES, texts.CHANGE_COLUMNS)
    return _render("ditarik", root="../../", it=content, office=_office(content["office"]), changes=changes)


def site(manifests: Sequence[Manifest]) -> dict[str, bytes]:
    """Every page that is about more than one dataset, by its path: index, offices, ``datasets.json``, looks."""
    ordered = sorted(manifests, key=lambda m: (m["office"], m["stage"], m["doctype"], m["slug"]))
    standings = [_standing(office, ordered) for office in catalogue.offices()]
    made = {
        "gaya.css": _asset("gaya.css"),
        "rangkiang.svg": _asset("rangkiang.svg.j2"),
        "datasets.json": dump({"datasets": [_entry(m) for m in ordered]}),
    }
    for standing in standings:
        page = _render("kantor", root="../../", it=standing)
        made[f"kantor/{standing.office.slug}/index.html"] = page
    made["index.html"] = _index(standings, ordered)
    return made


def _index(standings: Sequence[Standing], manifests: Sequence[Manifest]) -> bytes:
    totals = Counter[str]()
    for manifest in manifests:
        totals.update(manifest["counts"])
    return _render(
        "index",
        root="",
        standings=standings,
        manifests=manifests,
        stages=sorted({m["stage"] for m in manifests}),
        contests=summaries.contests(manifests),
        totals=totals,
    )


def _standing(office: Office, manifests: Sequence[Manifest]) -> Standing:
    held = ({**one, "slug": m["slug"]} for m in manifests for one in m["held"] if one["office"] == office.code)
    return Standing(office, tuple(m for m in manifests if m["office"] == office.code), tuple(held))


def _office(code: str) -> Office | None:
    return next((o for o in catalogue.offices() if o.code == code), None)


def _entry(manifest: Manifest) -> dict[str, Any]:
    """One dataset in ``datasets.json``; links are relative to that file."""
    names = (
        "slug",
        "number",
        "day",
        "version",
        "digest",
        "office",
        "unit_kerja",
        "stage",
        "doctype",
        "form",
        "title",
        "counts",
    )
    return {name: manifest[name] for name in names} | {
        "page": f"dataset/{manifest['slug']}/index.html",
        "manifest": f"dataset/{manifest['slug']}/dataset.json",
        "files": len(manifest["files"]),
        "bytes": sum(f["size"] for f in manifest["files"]),
    }


def _narrative(manifest: Manifest, read: Read) -> str:
    paths, folder = [f["path"] for f in manifest["files"]], manifest["files_folder"]
    data = read(NARRATIVE) if NARRATIVE in paths else None
    return narrative.render(data.decode(errors="replace"), paths, manifest["title"]["id"], folder) if data else ""


def _table(manifest: Manifest, path: str, read: Read, limit: int, choice: Mapping[str, str]) -> tables.Head | None:
    data = read(path) if path in {f["path"] for f in manifest["files"]} else None
    return tables.head(data, limit, choice) if data else None


def _preview(manifest: Manifest, read: Read) -> tuple[str, tables.Head] | None:
    path = main_table([f["path"] for f in manifest["files"]])
    found = _table(manifest, path, read, SHOWN_ROWS, texts.PREVIEW_COLUMNS)
    return (path, found) if found else None


def _asset(name: str) -> bytes:
    return files(__package__).joinpath("site", name).read_bytes()


def _render(template: str, **context: object) -> bytes:
    return _environment().get_template(f"{template}.html.j2").render(**context).encode()


@cache
def _environment() -> Environment:
    made = environment("rangkiang.portal", "site")
    made.globals |= {
        "province": catalogue.offices()[0],
        "year": catalogue.elections()[0].date[:4],
        "statuses": texts.STATUSES,
        "dash": texts.DASH,
    }
    names = ("number", "percent", "size", "href", "kind", "column_type", "stage_name", "unit_kerja", "word")
    made.filters |= {name: getattr(texts, name) for name in names}
    made.filters["both"] = lambda value: both(value, "")["id"]
    return made
