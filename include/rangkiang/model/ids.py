"""Ids that are made from what they name."""

from __future__ import annotations

import hashlib


def digest(text: str) -> str:
    """16 hex digits over a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
