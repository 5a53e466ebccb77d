"""Quantiles, and counts of values by bins."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final, Literal, get_args

import polars as pl

from walkaround.gx.rows.answers import Scalar
from walkaround.gx.rows.definitions import Definition, Metric
from walkaround.gx.rows.literals import literal
from walkaround.gx.rows.request import Request, Target

Interpolation = Literal["linear", "lower", "higher", "midpoint", "nearest"]


def _quantiles(request: Request) -> Scalar:
    """Quantiles as NumPy defines them, one for each share asked for.

    Raises:
        ValueError: `allow_relative_error` names no interpolation.
        TypeError: the column is neither numbers nor times.
    """
    column, shares = request.column(), list(request.arguments["quantiles"])
    how: Any = request.argument("allow_relative_error") or "nearest"
    if how not in get_args(Interpolation):
        raise ValueError(
            "If specified for Polars, allow_relative_error must be one of the interpolation options: "
            + ", ".join(get_args(Interpolation))
        )
    if column.dtype.is_temporal():
        values = column.expr.to_physical()
    else:
        column.require_number("Quantiles")
        values = column.number
    sides: tuple[Any, ...] = ("lower", "higher") if how == "nearest" else (how,)
    found = [values.quantile(share, side).alias(f"{n} {side}") for n, share in enumerate(shares) for side in sides]
    finish = _nearest(shares) if how == "nearest" else _listed
    return Scalar(pl.struct(values.count().alias("count"), *found), lambda told: _as_held(column, how, finish(told)))


def _listed(told: dict[str, Any]) -> list[Any]:
    return [value for name, value in told.items() if name != "count"]


def _nearest(shares: Sequence[float]) -> Callable[[dict[str, Any]], list[Any]]:
    """Of the values on either side of each quantile's place the nearer; half-way, the one in an even place, as NumPy
    has it and Polars has not.
    """

    def chosen(told: dict[str, Any]) -> list[Any]:
        values = []
        for n, share in enumerate(shares):
            place = max(told["count"] - 1, 0) * share
            values.append(told[f"{n} lower" if round(place) == math.floor(place) else f"{n} higher"])
        return values

    return chosen


def _as_held(column: Target, how: str, values: list[Any]) -> list[Any]:
    """Quantiles in the type of their column; NaN where there are none."""
    if column.dtype.is_temporal():
        whole = [None if value is None else round(value) for value in values]
        return pl.Series(whole, dtype=_physical(column.dtype)).cast(column.dtype).to_list()
    exact = column.dtype.is_integer() and how in {"lower", "higher", "nearest"}
    return [math.nan if value is None else int(value) if exact else value for value in values]


def _physical(dtype: pl.DataType) -> Any:
    return pl.Int32 if isinstance(dtype, pl.Date) else pl.Int64


def _histogram(request: Request) -> Scalar:
    """How many values lie in each bin: from its lower edge up to its upper, and in the last one on the upper as well.

    `Expr.hist` of Polars closes its bins on the other side; GX on pandas counts as `numpy.histogram` does.
    """
    column, edges = request.column(), list(request.arguments["bins"])
    if not column.dtype.is_temporal():
        column.require_number("A histogram")
    values = column.number if column.numeric else column.expr
    marks = [literal(edge, column.dtype) if column.dtype.is_temporal() else pl.lit(float(edge)) for edge in edges]
    below = [(values < mark).sum() for mark in marks]
    counted = pl.concat_list([*below, (values <= marks[-1]).sum()])

    def finish(counts: Any) -> list[int]:
        *under, up_to_last = counts
        bins = [high - low for low, high in pairwise(under)]
        return [*bins[:-1], up_to_last - under[-2]] if bins else []

    return Scalar(counted, finish)


METRICS: Final[tuple[Definition, ...]] = (
    Metric("column.quantile_values", _quantiles),
    Metric("column.histogram", _histogram),
)
