"""A house as many nights have left it, filled in seconds: everything read, proved, filed, published, nothing new.

Real are: the objects of the inbox and what a listing says of them, the folders' manifests, the slips (made by
``steps.give_back``), the decisions (recorded as people's are) and their weight in the proofs. Written in bulk, as rows
like those of a real night, are: documents, arrivals, readings, proofs, checks, findings, deliverables with a line for
each of their documents, the gate, releases, publications. Not there are the originals, readings and filed tables
themselves: a night with nothing new opens none of them.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Table, make_url

from rangkiang import catalogue, steps
from rangkiang.forms import form
from rangkiang.ledger import Arrival, Compared, Publication, codec, tables
from rangkiang.ledger.base import kept
from rangkiang.model import (
    Check,
    Classification,
    Decision,
    Deliverable,
    Document,
    FileEntry,
    Finding,
    Reason,
    Severity,
    State,
    Verdict,
)
from rangkiang.steps import Barn, keys
from rangkiang.steps.filing import MANIFEST
from rangkiang.steps.standings import standings
from rangkiang.store import Entry
from rangkiang.store.directory import DirectoryStore

STAGE = "PL.01.7"
MODELS = ("C1-PPWP", "C1-DPR", "C1-DPD", "C1-DPRD-PROV", "C1-DPRD-KABKOTA")
REGENCIES = [office.code for office in catalogue.offices()[1:]]
_QUARANTINED, _FOUND, _DECIDED = 100, 20, 200  # one document of so many
_CHECKS = 8
_AT = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def fill(barn: Barn, count: int, published: bool = True) -> None:
    """An inbox of so many objects over all regencies, and all that is known of them.

    Where nothing is ``published``, the first release was proposed, and sent back by whoever was asked.
    """
    contents = {_key(n): b"sheet %d" % n for n in range(count)}
    _drop(barn, contents)
    documents = [_document(n, key, data) for n, (key, data) in enumerate(contents.items())]
    usable = [d for d in documents if d.state is State.FILED]
    found = [_finding(d) for d in usable[::_FOUND]]
    put(barn, tables.documents, map(codec.document_row, documents))
    put(barn, tables.arrivals, _arrivals(barn, {d.key: d.sha256 for d in documents}))
    put(barn, tables.findings, (codec.finding_row(f, "form") for f in found))
    barn.ledger.record_decisions(_decision(f) for f in found[:: _DECIDED // _FOUND])
    weighs = {place: one.digest for place, one in standings(barn).items()}
    put(barn, tables.readings, _readings(usable, weighs))
    put(barn, tables.checks, _checks(usable))
    _file(barn, usable, published)
    for office in REGENCIES:
        steps.give_back(barn, office)
    with psycopg.connect(_plain(barn), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # as the server does by itself within minutes


def put(barn: Barn, table: Table, rows: Iterable[Row]) -> None:
    """Copy rows into a table of the ledger; the log's times are the server's."""
    names = [column.name for column in kept(table)]
    into = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(
        psycopg.sql.Identifier(table.name), psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, names))
    )
    with psycopg.connect(_plain(barn)) as connection, connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([_told(row[name]) for name in names])


def _told(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _plain(barn: Barn) -> str:
    url = make_url(barn.settings.ledger).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _key(n: int) -> str:
    """Inboxes one after the other: an office's objects are of all kinds."""
    office, model = REGENCIES[n % len(REGENCIES)], MODELS[n // len(REGENCIES) % len(MODELS)]
    return f"{keys.inbox(office)}{STAGE}/{model}/{n:07}.pdf"


def _drop(barn: Barn, contents: dict[str, bytes]) -> None:
    """As offices do: not through our store where that is a folder, which would wait for the disk each time."""
    if isinstance(barn.store, DirectoryStore):
        for key, data in contents.items():
            path = barn.store.root / key
            if not path.parent.exists():
                path.parent.mkdir(parents=True)
            path.write_bytes(data)
    else:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(barn.store.put, contents.keys(), contents.values()))


def _document(n: int, key: str, data: bytes) -> Document:
    office, model = REGENCIES[n % len(REGENCIES)], key.split("/")[3]
    sha256 = hashlib.sha256(data).hexdigest()
    if n % _QUARANTINED == 0:
        reason = Reason("broken_file", {})
        return Document(office, sha256, key, len(data), "application/octet-stream", State.QUARANTINED, reason)
    area = f"{office}.01.{2001 + n // len(REGENCIES) // 40:04}.{n // len(REGENCIES) % 40 + 1:03}"
    said = Classification(model, model, STAGE, form(model).election, area, f"TPS {n % 40 + 1:03}", 2)
    return Document(office, sha256, key, len(data), "application/pdf", State.FILED, None, said)


