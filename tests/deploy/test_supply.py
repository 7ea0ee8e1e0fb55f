"""What the program is made of: the bill of materials, licences, known vulnerabilities."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from deploy.supply import audit, sbom

TODAY = date(2026, 12, 1)
FOUND = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"]}
REPORT = {
    "dependencies": [
        {"name": "good", "version": "1.0", "vulns": []},
        {"name": "bad", "version": "1.0", "vulns": [FOUND]},
        {"name": "unseen", "version": "1.0", "skip_reason": "not on PyPI"},
    ]
}


def rule(until: date, package: str = "bad", identifier: str = "CVE-2026-1") -> dict[str, Any]:
    return {"package": package, "id": identifier, "why": "only its server", "until": until}


def test_a_known_vulnerability_is_one_until_somebody_says_why_not() -> None:
    verdict = audit.judge(REPORT, [], TODAY)
    assert (verdict.looked_at, verdict.of) == (2, 3)
    assert verdict.known == ["bad 1.0: PYSEC-2026-1 (mended in 2.0)"]
    allowed = audit.judge(REPORT, [rule(TODAY)], TODAY)
    assert allowed.known == []
    assert "only its server" in allowed.remarks[0]


@pytest.mark.parametrize(
    "given",
    [rule(TODAY - timedelta(days=1)), rule(TODAY, package="good"), rule(TODAY, identifier="CVE-2026-2")],
)
def test_what_is_allowed_is_that_one_for_that_long(given: dict[str, Any]) -> None:
    assert len(audit.judge(REPORT, [given], TODAY).known) == 1


def test_what_is_allowed_for_nothing_is_said() -> None:
    assert "good" in audit.judge(REPORT, [rule(TODAY), rule(TODAY, package="good")], TODAY).remarks[-1]


@pytest.fixture(scope="module")
def bill(repository: Path) -> dict[str, Any]:
    if not sbom.UV.exists():
        pytest.skip("uv is not installed under .tools")
    return sbom.with_licences(sbom.locked(), {sbom._name(one): one for one in distributions()})


def test_the_bill_names_every_package_of_the_image(bill: dict[str, Any], repository: Path) -> None:
    text = (repository / "requirements.txt").read_text()
    wanted = {
        tuple(line.split(" ;")[0].strip().split("==")) for line in text.splitlines() if re.match(r"[a-z0-9]", line)
    }
    named = {(one["name"], one["version"]) for one in bill["components"]}
    assert {(name.partition("[")[0], version) for name, version in wanted} <= named
    assert all(one["purl"].startswith("pkg:pypi/") for one in bill["components"])
    here = {sbom._name(one) for one in distributions()}  # of what is not installed here nobody can say
    assert [one["name"] for one in bill["components"] if one["name"] in here and not one.get("licenses")] == []


def test_nothing_is_linked_in_that_asks_for_the_whole_source(bill: dict[str, Any]) -> None:
    assert sbom.refused(bill) == []


@pytest.mark.parametrize(
    ("names", "fits"),
    [
        (["GPL-3.0-only"], False), (["AGPL-3.0-or-later"], False), (["GNU General Public License v3 (GPLv3)"], False),
        (["SSPL-1.0"], False), (["LGPL-3.0-only"], True), (["MIT"], True),
        (["GNU Lesser General Public License v3 (LGPLv3)"], True),
        (["GNU Library or Lesser General Public License (LGPL)"], True),
        (["Artistic License", "GNU General Public License (GPL)"], True),
    ],
)  # fmt: skip
def test_which_licences_fit(bill: dict[str, Any], names: list[str], fits: bool) -> None:
    other = {"name": "x", "version": "1", "licenses": [{"license": {"name": name}} for name in names]}
    assert (sbom.refused({**copy.deepcopy(bill), "components": [other]}) == []) is fits
