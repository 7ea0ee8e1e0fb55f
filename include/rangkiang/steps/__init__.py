"""The verbs of the work, as plain functions. The CLI and the DAGs call these and nothing else.

An office: ``collect`` -> ``read`` -> ``arrange`` -> ``file``.
A stage: ``gather`` -> ``reconcile`` -> ``publish`` -> ``verify``.
Each can be killed at any instant and run again; the second run ends where one clean run ends.
"""

from rangkiang.steps.barn import Barn, open_barn
from rangkiang.steps.office import arrange, collect, decided, file, read, settled
from rangkiang.steps.stage import gather, publish, reconcile, verify

__all__ = [
    "Barn",
    "arrange",
    "collect",
    "decided",
    "file",
    "gather",
    "open_barn",
    "publish",
    "read",
    "reconcile",
    "settled",
    "verify",
]
