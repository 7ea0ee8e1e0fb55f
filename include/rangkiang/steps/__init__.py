"""The verbs of the work, as plain functions. The CLI and the DAGs call these and nothing else.

An office: ``collect`` -> ``read`` -> ``arrange`` -> ``file`` -> ``give_back``.
A stage: ``gather`` -> ``reconcile`` -> ``publish`` -> ``verify``.
Each can be killed at any instant and run again; the second run ends where one clean run ends.
"""

from rangkiang.steps.barn import Barn, open_barn
from rangkiang.steps.office import arrange, collect, file, read, settled
from rangkiang.steps.returning import give_back
from rangkiang.steps.stage import gather, publish, reconcile, verify

__all__ = [
    "Barn",
    "arrange",
    "collect",
    "file",
    "gather",
    "give_back",
    "open_barn",
    "publish",
    "read",
    "reconcile",
    "settled",
    "verify",
]
