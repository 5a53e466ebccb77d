"""Conditions of one column, where nulls take no part."""

from __future__ import annotations

import polars as pl

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.request import Target


def unless(holds: pl.Expr, column: Target) -> Condition:
    """A row is unexpected where its value is there and the expectation does not hold of it."""
    return Condition((~holds).fill_null(value=False), (column.name,))


def never(*columns: str) -> Condition:
    """No row is unexpected."""
    return Condition(pl.lit(value=False), columns, counted=pl.lit(0))
