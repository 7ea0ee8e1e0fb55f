"""``make sbom FILE``: what the container image consists of, as CycloneDX 1.5, with the licence of each package.

uv says which packages are locked; the licences are what the installed packages say of themselves. Fails where one may
be used under a licence only that asks for the whole program's source (GPL, AGPL, SSPL): none such is linked in.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".tools/bin/uv"
_STRONG = re.compile(r"\b(A?GPL|SSPL|AFFERO)|(?<!LESSER )(?<!LIBRARY OR LESSER )GENERAL PUBLIC", re.IGNORECASE)
_LESSER = re.compile(r"LGPL|LESSER", re.IGNORECASE)
_CHOICE = re.compile(r"\s+OR\s+", re.IGNORECASE)


def locked() -> dict[str, Any]:
    """The bill as uv writes it: every package of the lock file that the image has."""
    export: list[str | Path] = [
        UV,
        "export",
        "--quiet",
        "--frozen",
        "--no-dev",
        "--extra",
        "cluster",
        "--format",
        "cyclonedx1.5",
    ]
    made = subprocess.run(export, cwd=ROOT, check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads(made.stdout)
    return bill


def with_licences(bill: dict[str, Any], installed: dict[str, Distribution]) -> dict[str, Any]:
    """The same bill, its packages with their licences where these are known."""
    for component in bill["components"]:
        found = installed.get(component["name"])
        if found is not None and (said := licences(found)):
            # Several are a choice, as package indexes have them: the package does not say which of them for what.
            component["licenses"] = [{"license": {"name": one}} for one in said]
    return bill


def licences(package: Distribution) -> list[str]:
    """The licences under which a package says that it may be used; any of them will do."""
    about = package.metadata
    if expression := about.get_all("License-Expression"):
        return _CHOICE.split(expression[0])
    found = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    found = [name for name in found if name != "OSI Approved"]
    said = (about.get_all("License") or [""])[0].strip()
    return found or ([said.splitlines()[0][:80]] if said else [])


def refused(bill: dict[str, Any]) -> list[str]:
    """Packages that may be used under no licence but one that we cannot link in."""
    return [
        f"{one['name']} {one['version']}: {', '.join(names)}"
        for one in bill["components"]
        if (names := [said["license"]["name"] for said in one.get("licenses", [])])
        and all(_STRONG.search(name) and not _LESSER.search(name) for name in names)
    ]


def main() -> None:
    target = Path(sys.argv[1])
    bill = with_licences(locked(), {_name(one): one for one in distributions()})
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, indent=1, ensure_ascii=False))
    unknown = [one["name"] for one in bill["components"] if "licenses" not in one]
    print(f"{target}: {len(bill['components'])} packages, of {len(unknown)} no licence known: {', '.join(unknown)}")
    sys.exit("\n".join(refused(bill)) or 0)


def _name(package: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", package.metadata["Name"]).lower()


if __name__ == "__main__":
    main()
