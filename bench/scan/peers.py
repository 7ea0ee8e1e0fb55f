"""Others on the same scans: tesseract cell by cell and page by page, rapidocr cell by cell; and ours."""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cv2

from bench.scan.cells import Cut, cuts
from bench.scan.reading import accounts
from samples.damage.pictures import Picture
from samples.press.score import RIGHT

OURS = "rangkiang"
Texts = list[str]


def compare(seed: int, level: str, wanted: int) -> Iterator[str]:
    """A line for each reader: numbers right, CPU-seconds a page, how many times ours."""
    made = list(cuts(seed, level, wanted))
    pages = sum(cut.job.pages for cut in made)
    cells = sum(len(cut.cells) for cut in made)
    yield f"{level}: {cells} number cells on {pages} pages"
    yield f"{'reader':<30} {'right':>8} {'CPU-s a page':>13} {'ours is':>10}"
    right, best = _ours(made)
    yield _line(OURS, right / cells, best / pages, 1.0)
    for name, reader in _READERS.items():
        found, seconds = reader(made)
        yield _line(name, found / cells, seconds / pages, seconds / best)


def _line(name: str, right: float, seconds: float, ratio: float) -> str:
    return f"{name:<30} {right:>8.2%} {seconds:>13.2f} {ratio:>8.1f} x"


def _ours(made: Sequence[Cut]) -> tuple[int, float]:
    """Right numbers, and CPU-seconds for everything from the file to the proof."""
    right, seconds = 0, 0.0
    for _, account in accounts((cut.job for cut in made), 1):
        right += sum(account.score.numbers[outcome] for outcome in RIGHT)
        seconds += account.seconds
    return right, seconds


def _rapid(made: Sequence[Cut]) -> tuple[int, float]:
    """The strong recogniser on every cell; cutting the cells out is not counted."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    recogniser = _recogniser()
    right, began = 0, time.process_time()
    for cut in made:
        texts = recogniser(
            TextRecInput(img=[cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) for picture, _ in cut.cells])
        ).txts
        right += _right(list(texts), cut)
    return right, time.process_time() - began


@cache
def _recogniser() -> Any:
    from rapidocr import RapidOCR

    one_thread = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"}
    return RapidOCR(params=one_thread).text_rec


def _tesseract_cells(made: Sequence[Cut]) -> tuple[int, float]:
    """One process for all cells of a file, with nothing but digits to choose from."""
    right, began = 0, _children()
    for cut in made:
        digits = ("--psm", "7", "-c", "tessedit_char_whitelist=0123456789.-")
        right += _right(_tesseract([picture for picture, _ in cut.cells], *digits), cut)
    return right, _children() - began


def _tesseract_pages(made: Sequence[Cut]) -> tuple[int, float]:
    """Whole pages, whichever way up; a number counts wherever it is found."""
    right, began = 0, _children()
    for cut in made:
        right += (numbers_on(cut.pages) & Counter(_plain(text) for _, text in cut.cells)).total()
    return right, _children() - began


def numbers_on(pages: Sequence[Picture]) -> Counter[str]:
    """The digits of every word that tesseract finds on pages."""
    return Counter(_plain(word) for text in _tesseract(pages, "--psm", "12") for word in text.split())


def _tesseract(pictures: Sequence[Picture], *options: str) -> Texts:
    program = shutil.which("tesseract")
    if not program:
        raise FileNotFoundError("tesseract is not installed: apt-get install tesseract-ocr")
    with tempfile.TemporaryDirectory() as folder:
        names = [str(Path(folder) / f"{n:05}.png") for n in range(len(pictures))]
        for name, picture in zip(names, pictures, strict=True):
            cv2.imwrite(name, picture)
        (listed := Path(folder) / "list.txt").write_text("\n".join(names))
        command = [program, str(listed), "-", *options]
        limits = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/bin:/bin"}
        told = subprocess.run(command, check=True, capture_output=True, text=True, env=limits)
    return told.stdout.split("\f")[: len(pictures)]


_READERS: dict[str, Callable[[Sequence[Cut]], tuple[int, float]]] = {
    "rapidocr, every cell": _rapid,
    "tesseract psm 7, every cell": _tesseract_cells,
    "tesseract psm 12, whole pages": _tesseract_pages,
}


def _right(texts: Texts, cut: Cut) -> int:
    return sum(_plain(text) == _plain(printed) for text, (_, printed) in zip(texts, cut.cells, strict=True))


def _plain(text: str) -> str:
    """Digits alone; a dash of any length for itself."""
    digits = "".join(sign for sign in text if sign.isdecimal())
    return digits or ("-" if text.strip() and not text.strip(" -_.~–—") else "")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
