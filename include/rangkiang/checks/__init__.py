"""Data checks: a Great Expectations suite for every form, written by the registry and by nothing else."""

import os

# Before Great Expectations is imported anywhere below: nothing is reported to anybody, nothing is drawn on the terminal.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

from rangkiang.checks.docs import build_docs  # noqa: E402
from rangkiang.checks.running import CHECKS, CheckOutcome, check  # noqa: E402
from rangkiang.checks.suite import suite  # noqa: E402
from rangkiang.checks.wide import wide  # noqa: E402

__all__ = ["CHECKS", "CheckOutcome", "build_docs", "check", "suite", "wide"]
