"""Row conditions of expectations as Polars filters: GX's condition objects, and the pandas syntax of older suites."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from great_expectations.exceptions import InvalidMetricAccessorDomainKwargsKeyError, ValidationError
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    Condition,
    NullityCondition,
    OrCondition,
    PassThroughCondition,
    deserialize_row_condition,
)

from walkaround.gx.rows.answers import ROW
from walkaround.gx.rows.literals import comparable, literal, member
from walkaround.gx.rows.names import column, columns
from walkaround.gx.rows.query_syntax import NotUnderstoodError, parsed

if TYPE_CHECKING:
    from walkaround.gx.rows.engine import PolarsExecutionEngine

Schema = Mapping[str, pl.DataType]

ORDERINGS: Final[Mapping[str, Callable[[pl.Expr, pl.Expr], pl.Expr]]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def filtered(
    engine: PolarsExecutionEngine, frame: pl.LazyFrame, schema: Schema, domain: Mapping[str, Any]
) -> pl.LazyFrame:
    """The rows of a frame that meet the row condition of a domain; all, where it has none.

    Raises:
        ValidationError: the condition is of no kind that GX knows, or pandas syntax that only pandas can read.
    """
    condition = domain.get("row_condition")
    if not condition:
        return frame
    if isinstance(condition, dict):
        condition = deserialize_row_condition(condition)
    if isinstance(condition, PassThroughCondition):
        return _queried(engine, frame, schema, condition.pass_through_filter)
    if isinstance(condition, Condition):
        return frame.filter(_clause(condition, schema))
    if isinstance(condition, str) and domain.get("condition_parser") == "pandas":
        return _queried(engine, frame, schema, condition)
    raise ValidationError("condition_parser for Pandas is required when setting a row_condition.")


def _clause(condition: Condition, schema: Schema) -> pl.Expr:
    if isinstance(condition, AndCondition):
        return pl.all_horizontal(_clause(part, schema) for part in condition.conditions)
    if isinstance(condition, OrCondition):
        return pl.any_horizontal(_clause(part, schema) for part in condition.conditions)
    name = condition.column.name
    if name not in schema:
        raise InvalidMetricAccessorDomainKwargsKeyError(
            message=f'Error: The column "{name}" of the row condition does not exist.'
        )
    values = column(name)
    if isinstance(condition, NullityCondition):
        return values.is_null() if condition.is_null else values.is_not_null()
    if not isinstance(condition, ComparisonCondition):
        raise ValidationError(f"A row condition of type {type(condition).__name__} is not supported")
    _refuse_nan(condition.parameter)
    return compared(values, str(condition.operator), condition.parameter, schema[name])


def _refuse_nan(parameter: Any) -> None:
    """NaN equals nothing, so that its rows would be none, and an expectation of no rows passes. So on pandas.

    Raises:
        ValidationError: the condition compares with NaN, or with several values of which one is NaN.
    """
    several = parameter if isinstance(parameter, list | tuple | set) else [parameter]
    if any(isinstance(value, float) and math.isnan(value) for value in several):
        raise ValidationError("A row condition cannot compare with NaN: use is_null() or is_not_null().")


def compared(values: pl.Expr, operator: str, other: Any, dtype: pl.DataType) -> pl.Expr:
    """A column held against a value as pandas does it: a missing value equals nothing, and so is unlike everything.

    Among several it is where null is one of them.

    Raises:
        TypeError: the two have no order.
    """
    operator = operator.upper()
    if operator in {"IN", "NOT_IN", "NOT IN"}:
        several = list(other) if isinstance(other, list | tuple | set) else [other]
        inside = member(values, several, dtype).fill_null(value=None in several)
        return inside if operator == "IN" else ~inside
    if operator in {"==", "!="}:
        same = member(values, [other], dtype).fill_null(value=False)
        return same if operator == "==" else ~same
    if not comparable(other, dtype):
        raise TypeError(f"A column of type {dtype} has no order with a {type(other).__name__}")
    return ORDERINGS[operator](values, literal(other, dtype)).fill_null(value=False)


def _queried(engine: PolarsExecutionEngine, frame: pl.LazyFrame, schema: Schema, text: str) -> pl.LazyFrame:
    """Filtered by pandas' query syntax: the usual part of it by Polars, the rest by pandas where that is allowed."""
    try:
        return frame.filter(parsed(text, schema, compared))
    except NotUnderstoodError as error:
        if not engine.pandas_fallback:
            raise ValidationError(
                f"The row condition is pandas syntax that is not understood without pandas: {error}. "
                "Write it with great_expectations.expectations.row_conditions, or add the data source with "
                "pandas_fallback=True."
            ) from error
    return _pandas_queried(engine, frame, schema, text)


def _pandas_queried(engine: PolarsExecutionEngine, frame: pl.LazyFrame, schema: Schema, text: str) -> pl.LazyFrame:
    named = [name for name in schema if name in text]
    engine.allow_fallback(f"{', '.join(named)} for a row condition")
    numbered = frame if ROW in frame.collect_schema() else frame.with_row_index(ROW)
    [rows] = engine.collect([numbered.select(ROW, *columns(named))])
    kept = rows.to_pandas().query(text)[ROW].to_list()
    chosen = numbered.filter(pl.col(ROW).is_in(pl.Series(kept, dtype=pl.get_index_type()).implode()))
    return chosen if numbered is frame else chosen.drop(ROW)
