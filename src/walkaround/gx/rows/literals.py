"""Values from a suite (JSON, or Python's) as Polars can hold them against a column of some type."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl
from dateutil.parser import parse

NUMBERS: Final = (int, float, Decimal)
ORDERED: Final[Mapping[Any, tuple[type, ...]]] = {
    pl.Boolean: NUMBERS,
    pl.String: (str,),
    pl.Categorical: (str,),
    pl.Enum: (str,),
    pl.Date: (str, date),
    pl.Datetime: (str, date),
    pl.Duration: (timedelta,),
    pl.Time: (time,),
    pl.Binary: (bytes,),
}
"""What can be ordered against values of a type that is no number."""
LARGEST: Final = 2**127
"""Whole numbers beyond are in no column of whole numbers that Polars has."""


def coerced(value: Any, dtype: pl.DataType) -> Any:
    """The value, as a date or a time where the column holds these and the value is text that says one.

    Raises:
        ValueError: the column holds dates or times, and the text says none.
    """
    if hasattr(value, "item") and not isinstance(value, NUMBERS):  # a NumPy scalar
        value = value.item()
    if hasattr(value, "to_pydatetime"):  # a pandas Timestamp, which is a datetime with nanoseconds
        value = value.to_pydatetime(warn=False)
    if not isinstance(dtype, pl.Date | pl.Datetime):
        return value
    if isinstance(value, str):
        value = parse(value)
    if isinstance(dtype, pl.Date):
        midnight = isinstance(value, datetime) and value.time() == time() and value.tzinfo is None
        return value.date() if midnight else value
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        return value
    if dtype.time_zone and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if not dtype.time_zone and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def literal(value: Any, dtype: pl.DataType) -> pl.Expr:
    """The value as an expression that compares with a column of this type."""
    value = coerced(value, dtype)
    if isinstance(dtype, pl.Datetime) and isinstance(value, datetime):
        # microseconds hold every datetime; nanoseconds would overflow beyond 1677 and 2262
        moment = pl.lit(value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value, dtype=pl.Datetime("us"))
        return moment.dt.replace_time_zone("UTC").dt.convert_time_zone(dtype.time_zone) if dtype.time_zone else moment
    return pl.lit(value)


def comparable(value: Any, dtype: pl.DataType) -> bool:
    """Whether a value can be ordered against the values of a column of this type."""
    if hasattr(value, "dtype"):  # a NumPy scalar
        value = value.item()
    kinds = (object,) if dtype == pl.Null else NUMBERS if dtype.is_numeric() else ORDERED.get(dtype.base_type(), ())
    return isinstance(value, kinds)


def member(expr: pl.Expr, values: Iterable[Any], dtype: pl.DataType) -> pl.Expr:
    """Whether values of a column are among some others; null where they are null.

    Values that no value of this type can equal are passed over, as Python's `in` would: the text "1" is not the
    number 1, but 1.0 and true are. A column of text is never compared with numbers, nor the other way round.
    """
    if dtype.is_nested() or dtype == pl.Object:
        raise TypeError(f"Values of type {dtype} cannot be looked up in a set")
    kept = [found for value in values if (found := _of_type(value, dtype)) is not None]
    present = expr.is_not_null()
    if not kept:
        return pl.when(present).then(statement=False)
    if isinstance(dtype, pl.Date):
        kept = [value for value in kept if not isinstance(value, datetime)]  # a day is no moment within it
    if isinstance(dtype, pl.Datetime):
        return expr.is_in(_moments(kept, dtype).implode())
    if dtype.is_decimal():
        return expr.cast(pl.Float64).is_in(pl.Series([float(value) for value in kept]).implode())
    if dtype.is_integer():
        return expr.cast(pl.Int128).is_in(pl.Series(kept, dtype=pl.Int128).implode())
    target = pl.String if isinstance(dtype, pl.Categorical | pl.Enum) else dtype
    return expr.cast(target).is_in(pl.Series(kept, dtype=target).implode())


def _moments(values: Iterable[datetime], dtype: pl.Datetime) -> pl.Series:
    """Moments as a column holds them; those that its unit cannot hold are equal to none of its values."""
    plain = [value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value for value in values]
    found = pl.Series(plain, dtype=pl.Datetime("us"))
    if dtype.time_zone:
        found = found.dt.replace_time_zone("UTC").dt.convert_time_zone(dtype.time_zone)
    return found.cast(dtype, strict=False).drop_nulls()


def _of_type(value: Any, dtype: pl.DataType) -> Any:
    """The value as this type holds it; None where it holds no equal."""
    try:
        value = coerced(value, dtype)
    except (ValueError, OverflowError):
        return None
    if value is None or not comparable(value, dtype):
        return None
    if dtype == pl.Boolean:
        return bool(value) if value in (0, 1) else None
    if dtype.is_integer():
        return int(value) if math.isfinite(value) and int(value) == value and abs(value) < LARGEST else None
    if dtype.is_float():
        return _float(value)
    return value


def _float(value: Any) -> float | None:
    try:
        return float(value)
    except OverflowError:
        return None
