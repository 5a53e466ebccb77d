"""Values within bounds."""

from __future__ import annotations

from typing import Final

import polars as pl

from walkaround.gx.rows.answers import Condition, Scalar, whole
from walkaround.gx.rows.column_conditions import unless
from walkaround.gx.rows.definitions import Definition, MapMetric, Metric
from walkaround.gx.rows.ranges import within
from walkaround.gx.rows.request import Request, Target


def _values(column: Target) -> pl.Expr:
    if isinstance(column.dtype, pl.Categorical | pl.Enum):
        return column.expr.cast(pl.String)
    return column.number if column.numeric else column.expr


def _between(request: Request) -> Condition:
    column = request.column()
    return unless(within(_values(column), column.dtype, request), column)


def _between_count(request: Request) -> Scalar:
    column = request.column()
    return Scalar(within(_values(column), column.dtype, request).sum(), whole)


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("column_values.between", _between),
    Metric("column_values.between.count", _between_count),
)
