"""The verbs of the work, as plain functions. The CLI and the DAGs call these and nothing else.

An office: ``collect`` -> ``read`` -> ``arrange`` -> ``file`` -> ``give_back``.
A stage: ``gather`` -> ``reconcile`` -> ``propose`` -> ``publish`` -> ``verify``; a person says ``approve`` in between.
A portal that was lost: ``restore`` -> ``verify``; a ledger that was lost: ``rebuild``.
The house itself: ``examine``; ``align`` brings journal and ledger together, ``sweep`` clears away.
Each can be killed at any instant and run again; the second run ends where one clean run ends.
"""

from rangkiang.steps.approving import approve, ask, hear, may_publish, propose, send_back
from rangkiang.steps.barn import Barn, open_barn
from rangkiang.steps.examining import Ailment, examine
from rangkiang.steps.journalling import align
from rangkiang.steps.office import arrange, collect, decided, file, read, settled
from rangkiang.steps.rebuilding import Rebuilt, rebuild
from rangkiang.steps.returning import give_back
from rangkiang.steps.stage import gather, publish, reconcile, restore, verify
from rangkiang.steps.sweeping import sweep

__all__ = [
    "Ailment",
    "Barn",
    "Rebuilt",
    "align",
    "approve",
    "arrange",
    "ask",
    "collect",
    "decided",
    "examine",
    "file",
    "gather",
    "give_back",
    "hear",
    "may_publish",
    "open_barn",
    "propose",
    "publish",
    "read",
    "rebuild",
    "reconcile",
    "restore",
    "send_back",
    "settled",
    "sweep",
    "verify",
]
