"""Lineage: an OpenLineage event when a step starts, and one when it has ended, however it ended."""

from rangkiang.lineage.events import Parent, run_id
from rangkiang.lineage.naming import dataset_name
from rangkiang.lineage.recorder import Lineage, Step, open_lineage

__all__ = ["Lineage", "Parent", "Step", "dataset_name", "open_lineage", "run_id"]
