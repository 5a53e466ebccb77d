"""From Arrow to NumPy without pandas, which Arrow itself loads on that way: half a second at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def numpy_of(array: pa.Array) -> NDArray[Any]:
    """The values, (rows,), of an array of numbers or truth values without nulls; not to be written to."""
    return pl.Series(pl.from_arrow(array)).to_numpy()
