"""How many values are null, and how many are not."""

from __future__ import annotations

from typing import Final

import numpy as np

from walkaround.gx.rows.answers import Condition, Scalar
from walkaround.gx.rows.definitions import Definition, MapMetric, Metric
from walkaround.gx.rows.request import Request


def _non_null_count(request: Request) -> Scalar:
    """As a NumPy number: GX divides by it, and 0 of 0 is NaN to it as on pandas, not an error."""
    return Scalar(request.column().expr.count(), np.int64)


def _null_count(request: Request) -> Scalar:
    return Scalar(request.column().expr.null_count(), int)


def _should_not_be_null(request: Request) -> Condition:
    column = request.column()
    return Condition(column.expr.is_null(), (column.name,), counted=column.expr.null_count())


def _should_be_null(request: Request) -> Condition:
    column = request.column()
    return Condition(column.expr.is_not_null(), (column.name,), counted=column.expr.count())


METRICS: Final[tuple[Definition, ...]] = (
    Metric("column.non_null_count", _non_null_count),
    Metric("column_values.nonnull.count", _non_null_count),
    Metric("column_values.null.count", _null_count),
    MapMetric("column_values.nonnull", _should_not_be_null),
    MapMetric("column_values.null", _should_be_null),
)
