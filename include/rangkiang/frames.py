"""Frames of figures to bytes and back, always with the contract's columns and types."""

from __future__ import annotations

import io

import pandas as pd

from rangkiang.model import FIGURE_COLUMNS, Shared, Status


def to_parquet(figures: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    _typed(figures).to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def from_parquet(data: bytes) -> pd.DataFrame:
    found = pd.read_parquet(io.BytesIO(data))
    found.attrs = {name: Shared(said) if isinstance(said, list) else said for name, said in found.attrs.items()}
    return _typed(found)


def _typed(figures: pd.DataFrame) -> pd.DataFrame:
    """With the contract's columns and types. To change every column's type takes longer than to write them all."""
    if {str(name): str(dtype) for name, dtype in figures.dtypes.items()} == FIGURE_COLUMNS:
        return figures[list(FIGURE_COLUMNS)]
    return figures[list(FIGURE_COLUMNS)].astype(dict(FIGURE_COLUMNS))


def counts(figures: pd.DataFrame) -> dict[str, int]:
    """How many figures have each status; carries are running totals and do not count."""
    status = figures.loc[figures["column_kind"].isin(["unit", "total"]), "status"]
    return {s.value: int((status == s.value).sum()) for s in Status}
