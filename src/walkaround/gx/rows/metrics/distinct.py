"""Distinct values of a column: what they are, how many, how often, and how they compare with a set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import ROWS, Condition, Grouped, Repetition, Scalar, unchanged, whole
from walkaround.gx.rows.definitions import Definition, MapMetric, Metric
from walkaround.gx.rows.identity import key, repeated
from walkaround.gx.rows.literals import coerced, member
from walkaround.gx.rows.request import Request, Target

SHOWN: Final = 20
"""How many values GX lists where it is not told."""


def _grouped(column: Target, expr: pl.Expr, finish: Callable[[Any], Any] = unchanged) -> Grouped:
    return Grouped((column.name,), expr, finish, column.expr.is_not_null())


def _listed(values: Any) -> list[Any]:
    return [] if values is None else list(values.to_list())


def _values(request: Request) -> Scalar:
    """All of them, null included, as GX on pandas has it."""
    return Scalar(request.column().expr.unique().implode(), lambda values: set(_listed(values)))


def _count(request: Request) -> Repetition:
    column = request.column()
    return Repetition(key([column], column.expr.is_not_null()), "distinct")


def _most_common(request: Request) -> Grouped:
    column = request.column()
    most = column.expr.filter(pl.col(ROWS) == pl.col(ROWS).max())
    return _grouped(column, most.sort().implode(), _listed)


def _value_counts(request: Request) -> Grouped:
    """Counts by value, as the pandas series that GX's expectations compute with."""
    column = request.column()
    sort = request.argument("sort", "value")
    if sort not in ("value", "count", "none"):
        raise ValueError("sort must be either 'value', 'count', or 'none'")
    if request.argument("collate") is not None:
        raise ValueError("collate parameter is not supported")
    by_value = sort == "value"
    order = column.expr if by_value else pl.col(ROWS)
    pairs = pl.struct(column.expr.alias("value"), pl.col(ROWS).alias("count"))
    return _grouped(column, pairs.sort_by(order, descending=not by_value).implode(), _as_series)


def _as_series(pairs: Any) -> Any:
    import pandas as pd  # noqa: PLC0415 - GX wants a pandas object here, and nowhere else

    found = _listed(pairs)
    index = pd.Index([pair["value"] for pair in found], name="value")
    return pd.Series([pair["count"] for pair in found], index=index, name="count", dtype="int64")


def _outside(column: Target, values: Any) -> pl.Expr:
    return column.expr.filter(~member(column.expr, values, column.dtype))


def _count_outside(request: Request) -> Grouped:
    column = request.column()
    return _grouped(column, _outside(column, request.argument("value_set", [])).len(), whole)


def _outside_values(request: Request) -> Grouped:
    column = request.column()
    found = _outside(column, request.argument("value_set", [])).sort().head(request.argument("limit", SHOWN))
    return _grouped(column, found.implode(), _listed)


def _absent(request: Request, finish: Callable[[list[Any]], Any]) -> Grouped:
    """What a set has and the column has not."""
    column = request.column()
    wanted = request.argument("value_set", [])
    values = {_as_held(value, column.dtype) for value in wanted}
    present = column.expr.filter(member(column.expr, wanted, column.dtype))

    def missing(found: Any) -> Any:
        return finish(sorted(values - {_as_held(value, column.dtype) for value in _listed(found)}, key=str))

    return _grouped(column, present.implode(), missing)


def _as_held(value: Any, dtype: pl.DataType) -> Any:
    try:
        value = coerced(value, dtype)
    except (ValueError, OverflowError):
        return value
    return float(value) if dtype.is_decimal() and isinstance(value, int | float) else value


def _count_absent(request: Request) -> Grouped:
    return _absent(request, len)


def _absent_values(request: Request) -> Grouped:
    limit = request.argument("limit", SHOWN)
    return _absent(request, lambda values: values[:limit])


def _unique(request: Request) -> Condition:
    column = request.column()
    return repeated([column], column.expr.is_not_null())


METRICS: Final[tuple[Definition, ...]] = (
    Metric("column.distinct_values", _values),
    Metric("column.distinct_values.count", _count),
    Metric("column.distinct_values.not_in_set", _outside_values),
    Metric("column.distinct_values.not_in_set.count", _count_outside),
    Metric("column.distinct_values.missing_from_column", _absent_values),
    Metric("column.distinct_values.missing_from_column.count", _count_absent),
    Metric("column.most_common_value", _most_common),
    Metric("column.value_counts", _value_counts, {"sort": "value", "collate": None}),
    MapMetric("column_values.unique", _unique),
)
