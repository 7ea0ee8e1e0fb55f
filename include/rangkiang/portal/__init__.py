"""Puts what is filed before the public: one protocol, and the directory portal (a static site)."""

from rangkiang.portal.directory import DirectoryPortal
from rangkiang.portal.errors import BadRelease, Overtaken, SourceDiffers
from rangkiang.portal.opening import open_portal
from rangkiang.portal.protocol import (
    Applied,
    Change,
    Edition,
    Fetch,
    Plan,
    Portal,
    Problem,
    Release,
    Tally,
    Withdrawal,
)

__all__ = [
    "Applied",
    "BadRelease",
    "Change",
    "DirectoryPortal",
    "Edition",
    "Fetch",
    "Overtaken",
    "Plan",
    "Portal",
    "Problem",
    "Release",
    "SourceDiffers",
    "Tally",
    "Withdrawal",
    "open_portal",
]
