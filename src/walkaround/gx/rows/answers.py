"""What a metric answers with, where it is no value yet: a query that the engine resolves with those of its wave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import polars as pl

ROW: Final = "__gx_row__\0"
"""The column of row numbers (0-based, of the whole batch) beside the columns of a batch. Like those below it ends in
NUL, as no name that people give does.
"""
ROWS: Final = "__gx_rows__\0"
"""The column of group sizes beside the keys of a group."""
KEY: Final = "__gx_key__\0"
"""The column of sorted keys of rows."""


def unchanged(value: Any) -> Any:
    """The value as Polars gives it."""
    return value


def whole(value: Any) -> int:
    """A count; nothing counted is 0."""
    return int(value or 0)


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """An expression over the rows of the domain that gives one value; `finish` makes of it what GX expects."""

    expr: pl.Expr
    finish: Callable[[Any], Any] = unchanged


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """An expression over the groups of some columns (their values, and `ROWS`, the size of each) that gives one value.

    All answers about the groups of the same columns share one group-by. `keep` says which rows take part.
    """

    keys: tuple[str, ...]
    expr: pl.Expr
    finish: Callable[[Any], Any] = unchanged
    keep: pl.Expr | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Repetition:
    """How many distinct keys rows have, how many rows have a key that another row has too, or which keys these are.

    `key` is an expression that is equal where rows are, and null where they take no part. Sorting it takes a fraction
    of the time and memory of grouping by it; answers about one key share the sorting.
    """

    key: pl.Expr
    of: Literal["distinct", "repeated", "keys"]
    finish: Callable[[Any], Any] = whole


Count = Scalar | Grouped | Repetition


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """Which rows of a domain a map metric holds to be unexpected.

    `unexpected` is true where a row is; `keep` says which rows take part, and null rows are out of it by then.
    `counted` counts the unexpected rows where that is not how often `unexpected` is true of a row that takes part, as
    when it looks at the row before.
    """

    unexpected: pl.Expr
    columns: tuple[str, ...]
    keep: pl.Expr | None = None
    counted: pl.Expr | Repetition | None = None

    def count(self) -> Count:
        """How many rows are unexpected."""
        if isinstance(self.counted, Repetition):
            return self.counted
        if self.counted is not None:
            return Scalar(self.counted, whole)
        taking_part = self.unexpected if self.keep is None else self.keep & self.unexpected
        return Scalar(taking_part.sum(), whole)

    @property
    def repeats(self) -> Repetition | None:
        """Where a row is unexpected that has the key of another: which keys those are."""
        return replace(self.counted, of="keys", finish=unchanged) if isinstance(self.counted, Repetition) else None

    def rows(self, frame: pl.LazyFrame, keys: pl.Series | None = None) -> pl.LazyFrame:
        """The unexpected rows of a frame, in their order; by the keys that are repeated, where these are known."""
        if isinstance(self.counted, Repetition) and keys is not None:
            return frame.filter(self.counted.key.is_in(keys.implode()))
        return (frame if self.keep is None else frame.filter(self.keep)).filter(self.unexpected)


@dataclass(frozen=True, slots=True, eq=False)
class Unexpected:
    """The first unexpected rows: their numbers, and the `columns` asked for (all, where None).

    They are queried only where the condition's count is not 0; `finish` is handed an empty frame otherwise.
    """

    condition: Condition
    columns: tuple[str, ...] | None
    limit: int | None
    finish: Callable[[pl.DataFrame], Any] = field(default=unchanged)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """How many rows a condition holds to be unexpected; counted once with the details of the same condition."""

    condition: Condition


Answer = Scalar | Grouped | Repetition | Counted | Unexpected
