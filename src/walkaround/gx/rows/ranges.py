"""Bounds on values of a column, as GX's between metrics state them."""

from __future__ import annotations

from typing import Any

import polars as pl

from walkaround.gx.rows.literals import comparable, literal
from walkaround.gx.rows.request import Request


def within(values: pl.Expr, dtype: pl.DataType, request: Request) -> pl.Expr:
    """Whether values lie within the bounds of a request.

    Raises:
        ValueError: there is no bound, or the lower one is above the upper.
        TypeError: a bound has no order with values of this type.
    """
    low, high = request.argument("min_value"), request.argument("max_value")
    if low is None and high is None:
        raise ValueError("min_value and max_value cannot both be None")
    if low is not None and high is not None and low > high:
        raise ValueError("min_value cannot be greater than max_value")
    for bound in (low, high):
        if bound is not None and not comparable(bound, dtype):
            raise TypeError(
                "Column values, min_value, and max_value must either be None or of the same type: "
                f"the column is {dtype}, a bound is {type(bound).__name__}"
            )
    parts = []
    if low is not None:
        parts.append(_above(values, low, dtype, strict=bool(request.argument("strict_min"))))
    if high is not None:
        parts.append(_below(values, high, dtype, strict=bool(request.argument("strict_max"))))
    return pl.all_horizontal(parts) if len(parts) > 1 else parts[0]


def _above(values: pl.Expr, bound: Any, dtype: pl.DataType, *, strict: bool) -> pl.Expr:
    return values > literal(bound, dtype) if strict else values >= literal(bound, dtype)


def _below(values: pl.Expr, bound: Any, dtype: pl.DataType, *, strict: bool) -> pl.Expr:
    return values < literal(bound, dtype) if strict else values <= literal(bound, dtype)
