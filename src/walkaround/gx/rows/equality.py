"""Equality of two columns: values of unlike kinds are unlike, never an error, as in Python."""

from __future__ import annotations

import polars as pl

from walkaround.gx.rows.request import Target


def equal(first: Target, second: Target) -> pl.Expr:
    """Whether two values are equal; null where either is null."""
    both = first.expr.is_not_null() & second.expr.is_not_null()
    if not _alike(first.dtype, second.dtype):
        return pl.when(both).then(statement=False)
    return _value(first) == _value(second)


def equal_or_both_null(first: Target, second: Target) -> pl.Expr:
    """Whether two values are equal, or both null."""
    if not _alike(first.dtype, second.dtype):
        return first.expr.is_null() & second.expr.is_null()
    return _value(first).eq_missing(_value(second))


def _value(target: Target) -> pl.Expr:
    return target.expr.cast(pl.String) if isinstance(target.dtype, pl.Categorical | pl.Enum) else target.expr


def _alike(first: pl.DataType, second: pl.DataType) -> bool:
    return pl.Null not in (first, second) and _kind(first) == _kind(second)


def _kind(dtype: pl.DataType) -> object:
    if dtype.is_numeric() or dtype == pl.Boolean:
        return "number"
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return pl.String
    if isinstance(dtype, pl.Datetime):
        return (pl.Datetime, dtype.time_zone is not None)
    return dtype.base_type() if not dtype.is_nested() else dtype
