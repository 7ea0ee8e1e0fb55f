"""What a release would change before the public: datasets, files and single figures, each with its reasons."""

from rangkiang.proposals.comparing import Version, change, listed
from rangkiang.proposals.question import question, summary
from rangkiang.proposals.records import (
    Cause,
    CellChange,
    DatasetChange,
    DocumentChange,
    Kind,
    Proposal,
    Ruled,
    dump,
    load,
)
from rangkiang.proposals.words import said, say

__all__ = [
    "Cause",
    "CellChange",
    "DatasetChange",
    "DocumentChange",
    "Kind",
    "Proposal",
    "Ruled",
    "Version",
    "change",
    "dump",
    "listed",
    "load",
    "question",
    "said",
    "say",
    "summary",
]
