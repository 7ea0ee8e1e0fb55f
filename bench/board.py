"""The board at a hundred thousand documents: how long each of its pages takes, through the ASGI app.

Run by hand: ``make bench``. Fills an embedded PostgreSQL with synthetic documents of all offices, ten thousand findings
and a thousand decisions; asks for every page thirty times; prints milliseconds, the 50th and the 95th percentile.
"""

from __future__ import annotations

import importlib.util
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

from rangkiang import board, catalogue
from rangkiang.ledger import codec, open_ledger, tables
from rangkiang.ledger.embedded import database_url, ensure_server
from rangkiang.model import Decision, Finding, Severity, Verdict

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS, FINDINGS, DECISIONS, REQUESTS = 100_000, 10_000, 1_000, 30
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


def put(url: str, table: Table, rows: list[Row]) -> None:
    with create_engine(url).begin() as connection:
        for start in range(0, len(rows), 5000):
            connection.execute(insert(table), rows[start : start + 5000])


def app() -> Any:
    """The plugin's app, signed in: the login itself is Airflow's."""
    found = importlib.util.spec_from_file_location("papan", ROOT / "plugins" / "papan.py")
    if found is None or found.loader is None:
        sys.exit("plugins/papan.py is not there")
    papan = importlib.util.module_from_spec(found)
    found.loader.exec_module(papan)
    from airflow.api_fastapi.app import create_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user

    create_auth_manager()
    papan.app().dependency_overrides[get_user] = lambda: SimpleAuthManagerUser(username="siti", role="VIEWER")
    return papan.guarded


def milliseconds(ask: Callable[[], Any]) -> list[float]:
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        if ask().status_code != 200:
            sys.exit("a page was not there")
        times.append(1000 * (time.perf_counter() - began))
    return times


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ensure_server(Path(folder) / "postgres") as server:
        url = database_url(server, "rangkiang")
        office, sha256 = fill(url)
        os.environ |= {"RANGKIANG_LEDGER": url, "AIRFLOW_HOME": f"{folder}/airflow"}
        pages = {"board": "/", "office": f"/kantor/{office}", "document": f"/dokumen/{office}/{sha256}"}
        for standing in ("received", "underway", "review", "second", "quarantined", "filed", "gated", "live"):
            pages[f"list, {standing}"] = f"/dokumen?keadaan={standing}"
        pages |= {"list, one office": f"/dokumen?kantor={office}", "list, last page": "/dokumen?hal=2000"}
        client = TestClient(app())
        logging.disable(logging.INFO)  # a line for every request
        print(f"{DOCUMENTS:,} documents, {FINDINGS:,} findings, {DECISIONS:,} decisions; ms over {REQUESTS} requests")
        for name, address in pages.items():
            client.get(address)
            times = statistics.quantiles(milliseconds(lambda address=address: client.get(address)), n=20)  # type: ignore[misc]
            print(f"{name:<20} p50 {times[9]:6.0f}   p95 {times[18]:6.0f}{'   over' if times[18] > LIMIT else ''}")
        board.opened()[0].dispose()


if __name__ == "__main__":
    main()
