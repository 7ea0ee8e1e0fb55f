"""What is written for a person at a terminal, or into a pipe."""

from __future__ import annotations

import sys

from rich.console import Console

WIDE = 240
"""Signs. A pipe has no width: give tables room instead of folding them."""


def console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDE)
