"""The tidy table as Parquet: typed, repeated texts as dictionaries, zstd; nothing in it but the data."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from rangkiang.deliver.columns import Column

_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def to_parquet(table: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Bytes of a Parquet file; every field carries its title. Texts are as they are: only CSV needs them escaped."""
    fields = [pa.field(c.name, _TYPES[c.type], metadata={"title": c.title.id}) for c in columns]
    arrays = [pa.array(table[f.name], type=f.type, from_pandas=True) for f in fields]
    texts = [c.name for c in columns if c.type == "string"]
    buffer = io.BytesIO()
    pq.write_table(
        pa.Table.from_arrays(arrays, schema=pa.schema(fields)), buffer, compression="zstd", use_dictionary=texts
    )
    return buffer.getvalue()
