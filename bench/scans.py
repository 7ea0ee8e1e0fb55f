"""Scans: every form at every level of damage through the project's own reader, and real ones.

    python bench/scans.py [--cells 20000] [--levels clean,office,photo] [--seed 2024] [--workers 2] [--json FILE]
                          [--peers CELLS] [--data ../shared/data]

Prints for each level how many number cells are right, flagged, missing, and silently wrong: proved or read, and not
what is printed there. Then how far confidence can be trusted, and real sheets, where the data are. ``--peers`` reads so
many cells of each level with tesseract and with rapidocr as well. Fonts come from Debian's packages, as
samples/press/fonts.toml says.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from bench.scan import canvass, peers, real, report
from bench.scan.making import DIGITAL, jobs
from bench.scan.reading import Account, accounts
from samples.damage import Level

_EVERY = 30.0  # seconds between two lines of progress


def level(name: str, cells: int, seed: int, workers: int) -> dict[str, Account]:
    """Print, wear, read and count; an account for each form."""
    forms: dict[str, Account] = defaultdict(Account)
    told = time.monotonic()
    for job, one in accounts(jobs(seed, name, cells), workers):
        forms[job.model].add(one)
        for line in report.errors(name, one):
            print(line, file=sys.stderr, flush=True)
        if time.monotonic() - told > _EVERY:
            told, whole = time.monotonic(), report.together(forms.values())
            print(f"{name}: {report.so_far(whole)} of {cells:,} cells", file=sys.stderr, flush=True)
    return dict(sorted(forms.items()))


def main() -> None:
    chosen = _arguments()
    names = chosen.levels.split(",")
    forms = {name: level(name, chosen.cells, chosen.seed, chosen.workers) for name in names}
    levels = {name: report.together(accounts.values()) for name, accounts in forms.items()}
    _say(report.table(levels))
    for name in names:
        _say(report.by_form(name, forms[name]))
        _say(report.reliability(name, levels[name]))
    peer = [_say(peers.compare(chosen.seed, name, chosen.peers)) for name in names if chosen.peers]
    c1 = _say(real.handwritten(chosen.data / "c1_2019"))
    canvasses = _say(canvass.measure(chosen.data / "openelections" / "scanned"))
    if chosen.json:
        found = {name: report.as_json(account) for name, account in levels.items()}
        whole = {"seed": chosen.seed, "levels": found, "peers": peer, "c1": c1, "canvasses": canvasses}
        chosen.json.write_text(json.dumps(whole, indent=1), "utf-8")


def _say(lines: Iterable[str]) -> list[str]:
    """Print lines as they come; gives them back."""
    said = []
    for line in lines:
        print(line, flush=True)
        said.append(line)
    return said


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--cells", type=int, default=20_000, help="number cells of each level")
    arguments.add_argument("--levels", default=",".join(Level), help=f"any of {', '.join(Level)}, {DIGITAL}")
    arguments.add_argument("--seed", type=int, default=2024)
    arguments.add_argument("--workers", type=int, default=2, help="processes that read")
    arguments.add_argument("--peers", type=int, default=0, metavar="CELLS", help="cells that others read as well")
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of real sheets")
    arguments.add_argument("--json", type=Path, help="file for all counts")
    return arguments.parse_args()


if __name__ == "__main__":
    main()
