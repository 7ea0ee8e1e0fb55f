"""``python -m training.handwritten``: draw, train, calibrate, evaluate; writes the model and its card."""

from __future__ import annotations

import argparse
from pathlib import Path

from rangkiang.scans.c1.signs import MODEL, Signs
from training.handwritten.net import export
from training.handwritten.train import EPOCHS, SAMPLES, train
from training.handwritten.worth import table, worth

VERSION = "1"
CARD = Path(__file__).with_name("card.md")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.handwritten", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("var/handwritten"), help="where boxes and network are kept")
    parser.add_argument("--model", type=Path, default=MODEL, help="the model to write")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--held", type=int, default=4_000, help="boxes to calibrate and to evaluate on, of each source")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    reader = train(asked.work, asked.threads)
    fitted = worth(reader, asked.held, asked.work)
    export(reader, fitted.heat, fitted.doubt, VERSION, asked.model)
    asked.model.with_suffix(".md").write_text(
        CARD.read_text().format(
            size=f"{asked.model.stat().st_size / 1e6:.2f}",
            samples=f"{SAMPLES:,}",
            epochs=EPOCHS,
            heat=f"{fitted.heat:.2f}",
            doubt=f"{fitted.doubt:.5f}",
            table="\n".join(table(Signs(asked.model), asked.held, asked.work)),
        )
    )


if __name__ == "__main__":
    main()
