"""The board and the review desk at a hundred thousand documents: how long each page takes, through the ASGI app.

Run by hand: ``make bench``. Fills an embedded PostgreSQL with synthetic documents of all offices, ten thousand findings
and a thousand decisions; asks for every page thirty times; prints milliseconds, the 50th and the 95th percentile.
Findings that are opened are of sheets with figures, another one each time.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, create_engine, insert, text
from starlette.testclient import TestClient

from rangkiang import board, catalogue, reading, web
from rangkiang.decisions import seen
from rangkiang.forms import form
from rangkiang.frames import to_parquet
from rangkiang.ledger import codec, open_ledger, tables
from rangkiang.ledger.embedded import database_url, ensure_server
from rangkiang.model import Decision, Finding, Severity, Verdict
from rangkiang.people import Person, Role
from rangkiang.proof import prove
from rangkiang.settings import Settings
from rangkiang.steps import keys
from rangkiang.store import Store, open_store
from rangkiang.web import token
from samples import papers
from samples.region import province

COORDINATOR = Person("koordinator", Role.COORDINATOR)
CITY, ROW, OPENED = "13.74", "II.1.JML", 80
DOCUMENTS, FINDINGS, DECISIONS, REQUESTS = 100_000, 10_000, 1_000, 60
LIMIT = 300  # milliseconds
STATES = ("filed",) * 90 + ("arranged",) * 3 + ("read",) * 2 + ("accepted",) * 2 + ("quarantined",) * 2 + ("held",)
DOCTYPES = ("C1-PPWP", "C1-DPR", "C1-DPD", "C1-DPRD-PROV", "C1-DPRD-KABKOTA", "DA1-PPWP")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def documents() -> Iterator[Row]:
    offices = [(o.code, catalogue.children(o.code)) for o in catalogue.offices()]
    for n in range(DOCUMENTS):
        code, areas = offices[n % len(offices)]
        state, doctype = STATES[n * 7 % 100], DOCTYPES[n // 20 % len(DOCTYPES)]
        area = areas[n // 120 % len(areas)]
        known = state != "quarantined"
        about: Row = {
            "form": doctype, "doctype": doctype, "stage": "PL.01.8" if doctype == "DA1-PPWP" else "PL.01.7",
            "election": "PPWP-2019", "area_code": area.code, "area_name": area.name,
            "pages": 2, "remarks": [], "dapil": "",
        }  # fmt: skip
        yield {
            "office": code, "sha256": f"{n:064x}", "key": f"inbox/{code}/{doctype}/{n}.pdf", "size": 9,
            "media_type": "application/pdf", "state": state, "created_at": BEGIN + timedelta(seconds=n),
            "filed_at": BEGIN + timedelta(seconds=n, hours=1 + n % 40) if state == "filed" else None,
            "reason": None if known else {"code": "page_dark", "params": {"page": 1 + n % 3}},
            **(about if known else dict.fromkeys(about)),
        }  # fmt: skip


def arrivals(row: Row) -> Row:
    return {k: row[k] for k in ("office", "key", "size", "sha256")} | {"etag": "e", "duplicate_of": "", "present": True}


def proof(row: Row, flagged: int) -> Row:
    counts = {"proved": 120, "flagged": flagged} if flagged else {"proved": 120}
    made = {"kind": "proof", "maker": "m", "key": f"proofs/{row['sha256']}", "digest": "d", "counts": counts}
    return {"office": row["office"], "sha256": row["sha256"], **made}


def finding(row: Row, n: int) -> Finding:
    params = {"equation": "II.1.JML", "column": f"TPS {n}", "left": 120, "right": 121, "difference": -1}
    severity = Severity.ERROR if n % 3 else Severity.WARNING
    return Finding(row["office"], row["sha256"], "identity_broken", severity, f"II.1.JML/{n}", params)


def decision(about: Finding, n: int) -> Decision:
    verdict = Verdict.CORRECT if n % 2 else Verdict.ACCEPT
    return Decision(about.office, about.sha256, about.code, about.subject, verdict, "siti", BEGIN, "dicocokkan")


def fill(url: str) -> tuple[str, str]:
    """Make the ledger; returns the office and the digest of a document that has a finding and a decision."""
    rows = list(documents())
    usable = [row for row in rows if row["state"] in ("arranged", "filed", "held")]
    found = [finding(usable[n * 5 % len(usable)], n) for n in range(FINDINGS)]
    doubted = {f.sha256 for f in found}
    opened = open_ledger(url)
    opened.migrate()
    opened.record_decisions([decision(f, n) for n, f in enumerate(found[:DECISIONS])])
    opened.dispose()
    put(url, tables.documents, rows)
    put(url, tables.arrivals, [arrivals(row) for row in rows])
    put(url, tables.readings, [proof(row, 2 if row["sha256"] in doubted else 0) for row in usable])
    put(url, tables.findings, [codec.finding_row(f, "form") for f in found])
    kinds = sorted({(r["office"], r["stage"], r["doctype"]) for r in usable})
    names = [{"office": o, "stage": s, "doctype": d, "slug": f"{d}-{o}".lower(), "digest": "d"} for o, s, d in kinds]
    put(url, tables.deliverables, [{**n, "folder": "", "files": [], "metadata": {}} for n in names])
    seen = [{k: n[k] for k in ("office", "stage", "slug", "digest")} for n in names]
    put(url, tables.releases, [{**n, "version": 1, "verified": True, "files": 1} for n in seen])
    gates = [{k: n[k] for k in ("office", "stage", "doctype", "digest")} for n in names]
    put(url, tables.gate, [{**g, "open": ["f"] if n % 4 == 0 else []} for n, g in enumerate(gates)])
    with create_engine(url).execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself within minutes
    return found[0].office, found[0].sha256


def with_figures(url: str, store: Store) -> list[Finding]:
    """Sheets with figures in the store, each with a sum that is printed wrong; what was found about them."""
    tally = next(t for t in province() if t.office.code == CITY)
    wrong = [(d.district.name, {**d.figures, ROW: (d.figures[ROW] or 0) + 10}) for d in tally.districts]
    entry, pdf = form("DB1-PPWP"), papers.db1(tally, wrong)
    read = reading.read(pdf, reading.PDF, entry, "", "0" * 64)
    rows, proofs, found = [], [], []
    for n, row in zip(range(OPENED), documents(), strict=False):
        sha256 = f"{DOCUMENTS + n:064x}"
        about = {"form": entry.model, "doctype": entry.model, "stage": "PL.01.8", "state": "filed", "reason": None}
        key, said = f"inbox/{CITY}/{n}.pdf", {"area_code": CITY, "area_name": "PADANG PANJANG", "dapil": ""}
        rows.append(row | about | said | {"office": CITY, "sha256": sha256, "key": key, "election": "PPWP-2019",
                                         "pages": 1, "remarks": []})  # fmt: skip
        figures, findings = prove(read.assign(sha256=sha256), entry, CITY, sha256)
        made = proof(rows[-1], 3)
        store.put(keys.original(sha256), pdf)
        store.put(keys.reading(sha256, entry), to_parquet(read))
        store.put(made["key"], to_parquet(figures))
        proofs.append(made)
        found += [f for f in findings if f.code == "identity_broken"]
    put(url, tables.documents, rows)
    put(url, tables.arrivals, [arrivals(row) for row in rows])
    put(url, tables.readings, proofs)
    put(url, tables.findings, [codec.finding_row(f, "form") for f in found])
    return found


def slip(folder: Path, sha256: str) -> None:
    """A slip as large as one with pictures, among a thousand of its office."""
    folder.mkdir(parents=True)
    (folder / "x.html").write_bytes(b" " * 400_000)
    others = [
        {"sha256": f"{n:x}", "slip": "y.html", "reasons": [{"code": "page_dark", "text": "x" * 80}]} for n in range(999)
    ]
    (folder / "daftar.json").write_text(json.dumps({"slips": [*others, {"sha256": sha256, "slip": "x.html"}]}))


def put(url: str, table: Table, rows: list[Row]) -> None:
    with create_engine(url).begin() as connection:
        for start in range(0, len(rows), 5000):
            connection.execute(insert(table), rows[start : start + 5000])


def app() -> Any:
    """The pages, a coordinator before them: the login itself is Airflow's."""
    return web.headed(web.app(lambda: COORDINATOR))


