"""How offices print: every choice that the press knows, and the deal that mixes them."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from typing import Any, Literal

Paper = Literal["A4", "F4", "A3"]
Turn = Literal["upright", "rotate 90", "rotate 180", "rotate 270", "sideways left", "sideways right"]
Rules = Literal["lines", "rects", "segments", "fills"]
Strokes = Literal["exact", "doubled", "ragged"]
Fill = Literal["none", "head", "sections"]
Head = Literal["plain", "wrapped", "turned"]
Over = Literal["units", "all", "none"]
Stub = Literal["merged", "repeated", "first"]
Pieces = Literal["cell", "word", "char", "line", "twice"]
Signatures = Literal["none", "boxes", "list"]
Units = Literal["one", "few", "many", "most"]


@dataclass(frozen=True, slots=True)
class Style:
    """How one sheet is printed. A choice that does not apply to a form (parties on PPWP) has no effect there."""

    paper: Paper = "F4"
    landscape: bool = True
    turn: Turn = "upright"  # 'rotate': /Rotate undoes how the page is drawn; 'sideways': nothing does
    rules: Rules = "lines"
    strokes: Strokes = "exact"  # 'ragged': rules end up to 0.7 pt too early or too late
    fill: Fill = "head"
    frame: bool = False  # a rectangle around the page
    font: str = "helvetica"
    size: float = 7.0  # points
    air: float = 1.5  # height of a line of a row, in sizes
    head: Head = "wrapped"
    over: Over = "units"  # what RINCIAN stands over
    numbering: str = "{}"  # of the columns; '' for none
    header: bool = True  # repeated where rows go on
    tables: int = 1  # 2: IV and V below a header of their own
    carried_out: str = "JUMLAH PINDAHAN"  # '' for no carries
    total: str = "JUMLAH AKHIR"
    single: str = "{}"  # the head of a polling place's column
    tps: str = "TPS {:03}"
    units: Units = "few"
    thousands: str = "."
    zero: str = "0"
    align: Literal["left", "center", "right"] = "right"
    tight: bool = False  # numbers stand 0.6 pt from the rule
    stub: Stub = "merged"  # NO. and URAIAN beside L, P, JML
    upper: bool = False
    pair: str = "01"
    block: Literal["number_cell", "spanning", "numbered_label", "plain_label"] = "number_cell"
    second: bool = False  # a row A.2
    party: str = "SUARA PARTAI POLITIK"
    spelled: bool = True  # 'MODEL DB1-DPRD PROVINSI', not 'DPRD-PROV'
    sections: Literal["number", "text"] = "text"  # where a section's number stands
    signatures: Signatures = "boxes"
    pieces: Pieces = "cell"

    def number(self, value: int) -> str:
        """A figure as this office prints it."""
        return f"{value:,}".replace(",", self.thousands) if value else self.zero


OPTIONS: dict[str, tuple[Any, ...]] = {
    "paper": ("A4", "F4", "A3"),
    "landscape": (True, False),
    "turn": ("upright", "rotate 90", "rotate 180", "rotate 270", "sideways left", "sideways right"),
    "rules": ("lines", "rects", "segments", "fills"),
    "strokes": ("exact", "doubled", "ragged"),
    "fill": ("none", "head", "sections"),
    "frame": (False, True),
    "font": ("helvetica", "times", "courier", "vera", "dejavu"),
    "size": (5.0, 6.0, 7.0, 8.0, 9.0),
    "air": (1.3, 1.45, 1.7),
    "head": ("plain", "wrapped", "turned"),
    "over": ("units", "all", "none"),
    "numbering": ("", "{}", "({})"),
    "header": (True, True, True, True, False),
    "tables": (1, 1, 2),
    "carried_out": ("", "JUMLAH PINDAHAN", "JUMLAH DIPINDAHKAN"),
    "total": ("JUMLAH AKHIR", "JUMLAH"),
    "single": ("JUMLAH", "{}", "RINCIAN PEROLEHAN"),
    "tps": ("TPS {:03}", "TPS {}", "{:03}"),
    "units": ("one", "few", "many", "most"),
    "thousands": (".", ""),
    "zero": ("0", "-", ""),
    "align": ("left", "center", "right"),
    "tight": (False, True),
    "stub": ("merged", "repeated", "first"),
    "upper": (False, True),
    "pair": ("01", "1"),
    "block": ("number_cell", "spanning", "numbered_label", "plain_label"),
    "second": (False, True),
    "party": ("SUARA PARTAI POLITIK", "JUMLAH SUARA PARTAI"),
    "spelled": (True, False),
    "sections": ("number", "text"),
    "signatures": ("none", "boxes", "list"),
    "pieces": ("cell", "word", "char", "line", "twice"),
}
"""The deck of each choice. What offices seldom do stands in it once, what they mostly do more often."""

ROUNDS = max(map(len, OPTIONS.values()))
"""After so many sheets of a model every choice of every deck was made on it."""


def deal(seed: int, model: str, nth: int) -> Style:
    """The style of a model's nth sheet: each deck is shuffled for itself and dealt to its end before it is shuffled
    anew, so that choices meet in ever new company and none is left out."""
    return Style(**{field.name: _card(seed, model, field.name, nth) for field in fields(Style)})


def _card(seed: int, model: str, name: str, nth: int) -> Any:
    deck = list(OPTIONS[name])
    again, card = divmod(nth, len(deck))
    random.Random(f"{seed}/{model}/{name}/{again}").shuffle(deck)
    return deck[card]
