"""``python -m training fonts | train | calibrate | evaluate | card``; what each does stands beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from rangkiang.scans.digits import MODEL, Digits
from training.fonts import packages

VERSION = "1"


def main() -> None:
    """Do one step of making the model; the heavy libraries are loaded by the step that needs them."""
    asked = _arguments()
    if asked.step == "fonts":
        print(" ".join(packages()))
    elif asked.step == "train":
        from training.train import train

        train(asked.work, asked.threads)
    elif asked.step == "calibrate":
        from training.calibrate import calibrate

        print(calibrate(asked.work / "reader.onnx", VERSION, asked.model))
    elif asked.step == "evaluate":
        from training.evaluate import evaluate

        print(evaluate(Digits(asked.model), asked.cells))
    else:
        from training.card import card

        asked.model.with_name("CARD.md").write_text(card(asked.model, asked.cells))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description="Make the recogniser of number cells.")
    steps = {
        "fonts": "list the Debian packages of the fonts",
        "train": "draw the sheets and train the network",
        "calibrate": "fit what its outputs are worth, and write the model",
        "evaluate": "print how well it does in fonts that it has not met",
        "card": "write the model's card",
    }
    parser.add_argument("step", choices=steps, help="; ".join(f"{name}: {text}" for name, text in steps.items()))
    parser.add_argument("--work", type=Path, default=Path("var/training"), help="folder of the shards and the network")
    parser.add_argument("--model", type=Path, default=MODEL, help="the model to write or to read")
    parser.add_argument("--threads", type=int, default=1, help="for training; sheets are drawn beside it")
    parser.add_argument("--cells", type=int, default=20_000, help="to evaluate on, of each level")
    return parser.parse_args()


if __name__ == "__main__":
    main()
