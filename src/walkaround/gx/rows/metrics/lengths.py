"""Lengths of texts, in characters (Unicode code points)."""

from __future__ import annotations

from typing import Final

import polars as pl

from walkaround.gx.rows.answers import Condition, Scalar
from walkaround.gx.rows.column_conditions import unless
from walkaround.gx.rows.definitions import Definition, MapMetric, Metric
from walkaround.gx.rows.ranges import within
from walkaround.gx.rows.request import Request, Target


def _lengths(column: Target) -> pl.Expr:
    """The length of each value.

    Raises:
        TypeError: the column has no lengths.
    """
    if isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
        return column.expr.cast(pl.String).str.len_chars().cast(pl.Int64)
    if isinstance(column.dtype, pl.Binary):
        return column.expr.bin.size().cast(pl.Int64)
    if isinstance(column.dtype, pl.List):
        return column.expr.list.len().cast(pl.Int64)
    raise TypeError(f"Values of column {column.name!r} have no length: it is {column.dtype}")


def _equals(request: Request) -> Condition:
    column = request.column()
    return unless(_lengths(column) == request.arguments["value"], column)


def _between(request: Request) -> Condition:
    column = request.column()
    for bound in (request.argument("min_value"), request.argument("max_value")):
        if bound is not None and not float(bound).is_integer():
            raise ValueError("min_value and max_value must be integers")
    return unless(within(_lengths(column), pl.Int64(), request), column)


def _longest(request: Request) -> Scalar:
    return Scalar(_lengths(request.column()).max())


def _shortest(request: Request) -> Scalar:
    return Scalar(_lengths(request.column()).min())


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("column_values.value_length.equals", _equals),
    MapMetric("column_values.value_length.between", _between),
    Metric("column_values.length.max", _longest),
    Metric("column_values.length.min", _shortest),
)
