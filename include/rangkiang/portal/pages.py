"""Makes the pages: what each of them shows, put through its template, in both languages. The same manifests give the
same bytes.

A page and its sister in the other language stand side by side (``index.html``, ``index.en.html``), so that every link
is the same from both but for the end of its name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from rangkiang import catalogue
from rangkiang.forms import forms
from rangkiang.portal import charts, narrative, summaries, tables, texts, traces
from rangkiang.portal.figures import figures, remarks
from rangkiang.portal.manifest import DIFFERENCES, FINDINGS, NARRATIVE, Manifest, dump, main_table
from rangkiang.portal.manifest import texts as both
from rangkiang.portal.standings import standings, tiles
from rangkiang.portal.words import LANGUAGES, named, say
from rangkiang.templates import environment

SHOWN = 30
"""Lines of findings, differences and changes on a dataset's own page; all of them are on pages of their own."""
LINES = 150
"""Lines of a table on such a page."""
SHOWN_ROWS = 10
ORIGINALS = "asli/"
PICTURES = "sel/"
FEED = "umpan.xml"
FEED_ENTRIES = 50

OWN = re.compile(r"(?:index|narasi|asal|(?:asal|temuan|selisih)-\d+|v\d+)(?:\.en)?\.html")
"""The pages that there may be in a dataset's folder."""

ENDS = {"id": ".html", "en": ".en.html"}

Read = Callable[[str], bytes | None]
Made = dict[str, bytes]


def dataset(manifest: Manifest, read: Read, log: bytes = b"") -> Made:
    """The pages of one dataset, by path in its folder. ``read`` gives the bytes of one of its files by path, None where
    it is not there; ``log`` is its change log."""
    listed = {f["path"]: f for f in manifest["files"]}

    def data(path: str) -> bytes:
        return (read(path) if path in listed else None) or b""

    table, folder = main_table(list(listed)), manifest["files_folder"]
    found = figures(data(table))
    sizes = {path: file["size"] for path, file in listed.items()}
    parts = traces.parts(found, remarks(data(FINDINGS)), forms().get(manifest["form"]), sizes)
    about = _about(manifest) | {
        "files_folder": folder,
        "table": table,
        "parts_of_it": parts,
        "originals": {f["sha256"]: folder + texts.href(f["path"]) for f in manifest["files"]},
        "media_types": {f["sha256"]: f["media_type"] for f in manifest["files"]},
    }
    printed = traces.printed(parts)
    made: Made = {}
    for lang in LANGUAGES:
        written = _narrative(manifest, data, lang)
        made |= _render(
            "dataset",
            "index",
            lang,
            **about,
            sections=summaries.sections(manifest, lang),
            codes=summaries.codes(manifest, lang),
            printed=printed,
            votes=charts.votes(manifest),
            turnout=charts.turnout(manifest),
            turnouts=charts.turnouts(found),
            preview=tables.head(data(table), SHOWN_ROWS, named("columns", lang), lang),
            compared=DIFFERENCES in listed,
            differences=tables.head(data(DIFFERENCES), SHOWN, named("columns", lang), lang),
            examined=bool(manifest["findings"]) or FINDINGS in listed,
            findings=tables.head(data(FINDINGS), SHOWN, _finding_columns(lang), lang),
            changes=_changes(log, lang),
            narrated=bool(written),
        )
        if written:
            text, spoken = written
            made |= _render("narasi", "narasi", lang, **about, narrative=text, spoken=spoken)
        made |= _tabled(FINDINGS, data(FINDINGS), _finding_columns(lang), lang, about)
        made |= _tabled(DIFFERENCES, data(DIFFERENCES), named("columns", lang), lang, about)
        if parts:
            made |= _render("asal", "asal", lang, **about)
        labels = dict(summaries.codes(manifest, lang))
        for part in parts:
            made |= _render("angka", f"asal-{part.number}", lang, **about, part=part, labels=labels)
    return made


def version(manifest: Manifest, edition: Manifest) -> Made:
    """The pages of one version of a dataset: its files, as they were released."""
    about = _about(manifest) | {"edition": edition, "files_folder": edition["files_folder"]}
    return _both("versi", f"v{edition['number']}", lambda lang: about)


def withdrawn(content: Manifest, log: bytes) -> Made:
    """The pages that stand where a dataset was, and where each of its versions was."""
    made: Made = {}
    for name in ("index", *(f"v{one['number']}" for one in content["versions"])):
        made |= _both("ditarik", name, lambda lang: _about(content) | {"changes": _changes(log, lang)})
    return made


def site(manifests: Sequence[Manifest]) -> Made:
    """Every page that is about more than one dataset, by its path: index, offices, ``datasets.json``, looks."""
    ordered = sorted(manifests, key=lambda m: (m["office"], m["stage"], m["doctype"], m["slug"]))
    made = {name: _asset(name) for name in ("gaya.css", "cari.js")}
    made["rangkiang.svg"] = _asset("rangkiang.svg.j2")
    made["datasets.json"] = dump({"datasets": [_entry(m) for m in ordered]})
    made[FEED] = _feed([m for m in ordered if m["day"]])
    shared: dict[str, Any] = {"manifests": ordered}
    for standing in standings(ordered):
        path = f"kantor/{standing.office.slug}/index"
        contests = [(m, votes, charts.turnout(m)) for m in standing.datasets if (votes := charts.votes(m))]
        for lang in LANGUAGES:
            made |= _render("kantor", path, lang, **shared, it=standing, contests=contests)
    made |= _both("daftar", "dataset/index", lambda lang: shared)
    made |= _both("tentang", "tentang", lambda lang: shared)
    made |= _both("api", "api", lambda lang: shared | {"columns": _columns(ordered)})
    return made | _both("index", "index", lambda lang: shared | _overview(ordered, lang))


