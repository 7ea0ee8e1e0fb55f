"""What the narrative says of how sure the figures are: statuses, checks, findings summed up, a few of them quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.remarks import by_code, sentence
from rangkiang.deliver.words import angka, persen, words
from rangkiang.forms.contest import brief
from rangkiang.model import Finding, Severity

EXAMPLES = 3
"""Findings of one kind that the narrative quotes."""


def quality(made: Dataset) -> dict[str, Any]:
    """How sure the figures are, and what was found."""
    quoted = _quoted(made.findings)
    areas = {m.document.sha256: m.document.said.area_name for m in made.members} if len(made.members) > 1 else {}
    return {
        "cells": angka(len(made.table)),
        "statuses": list(_statuses(made)),
        "findings": list(_kinds(made.findings)),
        "findings_count": angka(len(made.findings)),
        "examples": [{"area": areas.get(f.sha256, ""), "sentence": sentence(f, rows=made.leaves)} for f in quoted],
        "codes": _codes(made, quoted),
    }


def checks(made: Dataset) -> str:
    """How many data checks passed, and which did not."""
    every = [check for member in made.members for check in member.checks]
    if not every:
        return "hasilnya tercatat terpisah"
    passed = f"{angka(sum(check.success for check in every))} dari {angka(len(every))} pemeriksaan lulus"
    failed = dict.fromkeys(check.name for check in every if not check.success)
    return f"{passed}. Yang tidak lulus: {'; '.join(map(_named, failed))}" if failed else passed


def _named(check: str) -> str:
    """An equation as code, for its digits are no counts; other names as they are."""
    return f"`{check}`" if any(letter.isdigit() for letter in check) else f"*{check}*"


def _statuses(made: Dataset) -> Iterable[Mapping[str, str]]:
    names, whole = words("statuses"), len(made.table)
    for code, n in facts.statuses(made).items():
        if n:
            name, means = names[code].name.id, names[code].means.id
            yield {"count": angka(n), "share": persen(n, whole), "name": name, "means": means}


def _kinds(findings: Sequence[Finding]) -> Iterable[Mapping[str, Any]]:
    """One line per kind; broken identities are counted one by one below it."""
    kinds, severities = words("findings"), words("severities")
    severity = {f.code: f.severity for f in findings}
    for code, n in by_code(findings).items():
        broken = Counter(str(f.params["equation"]) for f in findings if f.code == code and "equation" in f.params)
        yield {
            "count": angka(n),
            "name": kinds[code].name.id,
            "severity": severities[severity[code]].name.id,
            "equations": [{"text": brief(text), "count": angka(m)} for text, m in broken.most_common()],
        }


def _quoted(findings: Sequence[Finding]) -> list[Finding]:
    """A few grave findings of each kind, those first that are furthest off."""
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: -abs(f.params.get("difference") or 0)):
        if finding.severity in (Severity.CRITICAL, Severity.ERROR):
            found.setdefault(finding.code, []).append(finding)
    return [finding for code in by_code(findings) for finding in found.get(code, ())[:EXAMPLES]]


def _codes(made: Dataset, findings: Iterable[Finding]) -> list[Mapping[str, str]]:
    """What the row codes in these findings stand for, in the form's order."""
    spoken = {cell.row for finding in findings for cell in finding.cells}
    return [{"code": leaf.code, "label": made.labels[leaf.code]} for leaf in made.leaves if leaf.code in spoken]
