"""Texts that Python's parsers take: formats of time, any date, JSON, JSON of a schema."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
from dateutil.parser import parse

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.by_value import by_value
from walkaround.gx.rows.column_conditions import unless
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.request import Request, Target


def _text(column: Target, expectation: str) -> pl.Expr:
    """The texts of a column.

    Raises:
        TypeError: the column is no text.
    """
    if not isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
        raise TypeError(
            f"Values passed to {expectation} must be of type string.\nIf you want to validate a column of dates or "
            "timestamps, please call the expectation before converting from string format."
        )
    return column.expr.cast(pl.String)


def _strftime(request: Request) -> Condition:
    column, written = request.column(), request.arguments["strftime_format"]
    try:
        datetime.strptime(datetime(2000, 1, 1, tzinfo=UTC).strftime(written), written)  # noqa: DTZ007 - only whether it can
    except ValueError as error:
        raise ValueError(f"Unable to use provided strftime_format: {error}") from error

    def holds(value: str) -> bool:
        try:
            datetime.strptime(value, written)  # noqa: DTZ007 - only whether it can
        except ValueError:
            return False
        return True

    return unless(by_value(_text(column, "expect_column_values_to_match_strftime_format"), holds), column)


def _dateutil(request: Request) -> Condition:
    column = request.column()

    def holds(value: str) -> bool:
        try:
            parse(value)
        except (ValueError, OverflowError):
            return False
        return True

    return unless(by_value(_text(column, "expect_column_values_to_be_dateutil_parseable"), holds), column)


def _json(request: Request) -> Condition:
    column = request.column()
    return unless(by_value(column.expr, _is_json), column)


def _is_json(value: Any) -> bool:
    """Whether a value is JSON. What is no text at all is none."""
    try:
        json.loads(value)
    except (ValueError, TypeError, RecursionError):
        return False
    return True


def _json_schema(request: Request) -> Condition:
    import jsonschema  # noqa: PLC0415 - GX's own dependency, slow to load and seldom asked for

    column, schema = request.column(), request.arguments["json_schema"]
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def holds(value: Any) -> bool:
        try:
            return bool(validator.is_valid(json.loads(value)))
        except json.JSONDecodeError as error:
            raise ValueError(str(error)) from None  # the error itself does not pass through Polars

    return unless(by_value(column.expr, holds), column)


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("column_values.match_strftime_format", _strftime),
    MapMetric("column_values.dateutil_parseable", _dateutil),
    MapMetric("column_values.json_parseable", _json),
    MapMetric("column_values.match_json_schema", _json_schema),
)
