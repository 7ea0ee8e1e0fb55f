"""Findings, checks and the reconciliation: what was found out about the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from rangkiang.ledger import codec
from rangkiang.ledger import tables as t
from rangkiang.ledger.base import Base, among, kept
from rangkiang.ledger.records import Scope
from rangkiang.model import Check, Finding


class Proofs(Base):
    """The part of the ledger that holds findings. Each ``replace_…`` says whether it changed anything."""

    def replace_findings(self, office: str, sha256: str, scope: Scope, findings: Iterable[Finding]) -> bool:
        """Make these the findings of ``scope`` on a document. Raises ValueError for one about another document."""
        rows: dict[str, codec.Row] = {}
        for finding in findings:
            if (finding.office, finding.sha256) != (office, sha256):
                raise ValueError(f"Finding {finding.id} is about another document than {office} {sha256}.")
            row = codec.finding_row(finding, scope)
            rows.setdefault(row["id"], row)  # the same fact found twice is one finding
        return self._replace(t.findings, {"office": office, "sha256": sha256, "scope": scope}, list(rows.values()))

    def findings(
        self,
        office: str | None = None,
        sha256: str | None = None,
        scope: Scope | None = None,
        id: str | None = None,
        code: str | None = None,
        sha256s: Iterable[str] | None = None,
    ) -> list[Finding]:
        """Findings that meet every condition given, by office, document, scope, code and subject."""
        table = t.findings.c
        equal = {"office": office, "sha256": sha256, "scope": scope, "id": id, "code": code}
        query = select(*kept(t.findings)).where(*(table[n] == v for n, v in equal.items() if v is not None))
        if sha256s is not None:
            query = query.where(among(table.sha256, sha256s))
        ordered = query.order_by(table.office, table.sha256, table.scope, table.code, table.subject)
        return [codec.finding(row) for row in self._rows(ordered)]

    def replace_checks(self, office: str, sha256: str, checks: Sequence[Check]) -> bool:
        """Make these, in this order, the checks of a document."""
        scope = {"office": office, "sha256": sha256}
        rows = [{**scope, "position": i, **codec.check_row(check)} for i, check in enumerate(checks)]
        return self._replace(t.checks, scope, rows)

    def checks(self, office: str, sha256: str) -> list[Check]:
        """The checks of a document, in the order they were made."""
        table = t.checks.c
        query = select(*kept(t.checks)).where(table.office == office, table.sha256 == sha256).order_by(table.position)
        return [codec.check(row) for row in self._rows(query)]

    def replace_reconciliation(self, stage: str, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Make these, in this order, the comparisons between levels of a stage."""
        entries = [{"stage": stage, "position": i, "entry": codec.plain(row)} for i, row in enumerate(rows)]
        return self._replace(t.reconciliation, {"stage": stage}, entries)

    def reconciliation(self, stage: str) -> list[dict[str, Any]]:
        """The comparisons of a stage, in the order they were made."""
        table = t.reconciliation.c
        query = select(table.entry).where(table.stage == stage).order_by(table.position)
        return [row["entry"] for row in self._rows(query)]
