"""Houses whose portal is a real CKAN."""

from __future__ import annotations

from pathlib import Path

from portal_ckan.faulty import FaultProxy
from portal_ckan.served import Served
from rangkiang.settings import Ckan, Settings


def settings(home: Path, ledger: str, served: Served, way: FaultProxy) -> Settings:
    """Of a house under ``home`` that comes to the portal by this way."""
    return Settings(home=home, ledger=ledger, portal=f"ckan+{way.url}", ckan=Ckan(token_file=served.token_file))
