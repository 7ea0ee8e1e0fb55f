"""What the triggerer calls when a run's time is up: see ``late`` in dags/wiring.py. Not a plugin, but found here."""

from __future__ import annotations

import asyncio
from typing import Any


async def night_is_late(**_: Any) -> None:
    """Tell of every night that is late, each once; nothing where the run is late and its night was done by another."""
    await asyncio.to_thread(_look)


def _look() -> None:
    from rangkiang import alerts
    from rangkiang.settings import Settings

    alerts.catch_up(Settings())
