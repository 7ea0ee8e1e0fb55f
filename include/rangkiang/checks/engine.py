"""Great Expectations' one context for the whole process: a second one would take the first one's place."""

from __future__ import annotations

from functools import cache
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.datasource.fluent.interfaces import Batch


def batch(table: pd.DataFrame) -> Batch:
    """A frame that can be validated."""
    return _frames().get_batch({"dataframe": table})


@cache
def _frames() -> BatchDefinition[Any]:
    """It holds nothing but the frame at hand."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    asset = context.data_sources.add_pandas("figures").add_dataframe_asset("document")
    return asset.add_batch_definition_whole_dataframe("whole")
