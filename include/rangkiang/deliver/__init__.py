"""Builds deliverables: everything of one kind that one office handed in, as one folder that people like to open."""

from rangkiang.deliver.behind import behind
from rangkiang.deliver.built import build, narrate
from rangkiang.deliver.licence import OPEN, Licence
from rangkiang.deliver.parts import DELIVER, Built
from rangkiang.deliver.reconciliation import RECONCILIATION, HeldDataset, build_reconciliation

__all__ = [
    "DELIVER",
    "OPEN",
    "RECONCILIATION",
    "Built",
    "HeldDataset",
    "Licence",
    "behind",
    "build",
    "build_reconciliation",
    "narrate",
]
