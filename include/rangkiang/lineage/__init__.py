"""Lineage: an OpenLineage event when a step starts, and one when it has ended, however it ended."""

from rangkiang.lineage.about import CONDITION, IDENTITY, TRANSFORMATION, About, Change, Drawn
from rangkiang.lineage.events import Above, Parent, run_id
from rangkiang.lineage.facets import DocumentDatasetFacet, FiguresDatasetFacet, ReleaseDatasetFacet, schemas
from rangkiang.lineage.naming import dataset_name
from rangkiang.lineage.recorder import Lineage, Step, open_lineage

__all__ = [
    "CONDITION",
    "IDENTITY",
    "TRANSFORMATION",
    "About",
    "Above",
    "Change",
    "DocumentDatasetFacet",
    "Drawn",
    "FiguresDatasetFacet",
    "Lineage",
    "Parent",
    "ReleaseDatasetFacet",
    "Step",
    "dataset_name",
    "open_lineage",
    "run_id",
    "schemas",
]
