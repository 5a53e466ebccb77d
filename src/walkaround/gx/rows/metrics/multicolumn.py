"""Several columns, row by row."""

from __future__ import annotations

from itertools import combinations
from typing import Final

import polars as pl

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.equality import equal_or_both_null
from walkaround.gx.rows.identity import repeated
from walkaround.gx.rows.request import Request, Target


def _columns(request: Request) -> tuple[list[Target], pl.Expr | None]:
    """The columns, and which rows take part.

    Raises:
        ValueError: `ignore_row_if` is of no kind that GX knows.
    """
    columns = request.columns(request.domain["column_list"])
    rule = request.domain.get("ignore_row_if") or "never"
    present = [column.expr.is_not_null() for column in columns]
    kept = {
        "all_values_are_missing": pl.any_horizontal(present),
        "any_value_is_missing": pl.all_horizontal(present),
        "never": None,
    }
    if rule not in kept:
        raise ValueError(f'Unrecognized value of ignore_row_if ("{rule}").')
    return columns, kept[rule]


def _names(columns: list[Target]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _unique(request: Request) -> Condition:
    columns, keep = _columns(request)
    return repeated(columns, keep)


def _sum(request: Request) -> Condition:
    columns, keep = _columns(request)
    for column in columns:
        column.require_number("The sum")
    total = pl.sum_horizontal([_wide(column) for column in columns], ignore_nulls=False)
    return Condition((total != request.arguments["sum_total"]).fill_null(value=True), _names(columns), keep)


def _wide(column: Target) -> pl.Expr:
    """Its numbers, in a type that their sum does not leave: Polars adds small whole numbers as small ones."""
    return column.number.cast(pl.Int128) if column.dtype.is_integer() else column.number


def _equal(request: Request) -> Condition:
    columns, keep = _columns(request)
    first, *others = columns
    same = pl.all_horizontal(equal_or_both_null(first, other) for other in others)
    return Condition(~same, _names(columns), keep)


def _unique_within_record(request: Request) -> Condition:
    columns, keep = _columns(request)
    again = pl.any_horizontal(equal_or_both_null(a, b) for a, b in combinations(columns, 2))
    return Condition(again, _names(columns), keep)


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("compound_columns.unique", _unique, "columns"),
    MapMetric("multicolumn_sum.equal", _sum, "columns"),
    MapMetric("multicolumn_values.equal", _equal, "columns"),
    MapMetric("select_column_values.unique.within_record", _unique_within_record, "columns"),
)
