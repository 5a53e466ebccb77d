"""From Arrow to NumPy without pandas, which Arrow loads on that way and for every `pa.scalar`: half a second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


EXACT_DIGITS: Final = 15
"""Every whole number of so many digits is a float, and so is every power of ten up to the 22nd."""


def numpy_of(array: pa.Array, null: float | None = None) -> NDArray[Any]:
    """The values, (rows,), of an array of numbers or truth values, `null` for nulls; not to be written to."""
    series = pl.Series(pl.from_arrow(array))
    return (series.fill_null(null) if series.null_count() else series).to_numpy()


def floats_of_decimals(array: pa.Array) -> pa.Array:
    """Decimals as the floats nearest to them, (rows,), which is what their digits read as in a text.

    Arrow's own cast multiplies by a power of ten that no float holds, and is off in the last bit of one in seven.
    A whole number of 15 digits, divided by a power of ten, is rounded once; longer decimals are read from their digits.
    """
    import pyarrow as pa  # noqa: PLC0415 - only where there are decimals
    import pyarrow.compute as pc  # noqa: PLC0415

    kind = array.type
    if pa.types.is_decimal128(kind) and kind.precision <= EXACT_DIGITS and 0 <= kind.scale <= EXACT_DIGITS:
        whole = pa.Array.from_buffers(pa.decimal128(38, 0), len(array), array.buffers(), offset=array.offset)
        return pc.divide(whole.cast(pa.int64()).cast(pa.float64()), 10.0**kind.scale)
    return array.cast(pa.string()).cast(pa.float64())
