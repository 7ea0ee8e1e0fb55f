"""The first form of the ledger."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


def _text(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text(collation="C"), nullable=null) for name in names]


def _json(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, JSONB(), nullable=null)


def _number(name: str, kind: type[sa.Integer] = sa.Integer, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=null)


def _yes_or_no(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _table(name: str, key: list[str], *columns: sa.Column[Any]) -> None:
    logged = [
        sa.Column(when, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        for when in ("created_at", "updated_at")
    ]
    op.create_table(name, *columns, *logged, sa.PrimaryKeyConstraint(*key))


def upgrade() -> None:
    _table(
        "arrivals",
        ["office", "key"],
        *_text("office", "key", "etag"),
        _number("size", sa.BigInteger),
        *_text("sha256", "duplicate_of"),
        _yes_or_no("present"),
    )
    _table(
        "documents",
        ["office", "sha256"],
        *_text("office", "sha256", "key"),
        _number("size", sa.BigInteger),
        *_text("media_type", "state"),
        _json("reason", null=True),
        *_text("form", "doctype", "stage", "election", "area_code", "area_name", null=True),
        _number("pages", null=True),
        _json("remarks", null=True),
    )
    op.create_index("documents_by_state", "documents", ["state", "office"])
    op.create_index("documents_by_dataset", "documents", ["stage", "doctype", "office"])
    _table(
        "readings",
        ["office", "sha256", "kind", "maker"],
        *_text("office", "sha256", "kind", "maker", "key", "digest"),
        _json("counts"),
    )
    _table(
        "findings",
        ["office", "sha256", "scope", "id"],
        *_text("office", "sha256", "scope", "id", "code", "subject", "severity"),
        _json("params"),
        _json("cells"),
    )
    _table(
        "checks",
        ["office", "sha256", "position"],
        *_text("office", "sha256"),
        _number("position", sa.SmallInteger),
        *_text("name", "severity"),
        _yes_or_no("success"),
        *_text("detail"),
    )
    _table(
        "deliverables",
        ["office", "stage", "doctype"],
        *_text("office", "stage", "doctype", "folder", "slug", "digest"),
        _json("files"),
        _json("metadata"),
    )
    _table(
        "releases",
        ["slug"],
        *_text("slug", "stage", "office", "digest"),
        _number("version"),
        _yes_or_no("verified"),
        _number("files"),
    )
    _table("reconciliation", ["stage", "position"], *_text("stage"), _number("position"), _json("entry"))
