"""Data checks: a Great Expectations suite for every form, written by the registry and by nothing else."""

import os

# Before Great Expectations is imported anywhere below: it is to report to nobody.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

from rangkiang.checks.docs import DOCS, build_docs
from rangkiang.checks.lines import lines
from rangkiang.checks.running import CHECKS, CheckOutcome, check
from rangkiang.checks.suite import suite

__all__ = ["CHECKS", "DOCS", "CheckOutcome", "build_docs", "check", "lines", "suite"]
