"""What `table.column_types` says of a column: the type of pandas that holds the same values.

GX's expectations about types compare types of pandas by rules of their own: names without a unit, spellings of time
zones, `int64` apart from `Int64`. Where pandas has no type but for objects, it is the one for Arrow columns.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa


def _of_its_values_too(kind: Any, *scalars: type) -> Any:
    """A type of pandas that also equals the types of its values.

    `expect_column_values_to_be_in_type_list` compares a column's type with types of values. On pandas that is true of
    NumPy's types only; a column of text is no "str" there, nor one of whole numbers with nulls an "int".
    """

    def equal(self: Any, other: object) -> bool:
        return any(other is scalar for scalar in scalars) or bool(kind.__eq__(self, other))

    return type(kind.__name__, (kind,), {"__eq__": equal, "__hash__": kind.__hash__})


class _Types(type):
    """Equal to every type, as no value is of another."""

    def __eq__(cls, other: object) -> bool:
        return isinstance(other, type)

    def __hash__(cls) -> int:
        return 0


class Null(metaclass=_Types):
    """The type of the values of a column that has none."""


class _NoValues(pd.ArrowDtype):
    """The type of a column of nothing but nulls: its values are of any type, and the column is of none but its own."""

    def __init__(self) -> None:
        super().__init__(pa.null())

    @property
    def type(self) -> Any:  # type: ignore[override]  # pandas caches it; this one needs no cache
        return Null

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type) or super().__eq__(other)

    __hash__ = pd.ArrowDtype.__hash__


TEXT: Final = _of_its_values_too(pd.StringDtype, str, np.str_)(na_value=np.nan)
NULLABLE: Final[dict[Any, tuple[Any, Any]]] = {
    held: (np.dtype(scalar), _of_its_values_too(nullable, scalar, *python)())
    for held, scalar, nullable, *python in (
        (pl.Int8, np.int8, pd.Int8Dtype),
        (pl.Int16, np.int16, pd.Int16Dtype),
        (pl.Int32, np.int32, pd.Int32Dtype),
        (pl.Int64, np.int64, pd.Int64Dtype, int),
        (pl.UInt8, np.uint8, pd.UInt8Dtype),
        (pl.UInt16, np.uint16, pd.UInt16Dtype),
        (pl.UInt32, np.uint32, pd.UInt32Dtype),
        (pl.UInt64, np.uint64, pd.UInt64Dtype),
        (pl.Boolean, np.bool_, pd.BooleanDtype, bool),
    )
}
"""Whole numbers and booleans: the type without nulls, and the one with."""
OTHERS: Final[dict[Any, Any]] = {
    pl.Float32: np.dtype("float32"),
    pl.Float64: np.dtype("float64"),
    pl.String: TEXT,
    pl.Categorical: pd.CategoricalDtype(),
    pl.Enum: pd.CategoricalDtype(),
    pl.Null: _NoValues(),
}


def needs_nulls(dtype: pl.DataType) -> bool:
    """Whether it depends on nulls which type a column of this type is said to be."""
    return dtype.base_type() in NULLABLE


def column_type(dtype: pl.DataType, *, nulls: bool) -> Any:
    """The type of pandas for a column of this type that holds nulls, or does not."""
    base = dtype.base_type()
    if base in NULLABLE:
        without, with_nulls = NULLABLE[base]
        return with_nulls if nulls else without
    if isinstance(dtype, pl.Datetime):
        zoned = pd.DatetimeTZDtype(dtype.time_unit, dtype.time_zone) if dtype.time_zone else None
        return zoned or np.dtype(f"datetime64[{dtype.time_unit}]")
    if isinstance(dtype, pl.Duration):
        return np.dtype(f"timedelta64[{dtype.time_unit}]")
    return OTHERS[base] if base in OTHERS else _arrow_type(dtype)


def _arrow_type(dtype: pl.DataType) -> Any:
    try:
        return pd.ArrowDtype(pl.Series(dtype=dtype).to_arrow().type)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, NotImplementedError):
        return np.dtype("object")
