"""``make audit``: whether a package that this project locks has a known vulnerability.

pip-audit asks PyPI. Where PyPI, or what stands for it, cannot be reached or knows of no advisories, nothing has been
looked at: that is said, and is no failure. A vulnerability is one, unless allowed.toml says why it does not matter here
and until when that is believed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = Path(__file__).with_name("allowed.toml")
UV = ROOT / ".tools/bin/uv"
PIP_AUDIT = "pip-audit==2.10.1"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``looked_at`` packages of ``of``; what is known of them and not allowed, and what else is to be said."""

    looked_at: int
    of: int
    known: list[str]
    remarks: list[str]


def judge(report: dict[str, Any], allowed: list[dict[str, Any]], today: date) -> Verdict:
    """What a report of pip-audit comes to. Each of ``allowed`` has package, id, why and until."""
    packages = report["dependencies"]
    looked_at = [one for one in packages if "skip_reason" not in one]
    known, remarks, used = list[str](), list[str](), list[dict[str, Any]]()
    for one in looked_at:
        for found in one["vulns"]:
            ids = {found["id"], *found.get("aliases", [])}
            said = (
                f"{one['name']} {one['version']}: {found['id']} (mended in {', '.join(found['fix_versions']) or '?'})"
            )
            rule = next((r for r in allowed if r["package"] == one["name"] and r["id"] in ids), None)
            if rule is None:
                known.append(said)
            elif rule["until"] < today:
                known.append(f"{said}; allowed until {rule['until']} only")
            else:
                remarks.append(f"allowed until {rule['until']}: {said}: {rule['why']}")
            used += [rule] if rule else []
    remarks += [f"not needed any more in allowed.toml: {r['package']} {r['id']}" for r in allowed if r not in used]
    return Verdict(len(looked_at), len(packages), known, remarks)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        locked, report = Path(folder) / "locked.txt", Path(folder) / "report.json"
        export: list[str | Path] = [
            UV,
            "export",
            "--quiet",
            "--frozen",
            "--no-hashes",
            "--no-emit-project",
            "--all-extras",
            "-o",
            locked,
        ]
        subprocess.run([*export, "--all-groups"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        ask: list[str | Path] = [
            UV,
            "tool",
            "run",
            PIP_AUDIT,
            "-r",
            locked,
            "--no-deps",
            "--disable-pip",
            "-f",
            "json",
            "-o",
            report,
        ]
        done = subprocess.run([*ask, "--progress-spinner", "off"], capture_output=True, text=True, check=False)
        if not report.exists():
            last = (done.stderr.strip().splitlines() or ["no word from pip-audit"])[-1]
            sys.exit(_not_done(last))
        verdict = judge(json.loads(report.read_text()), tomllib.loads(ALLOWED.read_text())["allowed"], date.today())
    for line in verdict.remarks:
        print(line)
    if not verdict.looked_at:
        sys.exit(_not_done("the package index here knows of no advisories"))
    print(f"{verdict.looked_at} of {verdict.of} locked packages looked at, {len(verdict.known)} vulnerabilities.")
    sys.exit("\n".join(verdict.known) or 0)


def _not_done(why: str) -> int:
    print(f"THE AUDIT WAS NOT DONE: {why}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    main()
