"""Values that must rise, or fall, from row to row; nulls are passed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.request import Request

Broken = Callable[[pl.Expr, pl.Expr], pl.Expr]
"""From values and those of the row before, whether the order is broken."""


def _ordered(strictly: Broken, loosely: Broken) -> Callable[[Request], Condition]:
    def condition(request: Request) -> Condition:
        column = request.column()
        if not (column.dtype.is_numeric() or column.dtype.is_temporal() or column.dtype == pl.Null):
            raise TypeError(f"Column {column.name!r} has no differences: it is {column.dtype}")
        broken = strictly if request.argument("strictly", default=False) else loosely
        values, present = column.number if column.numeric else column.expr, column.expr.is_not_null()
        compact = values.drop_nulls()
        return Condition(
            broken(values, values.shift(1)).fill_null(value=False),
            (column.name,),
            keep=present,
            counted=broken(compact, compact.shift(1)).sum(),
        )

    return condition


METRICS: Final[tuple[Definition, ...]] = (
    MapMetric(
        "column_values.increasing",
        _ordered(lambda now, before: now <= before, lambda now, before: now < before),
        defaults={"strictly": False},
    ),
    MapMetric(
        "column_values.decreasing",
        _ordered(lambda now, before: now >= before, lambda now, before: now > before),
        defaults={"strictly": False},
    ),
)
