"""Foreign bytes are parsed in worker processes with limits: a crash or a bomb costs one document and nothing else."""

from rangkiang.guard.guard import Guard, side_by_side
from rangkiang.guard.worker import Failed, NotStarted, Rejected, Worker, oversize

__all__ = ["Failed", "Guard", "NotStarted", "Rejected", "Worker", "oversize", "side_by_side"]
