"""Metrics answered from the profile of the same rows, where it knows them exactly and no row condition is set.

What is asked is what the metric would have asked of the rows: where the profile holds every value of a column with its
count, the query runs on these few values instead; where it holds every length, on one text of each length.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import ROWS, Answer, Counted, Grouped, Repetition, Scalar, whole
from walkaround.gx.rows.frames import Rows
from walkaround.measures.column.categories import Categories
from walkaround.measures.column.lengths import COARSE, Lengths
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.column.numbers import Numbers
from walkaround.model.profile import ColumnProfile

UNKNOWN: Final = object()
"""The profile does not say."""
EXACT: Final = 2**53
"""Whole numbers below are floats without loss, and the profile keeps extremes as floats."""

NULLS: Final = frozenset({"column_values.nonnull.unexpected_count", "column_values.null.count"})
VALUES: Final = frozenset(
    {"column.non_null_count", "column_values.nonnull.count", "column_values.null.unexpected_count"}
)
LENGTHS: Final = frozenset(
    {
        "column_values.length.min",
        "column_values.length.max",
        "column_values.value_length.equals.unexpected_count",
        "column_values.value_length.between.unexpected_count",
    }
)
"""Metrics of texts that look at nothing but their lengths."""
OF_VALUES: Final = frozenset({"column.min", "column.max", "column_values.length.min", "column_values.length.max"})
"""Metrics that are the same however often each value occurs."""
BETWEEN: Final = "column_values.between.unexpected_count"


def looked_up(rows: Rows, metric: Any, answer: Answer) -> Any:
    """What the profile says a metric is, or `UNKNOWN`."""
    domain: Mapping[str, Any] = metric.metric_domain_kwargs
    if rows.profile is None or domain.get("row_condition"):
        return UNKNOWN
    if metric.metric_name == "table.row_count":
        return rows.profile.rows
    column = rows.profile.columns.get(domain["column"]) if "column" in domain else None
    missing = column.get(Missingness) if column else None
    return UNKNOWN if column is None or missing is None else _of_column(rows, column, missing, metric, answer)


def _of_column(rows: Rows, column: ColumnProfile, missing: Missingness, metric: Any, answer: Answer) -> Any:
    nulls = missing.nulls + (missing.nans if rows.nan_as_null else 0)
    if metric.metric_name in NULLS | VALUES:
        count = nulls if metric.metric_name in NULLS else missing.rows - nulls
        return answer.finish(count) if isinstance(answer, Scalar) else count
    if column.kind == "number" and (rows.nan_as_null or not missing.nans):
        return _of_numbers(column, rows.schema[column.name], missing.rows - nulls, metric, answer)
    text = column.kind == "text" and rows.schema[column.name] == pl.String  # without rows, every kind is text
    if text and not (missing.empties or missing.blanks or missing.words):
        return _of_texts(column, metric.metric_name, answer)
    return UNKNOWN  # what the profile takes for missing are values to GX


def _of_numbers(column: ColumnProfile, dtype: pl.DataType, values: int, metric: Any, answer: Answer) -> Any:
    numbers = column.get(Numbers)
    if numbers is None or numbers.infinite or not values or numbers.count != values or dtype.is_decimal():
        return UNKNOWN
    extremes = [numbers.minimum, numbers.maximum]
    if max(map(abs, extremes)) >= EXACT if dtype.is_integer() else 0 in extremes:  # zero of either sign
        return UNKNOWN
    low, high = map(int, extremes) if dtype.is_integer() else extremes
    if metric.metric_name in {"column.min", "column.max"}:
        return low if metric.metric_name == "column.min" else high
    if metric.metric_name == BETWEEN and isinstance(answer, Counted):
        outermost = pl.DataFrame({column.name: [low, high]}, schema={column.name: dtype})
        return 0 if answer.condition.rows(outermost.lazy()).collect().is_empty() else UNKNOWN
    return UNKNOWN


def _of_texts(column: ColumnProfile, name: str, answer: Answer) -> Any:
    categories, lengths = column.get(Categories), column.get(Lengths)
    if categories is not None and not categories.many:
        return _asked_of(_table(column.name, categories.values), name, answer)
    if name in LENGTHS and lengths is not None and (not len(lengths.lengths) or lengths.lengths[-1] < COARSE):
        counts = {"x" * int(length): int(count) for length, count in zip(lengths.lengths, lengths.counts, strict=True)}
        return _asked_of(_table(column.name, counts), name, answer)
    return UNKNOWN


def _table(column: str, counts: Mapping[str, int]) -> pl.LazyFrame:
    data = {column: list(counts), ROWS: list(counts.values())}
    return pl.LazyFrame(data, schema={column: pl.String, ROWS: pl.get_index_type()})


def _asked_of(values: pl.LazyFrame, name: str, answer: Answer) -> Any:
    """What an answer comes to on values with their counts, where it is about single values or their groups."""
    asked = answer.condition.count() if isinstance(answer, Counted) else answer
    if isinstance(asked, Repetition):
        rows = pl.col(ROWS)
        return asked.finish(_one(values, pl.len() if asked.of == "distinct" else rows.filter(rows > 1).sum()))
    if isinstance(asked, Grouped) or (isinstance(asked, Scalar) and name in OF_VALUES):
        return asked.finish(_one(values, asked.expr))
    if isinstance(answer, Counted) and answer.condition.counted is None and answer.condition.keep is None:
        return whole(_one(values.filter(answer.condition.unexpected), pl.col(ROWS).sum()))
    return UNKNOWN


def _one(values: pl.LazyFrame, expr: pl.Expr) -> Any:
    found = values.select(expr.alias("found")).collect()["found"]
    return found[0] if len(found) else None
