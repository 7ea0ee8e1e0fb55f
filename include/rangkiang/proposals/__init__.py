"""What a release would change before the public: datasets, files and single figures, each with its reasons."""

from rangkiang.proposals.comparing import Version, change, listed
from rangkiang.proposals.log import Line, dump_lines, lines, load_lines, log
from rangkiang.proposals.question import question, summary
from rangkiang.proposals.records import (
    MOST,
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
from rangkiang.proposals.words import ruling, said, say

__all__ = [
    "MOST",
    "Cause",
    "CellChange",
    "DatasetChange",
    "DocumentChange",
    "Kind",
    "Line",
    "Proposal",
    "Ruled",
    "Version",
    "change",
    "dump",
    "dump_lines",
    "lines",
    "listed",
    "load",
    "load_lines",
    "log",
    "question",
    "ruling",
    "said",
    "say",
    "summary",
]
