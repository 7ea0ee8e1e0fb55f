"""Writes the sample inbox: the papers of 19 regencies and the province, with faults sown in.

``python -m samples.demo --out DIR`` makes ``DIR/inbox/…`` and ``DIR/faults.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rangkiang import catalogue
from samples import faults, papers
from samples.faults import Fault
from samples.inbox import Inbox
from samples.region import RegencyTally, province

DA1_SHEETS = {"13.04": 2, "13.05": 3, "13.71": 4}
"""How many kecamatan of which regencies hand in a DA1."""


def build() -> tuple[Inbox, list[Fault]]:
    """The whole inbox in memory, and what is wrong in it."""
    tallies = province()
    box = whole(tallies)
    return box, faults.sow(box, tallies)


def whole(tallies: Sequence[RegencyTally]) -> Inbox:
    """The inbox before any fault is sown."""
    box = Inbox()
    box.put(catalogue.offices()[0].code, "PL.01.8/DC1-PPWP/DC1-PPWP SUMATERA BARAT.pdf", papers.dc1(tallies))
    for tally in tallies:
        box.files[papers.db1_key(tally.office)] = papers.db1(tally)
        box.files[papers.tps_key(tally.office)] = papers.tps(tally, papers.tps_rows(tally))
        for entry in tally.districts[: DA1_SHEETS.get(tally.office.code, 0)]:
            box.put(tally.office.code, papers.da1_path(entry, ".xlsx"), papers.da1_xlsx(entry))
    return box


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.demo", description="Write the sample inbox.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write inbox/ and faults.json into")
    out: Path = parser.parse_args().out
    box, sown = build()
    changed = box.write(out)
    text = json.dumps([asdict(fault) for fault in sown], ensure_ascii=False, indent=2)
    (out / "faults.json").write_text(f"{text}\n", encoding="utf-8")
    print(f"{len(box.files)} files in {out / 'inbox'} ({changed} written), {len(sown)} faults in {out / 'faults.json'}")


if __name__ == "__main__":
    main()
