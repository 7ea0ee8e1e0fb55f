"""What can be seen of the work from outside: numbers for a collector, and whose document a line of the log is about."""

from rangkiang.telemetry import instruments
from rangkiang.telemetry.instruments import INSTRUMENTS, Instrument, Kind
from rangkiang.telemetry.meter import NOTHING, Meter, Tallied, Tally, add, counting, into, timed
from rangkiang.telemetry.samples import Distribution, Exporter, Sample, open_exporter

__all__ = [
    "INSTRUMENTS",
    "NOTHING",
    "Distribution",
    "Exporter",
    "Instrument",
    "Kind",
    "Meter",
    "Sample",
    "Tallied",
    "Tally",
    "add",
    "counting",
    "instruments",
    "into",
    "open_exporter",
    "timed",
]