def _arrivals(barn: Barn, sha256s: dict[str, str]) -> Iterator[Row]:
    for office in REGENCIES:
        for entry in barn.store.list(keys.inbox(office)):
            yield {"office": office, **asdict(_arrival(entry, sha256s[entry.key]))}


def _arrival(entry: Entry, sha256: str) -> Arrival:
    return Arrival(entry.key, entry.etag, entry.size, sha256)


def _finding(document: Document) -> Finding:
    params = {"equation": "suara-sah", "column": document.said.area_name, "left": 120, "right": 121, "difference": -1}
    return Finding(document.office, document.sha256, "identity_broken", Severity.ERROR, "suara-sah/TPS", params)


def _decision(about: Finding) -> Decision:
    return Decision(about.office, about.sha256, about.code, about.subject, Verdict.ACCEPT, "siti", _AT, "dicocokkan")


def _readings(documents: Iterable[Document], weighs: dict[tuple[str, str], str]) -> Iterator[Row]:
    counts = {"proved": 60, "read": 3}
    for d in documents:
        entry, place = form(d.said.form), (d.office, d.sha256)
        proof = keys.proof_maker(entry, weighs.get(place, ""))
        made = {"reading": (keys.reading_maker(entry), keys.reading(d.sha256, entry))}
        made["proof"] = (proof, keys.proof(d.sha256, proof))
        for kind, (maker, key) in made.items():
            own = {"office": d.office, "sha256": d.sha256, "kind": kind, "maker": maker, "key": key}
            yield {**own, "digest": d.sha256, "counts": counts}


def _checks(documents: Iterable[Document]) -> Iterator[Row]:
    told = [codec.check_row(Check(f"Periksa {n}", Severity.ERROR, True)) for n in range(_CHECKS)]
    for d in documents:
        for position, check in enumerate(told):
            yield {"office": d.office, "sha256": d.sha256, "position": position, **check}


def _file(barn: Barn, documents: Iterable[Document], published: bool) -> None:
    """One dataset for each office and kind, published as it is filed."""
    members: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        members[document.office, document.said.doctype].append(document)
    made = [_deliverable(office, doctype, own) for (office, doctype), own in members.items()]
    for one in made:
        barn.ledger.record_deliverable(one)
        barn.store.put(keys.filed(one.folder, MANIFEST), b"{}")
    barn.ledger.record_compared(STAGE, [Compared(d.office, d.stage, d.doctype, d.digest, ()) for d in made])
    if not published:
        steps.send_back(barn, steps.propose(barn, STAGE).digest, "ketua", "belum lengkap")
        return
    for one in made:
        barn.ledger.record_release(one.slug, STAGE, one.office, one.digest, len(one.files), verified=True)
    barn.ledger.record_publication(Publication(STAGE, 1, "0" * 64, {d.slug: d.digest for d in made}))


def _deliverable(office: str, doctype: str, members: list[Document]) -> Deliverable:
    folder = f"{catalogue.office(office).unit_kerja}/{STAGE}/{doctype}"
    slug = f"{doctype}-{office}".lower()
    digest = hashlib.sha256("".join(d.sha256 for d in members).encode()).hexdigest()
    originals = (FileEntry(f"berkas/{d.name}", d.sha256, d.size, d.media_type) for d in members)
    tables_of_it = (FileEntry(f"{slug}.{kind}", digest, 10_000, "text/csv") for kind in ("csv", "parquet", "xlsx"))
    metadata = {"documents": [_line(d) for d in members], "rows": {f"{slug}.csv": 63 * len(members)}}
    return Deliverable(office, STAGE, doctype, folder, slug, digest, (*tables_of_it, *originals), metadata)


def _line(d: Document) -> Row:
    """As ``deliver.metadata`` has it."""
    said = {"pages": d.said.pages, "area_code": d.said.area_code, "area_name": d.said.area_name}
    own = {"name": d.name, "path": f"berkas/{d.name}", "sha256": d.sha256, "size": d.size, "media_type": d.media_type}
    return {**own, **said, "counts": {"proved": 60, "read": 3}, "findings": 0}
