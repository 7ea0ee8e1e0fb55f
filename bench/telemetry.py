"""What telemetry costs: a measurement, the end of a step, the sending of everything, beside an office's reading.

Run by hand: ``make bench``. Needs nothing; ten seconds. Lower is better.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rangkiang import steps, telemetry
from rangkiang.ledger.opening import opened
from rangkiang.settings import Settings
from rangkiang.steps.observing import measured, samples
from rangkiang.telemetry import Tally, instruments
from samples import demo

OFFICE = "13.06"
TIMES = 20_000


def each(times: int, do: Callable[[], None]) -> float:
    """Seconds of work of one."""
    began = time.process_time()
    for _ in range(times):
        do()
    return (time.process_time() - began) / times


def add() -> None:
    telemetry.add(instruments.READ_PAGES, 2, office=OFFICE, kind="scan")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), metrics="otlp+http://127.0.0.1:1")
        with opened(settings) as ledger:
            print(f"a measurement, off    {1e6 * each(TIMES, add):8.2f} µs")
            with telemetry.into(Tally()):
                print(f"a measurement, on     {1e6 * each(TIMES, add):8.2f} µs")

            def step() -> None:
                labels = {"office": OFFICE, "kind": "scan"}
                with measured(ledger, settings), telemetry.timed(instruments.READ_DURATION, labels):
                    add()

            clock = time.perf_counter()
            step_cost = each(100, step)
            step_wall = (time.perf_counter() - clock) / 100
            print(f"the end of a step     {1e3 * step_cost:8.2f} ms of work, {1e3 * step_wall:.2f} ms by the clock")
            reading = batch(settings)
            print(f"a batch's reading     {1e3 * reading:8.1f} ms of this process; share {step_cost / reading:.2%}")
            clock = time.perf_counter()
            found = list(samples(ledger, settings, datetime.now(UTC)))
            print(f"all that is observed  {1e3 * (time.perf_counter() - clock):8.1f} ms, {len(found)} numbers")


def batch(settings: Settings) -> float:
    """Seconds of this process's own work for one office's batch; what its workers take comes on top."""
    box, _ = demo.build()
    with steps.open_barn(settings) as barn:
        for key, data in box.files.items():
            if "agam" in key:
                barn.store.put(key, data)
        batches = steps.collect(barn, OFFICE)
        began = time.process_time()
        for one in batches:
            steps.read(barn, OFFICE, one)
            steps.arrange(barn, OFFICE, one)
        return time.process_time() - began


if __name__ == "__main__":
    main()
