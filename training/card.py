"""The model's card: what it is made from and what it does, with the figures of the evaluation."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template

import onnx

from rangkiang.scans.digits import Digits
from training import calibrate, train
from training.evaluate import evaluate
from training.fonts import Part, families

_CARD = Template("""\
# digits.onnx

Reads counts off cells of result sheets: digits, `.` and `,` between thousands, dashes, X's in unused places, nothing.
For each cell it gives a distribution over values. Version $version, $size kB, SHA-256 `$digest`.

## How it works
A cell's rough crop is cleared of rules and comes apart into strips 32 pixels high (`scans/strips.py`). A network of
convolutions says for every four columns of a strip what sign stands there (`training/net.py`, CTC); its output `?` is
any sign of no count. The words that these columns may spell, and their probabilities, are summed by value
(`scans/digits.py`). What is missing to 1 is anything else.

## What it was trained on
Nothing but drawn sheets: small tables of random numbers, worn as a whole by printing, pens, stamps, scanning and
photographing at three levels (`training/sheets.py`, `training/damage.py`), cut into cells along rules found a little
beside where they are. No scan of a real sheet, and nothing of `samples/`. $steps steps of $batch strips,
drawn from $shards shards of some 15,000; $planned were planned, in rounds of a rising and falling learning rate.
`make model` trains anew, with seed $seed: about an hour on two cores.

Fonts are Debian's, parted by design (`training/fonts.toml`), under free licences: SIL OFL, Apache, GUST, GPL with the
font exception, Bitstream Vera's and the like, each in its package's `copyright` file. No font is part of the model.
* trained on: $trained
* calibrated on: $calibrated
* evaluated on: $evaluated

The model's weights are under the project's own licence.

## What its probabilities are worth
Fitted on $cells cells of each level in the fonts for calibration: temperature $temperature; $floor of every
probability is kept back for anything else; a cell without ink is empty with probability $empty.

## Evaluation
Cells in the fonts for evaluation, damage drawn anew; times are for one thread, cutting out of strips included.

$evaluation

## Limits
* Printed numbers only; handwriting has a model of its own.
* It was calibrated on its own kinds of damage. On others its probabilities are estimates: what proves a figure is the
  arithmetic of its sheet.
* A number struck out by a pen is to be in doubt, and mostly is; a signature that happens to run level through a number
  looks the same.
* What stands in a cell beside its number (a stamp, a remark) is read as nothing, or puts the cell in doubt.
""")


def card(model: Path, cells: int) -> str:
    """The card of a model, evaluated on so many cells of each level."""
    engine, data = Digits(model), model.read_bytes()
    worth = engine.calibration
    return _CARD.substitute(
        version=engine.name.removeprefix("digits "),
        size=f"{len(data) / 1000:.0f}",
        digest=hashlib.sha256(data).hexdigest(),
        steps=f"{_steps(model):,}", planned=" and ".join(f"{steps:,}" for steps, _ in train.ROUNDS),
        batch=train.BATCH, shards=train.SHARDS, seed=train.SEED,
        trained=_names("train"), calibrated=_names("calibrate"), evaluated=_names("evaluate"),
        cells=f"{calibrate.CELLS:,}",
        temperature=f"{worth.temperature:g}", floor=f"{worth.floor:.2g}", empty=f"{worth.empty:.5f}",
        evaluation=evaluate(engine, cells),
    )  # fmt: skip


def _steps(model: Path) -> int:
    return int({prop.key: prop.value for prop in onnx.load(model).metadata_props}["steps"])


def _names(part: Part) -> str:
    return ", ".join(family.name for family in families(part))
