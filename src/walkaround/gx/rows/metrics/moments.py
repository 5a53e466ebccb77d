"""Sums, means, spreads and extremes of a column. Nulls take no part."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import Scalar, unchanged
from walkaround.gx.rows.definitions import Definition, Metric
from walkaround.gx.rows.request import Request

Answer = Callable[[Request], Scalar]


def _nan_of_none(value: Any) -> Any:
    """GX on pandas has NaN where there is nothing to take a mean of."""
    return math.nan if value is None else value


def _number(what: str, aggregate: Callable[[pl.Expr], pl.Expr], finish: Callable[[Any], Any]) -> Answer:
    def answer(request: Request) -> Scalar:
        column = request.column()
        column.require_number(what)
        return Scalar(aggregate(column.number), finish)

    return answer


def _extreme(aggregate: Callable[[pl.Expr], pl.Expr]) -> Answer:
    def answer(request: Request) -> Scalar:
        column = request.column()
        if isinstance(column.dtype, pl.Categorical | pl.Enum):
            return Scalar(aggregate(column.expr.cast(pl.String)))
        return Scalar(aggregate(column.expr))

    return answer


def _median(values: pl.Expr) -> pl.Expr:
    """The mean of the two middle values: `Expr.median` takes their difference, which infinity has not."""
    middle = [values.quantile(0.5, side).cast(pl.Float64) for side in ("lower", "higher")]
    return (middle[0] + middle[1]) / 2


METRICS: Final[tuple[Definition, ...]] = (
    Metric("column.max", _extreme(lambda values: values.max())),
    Metric("column.min", _extreme(lambda values: values.min())),
    Metric("column.sum", _number("The sum", lambda values: values.sum(), unchanged)),
    Metric("column.mean", _number("The mean", lambda values: values.mean(), _nan_of_none)),
    Metric("column.median", _number("The median", _median, _nan_of_none)),
    Metric(
        "column.standard_deviation",
        _number("The standard deviation", lambda values: values.std(ddof=1), _nan_of_none),
    ),
)