Ask = Callable[[TestClient, int], Any]
"""Asks for a page, or for the nth of its kind."""


def asks(office: str, sha256: str, found: list[Finding]) -> dict[str, Ask]:
    """What is measured, by its name."""
    pages = {"board": "/", "office": f"/kantor/{office}", "document": f"/dokumen/{office}/{sha256}"}
    for standing in ("received", "underway", "review", "second", "quarantined", "filed", "gated", "live"):
        pages[f"list, {standing}"] = f"/dokumen?keadaan={standing}"
    pages |= {"list, one office": f"/dokumen?kantor={office}", "list, last page": "/dokumen?hal=2000"}
    pages |= {"accuracy": "/ketepatan", "tile": "/ringkas", "slip": f"/surat/{office}/{sha256}"}
    pages |= {"queue": "/periksa", "queue, one office": f"/periksa?kantor={office}"}
    pages |= {"queue, a type": "/periksa?jenis=DA1-PPWP", "queue, second person": "/periksa?siapa=kedua"}

    def get(address: str) -> Ask:
        return lambda client, _n: client.get(address)

    def finding(client: TestClient, n: int) -> Any:
        return client.get(opened(n))

    def picture(client: TestClient, n: int) -> Any:
        return client.get(f"/gambar/{CITY}/{found[n % OPENED].sha256}/70/sel")

    def accept(client: TestClient, n: int) -> Any:
        one = found[n]
        form = {"token": token.made(COORDINATOR.name, datetime.now(UTC)), "dilihat": seen(one, [], []),
                "putusan": "accept", "alasan_lain": "dicocokkan"}  # fmt: skip
        return client.post(opened(n), data=form, headers={"Origin": "http://testserver"})

    def opened(n: int) -> str:
        return f"/periksa/{CITY}/{found[n].id}"

    fixed = {name: get(address) for name, address in pages.items()}
    return fixed | {"finding": finding, "picture, first time": picture, "accept": accept}


