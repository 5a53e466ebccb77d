"""From Arrow to NumPy without pandas, which Arrow loads on that way and for every `pa.scalar`: half a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def numpy_of(array: pa.Array, null: float | None = None) -> NDArray[Any]:
    """The values, (rows,), of an array of numbers or truth values, `null` for nulls; not to be written to."""
    series = pl.Series(pl.from_arrow(array))
    return (series.fill_null(null) if series.null_count() else series).to_numpy()
