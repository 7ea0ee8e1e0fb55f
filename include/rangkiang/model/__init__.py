"""What flows through Rangkiang: small frozen types shared by every room of the house.

``Object key -> Document -> Table of Cells -> figures -> Findings -> Deliverable -> Release``

Figures travel as pandas frames whose columns are :data:`FIGURE_COLUMNS`; everything else is a dataclass.
These modules import nothing heavy, so that the CLI and the DAG files stay quick to load.
"""

from rangkiang.model.documents import (
    UNDERWAY,
    USABLE,
    WAS_READ,
    CellRef,
    Check,
    Classification,
    Document,
    Finding,
    Level,
    Reason,
    Severity,
    State,
    shown,
)
from rangkiang.model.filed import Deliverable, FileEntry, Member
from rangkiang.model.said import Approval, Decision, Opinion, Ruling, Verdict, View
from rangkiang.model.tables import (
    FIGURE_COLUMNS,
    PUBLISHED,
    UNIT_SEPARATOR,
    Box,
    Cell,
    ColumnKind,
    FoundSum,
    Guess,
    Shared,
    Status,
    Table,
)

__all__ = [
    "FIGURE_COLUMNS",
    "PUBLISHED",
    "UNDERWAY",
    "UNIT_SEPARATOR",
    "USABLE",
    "WAS_READ",
    "Approval",
    "Box",
    "Cell",
    "CellRef",
    "Check",
    "Classification",
    "ColumnKind",
    "Decision",
    "Deliverable",
    "Document",
    "FileEntry",
    "Finding",
    "FoundSum",
    "Guess",
    "Level",
    "Member",
    "Opinion",
    "Reason",
    "Ruling",
    "Severity",
    "Shared",
    "State",
    "Status",
    "Table",
    "Verdict",
    "View",
    "shown",
]
