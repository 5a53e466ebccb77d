"""Conditions that only Python can tell, asked once for each distinct value of a batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl


def by_value(expr: pl.Expr, holds: Callable[[Any], bool]) -> pl.Expr:
    """Whether a condition holds of each value; null where the value is null."""

    def answered(values: pl.Series) -> pl.Series:
        if values.null_count() == len(values):
            return pl.Series(values.name, [None] * len(values), dtype=pl.Boolean)
        distinct = values.drop_nulls().unique()
        answers = pl.Series([holds(value) for value in distinct.to_list()], dtype=pl.Boolean)
        if answers.all() or not answers.any():
            told = pl.lit(bool(answers[0]))
            return pl.select(pl.when(values.is_not_null()).then(told).alias(values.name)).to_series()
        return values.is_in(distinct.filter(answers).implode())

    return expr.map_batches(answered, return_dtype=pl.Boolean, is_elementwise=True)
