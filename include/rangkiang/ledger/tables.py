"""The tables. Their first form is in ``migrations``; a test holds the two together.

Text is compared byte by byte (collation C), so that every server gives the same order. ``created_at``,
``updated_at`` and ``filed_at`` are for whoever reads the log of events; nothing is decided or published by them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _text(name: str, key: bool = False, null: bool = False) -> Column[Any]:
    return Column(name, Text(collation="C"), primary_key=key, nullable=null)


def _json(name: str, null: bool = False) -> Column[Any]:
    return Column(name, JSONB(none_as_null=True), nullable=null)


def _logged() -> tuple[Column[Any], Column[Any]]:
    return tuple(  # type: ignore[return-value]
        Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())
        for name in ("created_at", "updated_at")
    )


arrivals = Table(
    "arrivals",
    metadata,
    _text("office", key=True),
    _text("key", key=True),
    _text("etag"),
    Column("size", BigInteger, nullable=False),
    _text("sha256"),
    _text("duplicate_of"),
    Column("present", Boolean, nullable=False),
    *_logged(),
    Index("arrivals_by_content", "office", "sha256"),
    Index("arrivals_present", "office", "sha256", postgresql_where=text("present")),
)

documents = Table(
    "documents",
    metadata,
    _text("office", key=True),
    _text("sha256", key=True),
    _text("key"),
    Column("size", BigInteger, nullable=False),
    _text("media_type"),
    _text("state"),
    _json("reason", null=True),
    # The classification; all null, or none.
    _text("form", null=True),
    _text("doctype", null=True),
    _text("stage", null=True),
    _text("election", null=True),
    _text("area_code", null=True),
    _text("area_name", null=True),
    Column("pages", Integer),
    _json("remarks", null=True),
    _text("dapil", null=True),
    # When it first became part of a deliverable; of the log, as the two that follow.
    Column("filed_at", DateTime(timezone=True)),
    *_logged(),
    Index("documents_by_state", "state", "office"),
    Index("documents_by_dataset", "stage", "doctype", "office"),
    # What the board counts, without fetching a row: see overview.py.
    Index("documents_counted", "office", "stage", "doctype", "state", "created_at"),
    Index("documents_by_age", "created_at", "office", "sha256"),
    Index("documents_by_content", "sha256"),
    Index("documents_filed", "office", "state", "created_at", "filed_at"),
)

readings = Table(
    "readings",
    metadata,
    _text("office", key=True),
    _text("sha256", key=True),
    _text("kind", key=True),
    _text("maker", key=True),
    _text("key"),
    _text("digest"),
    _json("counts"),
    *_logged(),
    Index(
        "readings_flagged",
        "office",
        "sha256",
        postgresql_where=text("kind = 'proof' AND CAST(counts ->> 'flagged' AS INTEGER) > 0"),
    ),
)

findings = Table(
    "findings",
    metadata,
    _text("office", key=True),
    _text("sha256", key=True),
    _text("scope", key=True),
    _text("id", key=True),
    _text("code"),
    _text("subject"),
    _text("severity"),
    _json("params"),
    _json("cells"),
    *_logged(),
    Index("findings_open", "office", "sha256", postgresql_where=text("severity IN ('error', 'warning')")),
    Index("findings_by_id", "id"),
    Index("findings_lapsed", "office", postgresql_where=text("code = 'decision_lapsed'")),
)

checks = Table(
    "checks",
    metadata,
    _text("office", key=True),
    _text("sha256", key=True),
    Column("position", SmallInteger, primary_key=True, autoincrement=False),
    _text("name"),
    _text("severity"),
    Column("success", Boolean, nullable=False),
    _text("detail"),
    *_logged(),
)

deliverables = Table(
    "deliverables",
    metadata,
    _text("office", key=True),
    _text("stage", key=True),
    _text("doctype", key=True),
    _text("folder"),
    _text("slug"),
    _text("digest"),
    _json("files"),
    _json("metadata"),
    *_logged(),
)

releases = Table(
    "releases",
    metadata,
    _text("slug", key=True),
    _text("stage"),
    _text("office"),
    _text("digest"),  # '' once withdrawn: the row stays, so that versions never start again
    Column("version", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("files", Integer, nullable=False),
    *_logged(),
)

# Of each dataset: as it was filed when the levels were last compared, and which differences nobody had decided about.
gate = Table(
    "gate",
    metadata,
    _text("office", key=True),
    _text("stage", key=True),
    _text("doctype", key=True),
    _text("digest"),
    _json("open"),
    *_logged(),
)

reconciliation = Table(
    "reconciliation",
    metadata,
    _text("stage", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _json("entry"),
    *_logged(),
)

# What people decided, and when: in UTC, written so that text is in the order of time. Rows are only ever added: the
# migration has the server refuse anything else.
decisions = Table(
    "decisions",
    metadata,
    _text("id", key=True),
    _text("office"),
    _text("sha256"),
    _text("code"),
    _text("subject"),
    _text("verdict"),
    _text("author"),
    _text("at"),
    _text("why"),
    _json("expects"),
    _json("cell", null=True),
    Column("value", BigInteger),
    *_logged(),
    Index("decisions_by_document", "office", "sha256"),
    Index("decisions_by_author", "author", "at"),
)

opinions = Table(
    "opinions",
    metadata,
    _text("id", key=True),
    _text("decision"),
    _text("view"),
    _text("author"),
    _text("at"),
    _text("why"),
    *_logged(),
    Index("opinions_by_decision", "decision"),
)

# Who did what on the pages. Only ever added to, as decisions are.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    *(_text(name) for name in ("account", "role", "act", "office", "about", "outcome")),
    Index("audit_by_account", "account", "id"),
    Index("audit_by_office", "office", "id"),
)

# What people said of proposed releases, and what then was to be before the public: only ever added to, like decisions.
approvals = Table(
    "approvals",
    metadata,
    _text("id", key=True),
    _text("proposal"),
    _text("stage"),
    _text("ruling"),
    _text("author"),
    _text("at"),
    _text("why"),
    *_logged(),
    Index("approvals_by_proposal", "proposal"),
)

publications = Table(
    "publications",
    metadata,
    _text("stage", key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("proposal"),
    _json("datasets"),  # digest by slug
    *_logged(),
)

# Which slips a mail server has taken, by what they say: rows are only ever added, as above.
mailed = Table(
    "mailed",
    metadata,
    _text("id", key=True),
    _text("office"),
    _text("sha256"),
    _text("sent_to"),
    _text("message"),
    *_logged(),
    Index("mailed_by_office", "office"),
)

# What the steps have measured, summed up: written by many short-lived processes, sent by one. See docs/telemetry.md.
tallies = Table(
    "tallies",
    metadata,
    _text("name", key=True),
    _text("labels", key=True),  # as JSON, in the order of their names
    _text("part", key=True),  # 'sum'; of a histogram also 'count' and the number of each bucket
    Column("value", Double, nullable=False),
    *_logged(),
)

# When an office's or a stage's work of a night began and was done for the first time.
nights = Table(
    "nights",
    metadata,
    _text("subject", key=True),  # code of an office or of a stage
    Column("night", Date, primary_key=True),  # its day in the time of western Indonesia
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("done_at", DateTime(timezone=True)),
)

# What coordinators are told, once a night, and by which way it has gone out.
alerts = Table(
    "alerts",
    metadata,
    Column("night", Date, primary_key=True),
    _text("code", key=True),
    _text("subject", key=True),
    _json("params"),
    Column("mailed", Boolean, nullable=False),
    Column("posted", Boolean, nullable=False),
    *_logged(),
)

WATCHING = (alerts, nights, tallies)
"""How the work goes: no work depends on it, and nothing is made again of it."""

LOGGED = frozenset({"created_at", "updated_at", "filed_at"})
