"""Two columns, row by row."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.equality import equal
from walkaround.gx.rows.literals import member
from walkaround.gx.rows.request import Request, Target


def _pair(request: Request) -> tuple[Target, Target, pl.Expr | None]:
    """Both columns, and which rows take part.

    Raises:
        ValueError: `ignore_row_if` is of no kind that GX knows.
    """
    first, second = request.column("column_A"), request.column("column_B")
    rule = request.domain.get("ignore_row_if") or "neither"
    kept = {
        "both_values_are_missing": first.expr.is_not_null() | second.expr.is_not_null(),
        "either_value_is_missing": first.expr.is_not_null() & second.expr.is_not_null(),
        "neither": None,
    }
    if rule not in kept:
        raise ValueError(f'Unrecognized value of ignore_row_if ("{rule}").')
    return first, second, kept[rule]


def _unless(holds: pl.Expr, first: Target, second: Target, keep: pl.Expr | None) -> Condition:
    """A pair with a null in it does not hold."""
    return Condition((~holds).fill_null(value=True), (first.name, second.name), keep)


def _equal(request: Request) -> Condition:
    first, second, keep = _pair(request)
    return _unless(equal(first, second), first, second, keep)


def _greater(request: Request) -> Condition:
    first, second, keep = _pair(request)
    above = first.expr >= second.expr if request.argument("or_equal") else first.expr > second.expr
    return _unless(above, first, second, keep)


def _in_set(request: Request) -> Condition:
    first, second, keep = _pair(request)
    pairs = request.argument("value_pairs_set")
    if pairs is None:
        return Condition(pl.lit(value=False), (first.name, second.name), keep, counted=pl.lit(0))
    found = [_is(first, a) & _is(second, b) for a, b in pairs]
    return _unless(pl.any_horizontal(found) if found else pl.lit(value=False), first, second, keep)


def _is(column: Target, value: Any) -> pl.Expr:
    if value is None:
        return column.expr.is_null()
    return member(column.expr, [value], column.dtype).fill_null(value=False)


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric("column_pair_values.equal", _equal, "pair"),
    MapMetric("column_pair_values.a_greater_than_b", _greater, "pair"),
    MapMetric("column_pair_values.in_set", _in_set, "pair"),
)
