"""Builds deliverables: everything of one kind that one office handed in, as one folder that people like to open."""

from rangkiang.deliver.built import DELIVER, Built, build, narrate
from rangkiang.deliver.licence import OPEN, Licence

__all__ = ["DELIVER", "OPEN", "Built", "Licence", "build", "narrate"]
