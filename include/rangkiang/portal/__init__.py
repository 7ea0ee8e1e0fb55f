"""Puts what is filed before the public: one protocol; the directory portal (a static site), and CKAN."""

from rangkiang.portal.ckan import CkanPortal
from rangkiang.portal.directory import DirectoryPortal
from rangkiang.portal.errors import Away, BadRelease, Overtaken, Refused, SourceDiffers, Unfinished
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
    "Away",
    "BadRelease",
    "Change",
    "CkanPortal",
    "DirectoryPortal",
    "Edition",
    "Fetch",
    "Overtaken",
    "Plan",
    "Portal",
    "Problem",
    "Refused",
    "Release",
    "SourceDiffers",
    "Tally",
    "Unfinished",
    "Withdrawal",
    "open_portal",
]
