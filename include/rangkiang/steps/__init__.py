"""The verbs of the work, as plain functions. The CLI and the DAGs call these and nothing else.

An office: ``collect`` -> ``read`` -> ``arrange`` -> ``file`` -> ``give_back``.
A stage: ``gather`` -> ``reconcile`` -> ``propose`` -> ``publish`` -> ``verify``; a person says ``approve`` in between.
A portal that was lost: ``restore`` -> ``verify``.
Each can be killed at any instant and run again; the second run ends where one clean run ends.
"""

from rangkiang.steps.approving import approve, ask, hear, may_publish, propose, send_back, tell_waiting
from rangkiang.steps.barn import Barn, open_barn
from rangkiang.steps.observing import observe
from rangkiang.steps.office import arrange, collect, decided, file, read, settled
from rangkiang.steps.returning import give_back
from rangkiang.steps.stage import gather, publish, reconcile, restore, verify

__all__ = [
    "Barn",
    "approve",
    "arrange",
    "ask",
    "collect",
    "decided",
    "file",
    "gather",
    "give_back",
    "hear",
    "may_publish",
    "observe",
    "open_barn",
    "propose",
    "publish",
    "read",
    "reconcile",
    "restore",
    "send_back",
    "settled",
    "tell_waiting",
    "verify",
]
