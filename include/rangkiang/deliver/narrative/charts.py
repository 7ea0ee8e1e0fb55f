"""The narrative's charts: nothing but what its tables say, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rangkiang.catalogue import Texts
from rangkiang.deliver.narrative.teller import Teller
from rangkiang.deliver.prose.bars import Bar, Bars

_TITLES: Mapping[str, Texts] = {
    "kelengkapan": Texts("Yang ada dibandingkan dengan katalog wilayah", "What is there, of what the catalogue has"),
    "suara": Texts("Perolehan suara", "Votes"),
    "wilayah": Texts("Perolehan suara menurut wilayah", "Votes by region"),
    "suara-sah": Texts("Suara sah menurut wilayah", "Valid votes by region"),
    "partisipasi": Texts("Partisipasi menurut wilayah", "Turnout by region"),
    "mutu": Texts("Status angka", "Status of the figures"),
}
_OF = Texts("{} dari {}", "{} of {}")

WHOLE = 10_000
"""What stands for all of something where bars show shares."""


def charts(context: Mapping[str, Any], teller: Teller) -> Mapping[str, Bars]:
    """By name; those that would show nothing are left out."""
    found = {"kelengkapan": _completeness(context, teller), "suara": _votes(context), "mutu": _statuses(context)}
    if context["regions"]:
        found.update(_regional(context["regions"]))
    return {
        name: Bars(teller.text(_TITLES[name]), bars, **how)
        for name, (bars, how) in found.items()
        if any(any(bar.parts) for bar in bars)
    }


_Drawn = tuple[tuple[Bar, ...], dict[str, Any]]


def _completeness(context: Mapping[str, Any], teller: Teller) -> _Drawn:
    bars = []
    for line in context["coverage"]:
        present, expected = line["values"]
        if expected:
            said = teller.text(_OF).format(line["present"], line["expected"])
            bars.append(Bar(line["level"], (_part(present, expected),), (said,)))
    return tuple(bars), {"whole": max([WHOLE, *(bar.parts[0] for bar in bars)]), "track": True}


def _votes(context: Mapping[str, Any]) -> _Drawn:
    votes = context["votes"]
    bars = tuple(Bar(v["name"], (v["number"],), (f"{v['value']} ({v['share']})",)) for v in votes)
    return bars, {"whole": max((v["number"] for v in votes), default=0)}


def _statuses(context: Mapping[str, Any]) -> _Drawn:
    statuses = context["statuses"]
    bars = tuple(Bar(s["name"], (s["number"],), (f"{s['count']} ({s['share']})",)) for s in statuses)
    return bars, {"whole": sum(s["number"] for s in statuses), "track": True}


def _regional(regions: Mapping[str, Any]) -> Mapping[str, _Drawn]:
    """Votes where contestants are few, valid votes where they are many; turnout."""
    contest = tuple(Bar(*line) for line in regions["contest"]["lines"])
    valid = () if contest else tuple(Bar(name, (n,), (said,)) for name, n, said in regions["valid"] if n)
    turnout = tuple(Bar(name, (_part(*both),), (said,)) for name, both, said in regions["turnout"])
    return {
        "wilayah": (contest, {"legend": tuple(regions["contest"]["names"])}),
        "suara-sah": (valid, {"whole": max((bar.parts[0] for bar in valid), default=0)}),
        "partisipasi": (turnout, {"whole": max([WHOLE, *(bar.parts[0] for bar in turnout)]), "track": True}),
    }


def _part(part: int, whole: int) -> int:
    return round(WHOLE * part / whole)