def _overview(manifests: Sequence[Manifest], lang: str) -> dict[str, Any]:
    totals = Counter[str]()
    for manifest in manifests:
        totals.update(manifest["counts"])
    there, stages = standings(manifests), sorted({m["stage"] for m in manifests})
    return {
        "standings": there,
        "tiles": tiles(there, stages),
        "stages": stages,
        "contests": summaries.contests(manifests, lang),
        "totals": totals,
    }


def _about(manifest: Manifest) -> dict[str, Any]:
    """What every page of a dataset needs."""
    office = next((o for o in catalogue.offices() if o.code == manifest["office"]), None)
    return {"root": "../../", "it": manifest, "office": office}


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


def _columns(manifests: Sequence[Manifest]) -> list[Mapping[str, Any]]:
    """Every column that some dataset's table has, once."""
    found: dict[str, Mapping[str, Any]] = {}
    for column in (column for m in manifests for column in m["columns"]):
        found.setdefault(column["name"], column)
    return list(found.values())


def _feed(manifests: Sequence[Manifest]) -> bytes:
    """The latest releases, the newest first, as Atom. Of a release only its day is known."""
    newest = sorted(manifests, key=lambda m: (m["day"], m["slug"]), reverse=True)
    entries = [(m, uuid5(NAMESPACE_URL, f"{m['slug']}/{m['number']}/{m['digest']}")) for m in newest[:FEED_ENTRIES]]
    day = newest[0]["day"] if newest else catalogue.elections()[0].date  # a feed must say one
    said = {"entries": entries, "id": uuid5(NAMESPACE_URL, FEED), "day": day}
    return _environment().get_template("umpan.xml.j2").render(_spoken("id") | said).encode()


def _narrative(manifest: Manifest, data: Callable[[str], bytes], lang: str) -> tuple[str, str] | None:
    """A dataset's narrative and its language: this one, where there is one in it, or else Indonesian."""
    for path, spoken in ((NARRATIVE.replace(".md", f".{lang}.md"), lang), (NARRATIVE, "id")):
        if written := data(path):
            paths, folder = [f["path"] for f in manifest["files"]], manifest["files_folder"]
            title = manifest["title"][spoken]
            return narrative.render(written.decode(errors="replace"), paths, title, folder), spoken
    return None


def _finding_columns(lang: str) -> Mapping[str, str]:
    return {
        (f"sentence_{lang}" if name == "sentence" else name): title
        for name, title in named("finding_columns", lang).items()
    }


def _changes(log: bytes, lang: str) -> tables.Head | None:
    """The last lines of a change log."""
    start = max(0, tables.rows(log) - SHOWN) if log else 0
    return tables.head(log, SHOWN, named("change_columns", lang), lang, start)


def _tabled(path: str, data: bytes, choice: Mapping[str, str], lang: str, about: Mapping[str, Any]) -> Made:
    """All of a table that is too long for the dataset's own page, over as many pages as it takes."""
    made: Made = {}
    name = path.removesuffix(".csv")
    whole = tables.head(data, 1, choice, lang)
    if whole is None or whole.rows <= SHOWN:
        return {}
    count = -(-whole.rows // LINES)
    for number in range(1, count + 1):
        lines = tables.head(data, LINES, choice, lang, (number - 1) * LINES)
        made |= _render(
            "tabel", f"{name}-{number}", lang, **about, table_name=name, lines=lines, number=number, count=count
        )
    return made


def _asset(name: str) -> bytes:
    return files(__package__).joinpath("site", name).read_bytes()


def _both(template: str, path: str, context: Callable[[str], Mapping[str, Any]]) -> Made:
    """A page in both languages."""
    made: Made = {}
    for lang in LANGUAGES:
        made |= _render(template, path, lang, **context(lang))
    return made


def _render(template: str, path: str, lang: str, **context: Any) -> Made:
    """A page in one language; ``path`` is its name without an ending."""
    said = {"root": "../" * path.count("/"), "name": path.rpartition("/")[2]} | _spoken(lang) | context
    return {path + ENDS[lang]: _environment().get_template(f"{template}.html.j2").render(said).encode()}


@cache
def _spoken(lang: str) -> dict[str, Any]:
    """What a template says in that language."""
    (other,) = (one for one in LANGUAGES if one != lang)
    return {
        "t": partial(say, lang=lang),
        "lang": lang,
        "end": ENDS[lang],
        "other": other,
        "other_end": ENDS[other],
        "statuses": named("statuses", lang),
        "status_meanings": named("status_meanings", lang),
        "levels": named("levels", lang),
        "engines": named("engines", lang),
    }


@cache
def _environment() -> Environment:
    made = environment("rangkiang.portal", "site")
    made.globals |= {
        "province": catalogue.offices()[0],
        "year": catalogue.elections()[0].date[:4],
        "dash": texts.DASH,
        "feed": FEED,
        "pictures_folder": PICTURES,
        "originals_folder": ORIGINALS,
    }
    for name in ("number", "percent", "decimal", "size", "column_type", "stage_name", "word"):
        made.filters[name] = _in_language(getattr(texts, name))
    made.filters |= {name: getattr(texts, name) for name in ("href", "kind", "unit_kerja")}
    made.tests["in_folder"] = str.startswith
    made.filters["both"] = _in_language(lambda value, lang: both(value, "")[lang])
    return made


def _in_language(say_it: Callable[..., str]) -> Callable[..., str]:
    """A filter that speaks the language of the page."""

    @pass_context
    def spoken(context: Context, *values: Any) -> str:
        return say_it(*values, lang=context["lang"])

    return spoken
