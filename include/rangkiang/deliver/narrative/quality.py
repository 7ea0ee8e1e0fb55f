"""What the narrative says of how sure the figures are: statuses, checks, findings summed up, a few of them quoted; and
what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rangkiang.catalogue import Texts
from rangkiang.deliver import facts
from rangkiang.deliver.dataset import Dataset
from rangkiang.deliver.narrative import queries
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.remarks import by_code, sentence
from rangkiang.deliver.words import words
from rangkiang.forms.contest import brief
from rangkiang.model import Finding, Severity

EXAMPLES = 3
"""Findings of one kind that the narrative quotes."""

DECIDED = ("figure_corrected", "finding_accepted", "rescan_asked", "decision_lapsed")
"""Findings that tell of a decision."""

DECISIONS = 10
"""Decisions that the narrative quotes."""

_APART = Texts("hasilnya tercatat terpisah", "their outcome is kept apart")
_PASSED = Texts("{} dari {} pemeriksaan lulus", "{} of {} checks passed")
_FAILED = Texts("Yang tidak lulus", "Not passed")


def quality(made: Dataset, teller: Teller) -> dict[str, Any]:
    """How sure the figures are, what was found, and what was decided."""
    found = [f for f in made.findings if f.code not in DECIDED]
    decided = [f for f in made.findings if f.code in DECIDED]
    quoted = _quoted(found)
    areas = {m.document.sha256: m.document.said.area_name for m in made.members} if len(made.members) > 1 else {}
    codes = f"code IN {queries.texts(DECIDED)}"
    return {
        "cells": teller.number(len(made.table), "Banyaknya sel", queries.CELLS),
        "statuses": list(_statuses(made, teller)),
        "findings": list(_kinds(found, teller)),
        "findings_count": teller.number(len(found), "Banyaknya temuan", f"{queries.FINDINGS} WHERE NOT {codes}"),
        "examples": [_told(made, f, areas, teller) for f in quoted],
        "codes": _codes(made, quoted, teller),
        "decisions": list(_kinds(decided, teller)),
        "decisions_count": teller.number(len(decided), "Banyaknya keputusan", f"{queries.FINDINGS} WHERE {codes}"),
        "decided": [_told(made, f, areas, teller) for f in decided[:DECISIONS]],
        "checks": checks(made, teller),
    }


def checks(made: Dataset, teller: Teller) -> str:
    """How many data checks passed, and which did not."""
    every = [check for member in made.members for check in member.checks]
    if not every:
        return teller.text(_APART)
    passed = teller.number(
        sum(check.success for check in every), "Pemeriksaan yang lulus", "buku kerja: Asal-usul, Pemeriksaan lulus"
    )
    of = teller.number(len(every), "Pemeriksaan yang dijalankan", "buku kerja: Asal-usul, Pemeriksaan")
    said = teller.text(_PASSED).format(passed, of)
    failed = dict.fromkeys(check.name for check in every if not check.success)
    return f"{said}. {teller.text(_FAILED)}: {'; '.join(map(_named, failed))}" if failed else said


def _named(check: str) -> str:
    """An equation as code, for its digits are no counts; other names as they are."""
    return f"`{check}`" if any(letter.isdigit() for letter in check) else f"*{check}*"


def _statuses(made: Dataset, teller: Teller) -> Iterable[Mapping[str, Any]]:
    names, whole = words("statuses"), len(made.table)
    for code, n in facts.statuses(made).items():
        if n:
            name, where = teller.text(names[code].name), f"WHERE status = {queries.text(code)}"
            yield {
                "count": teller.number(n, f"Banyaknya angka berstatus {name}", f"{queries.CELLS} {where}"),
                "number": n,
                "share": teller.share(n, whole, f"Persentase angka berstatus {name}", queries.status_share(code)),
                "name": name,
                "means": teller.text(names[code].means),
            }


def _kinds(findings: Sequence[Finding], teller: Teller) -> Iterable[Mapping[str, Any]]:
    """One line per kind; broken identities are counted one by one below it."""
    kinds, severities = words("findings"), words("severities")
    severity = {f.code: f.severity for f in findings}
    for code, n in by_code(findings).items():
        broken = Counter(str(f.params["equation"]) for f in findings if f.code == code and "equation" in f.params)
        name, where = kinds[code].name, f"{queries.FINDINGS} WHERE code = {queries.text(code)}"
        yield {
            "count": teller.number(n, f"Banyaknya {name.id}", where),
            "n": n,
            "name": teller.text(name),
            "severity": teller.text(severities[severity[code]].name),
            "equations": [
                {"text": brief(text), "count": teller.number(m, f"Tidak terpenuhi: {text}", _broken(where, text))}
                for text, m in broken.most_common()
            ],
        }


def _broken(where: str, equation: str) -> str:
    """Findings name the equation that they are about by its whole text."""
    return f"{where} AND sentence_id LIKE {queries.text(f'{equation} %')}"


def _told(made: Dataset, finding: Finding, areas: Mapping[str, str], teller: Teller) -> Mapping[str, str]:
    said = sentence(finding, teller.lang, made.leaves)
    quoted = teller.quote(said, f"Kutipan temuan {finding.id}", queries.sentence(finding.id, teller.lang))
    return {"area": areas.get(finding.sha256, ""), "sentence": quoted}


def _quoted(findings: Sequence[Finding]) -> list[Finding]:
    """A few grave findings of each kind, those first that are furthest off."""
    found: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda f: -abs(f.params.get("difference") or 0)):
        if finding.severity in (Severity.CRITICAL, Severity.ERROR):
            found.setdefault(finding.code, []).append(finding)
    return [finding for code in by_code(findings) for finding in found.get(code, ())[:EXAMPLES]]


def _codes(made: Dataset, findings: Iterable[Finding], teller: Teller) -> list[Mapping[str, str]]:
    """What the row codes in these findings stand for, in the form's order."""
    spoken = {cell.row for finding in findings for cell in finding.cells}
    labels = made.labels_in(teller.lang)
    return [{"code": leaf.code, "label": labels[leaf.code]} for leaf in made.leaves if leaf.code in spoken]