def milliseconds(client: TestClient, ask: Ask) -> list[float]:
    times = []
    ask(client, 0)
    for n in range(REQUESTS):
        began = time.perf_counter()
        if ask(client, n + 1).status_code not in (200, 303):
            sys.exit("a page was not there")
        times.append(1000 * (time.perf_counter() - began))
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ensure_server(Path(folder) / "postgres") as server:
        url = database_url(server, "rangkiang")
        os.environ |= {"RANGKIANG_LEDGER": url, "RANGKIANG_HOME": folder}
        office, sha256 = fill(url)
        os.environ |= {"AIRFLOW_HOME": f"{folder}/airflow"}
        found = with_figures(url, open_store(Settings().store_url))
        slip(Path(folder) / "store" / "returned" / catalogue.office(office).slug, sha256)
        client = TestClient(app(), follow_redirects=False)
        logging.disable(logging.INFO)  # a line for every request
        print(f"{DOCUMENTS:,} documents, {FINDINGS:,} findings, {DECISIONS:,} decisions; ms over {REQUESTS} requests")
        for name, ask in asks(office, sha256, found).items():
            times = statistics.quantiles(milliseconds(client, ask), n=20)
            print(f"{name:<20} p50 {times[9]:6.0f}   p95 {times[18]:6.0f}{'   over' if times[18] > LIMIT else ''}")
        board.opened()[0].dispose()


if __name__ == "__main__":
    main()
