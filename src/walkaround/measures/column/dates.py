"""The dates of a column: their formats, how many read both ways, their range, and days that may be sentinels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from walkaround.columns import Column
from walkaround.columns.dates import EITHER, NO_DAY
from walkaround.columns.numbers import NATIVE
from walkaround.measures.counting import added, counted, merged, no_keys
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

SENTINEL_DAYS: Final[Mapping[str, int]] = {
    "0001-01-01": -719162, "1753-01-01": -79258, "1800-01-01": -62091, "1899-12-30": -25569, "1899-12-31": -25568,
    "1900-01-01": -25567, "1901-01-01": -25202, "1969-12-31": -1, "1970-01-01": 0, "1980-01-01": 3652,
    "2099-12-31": 47481, "2100-01-01": 47482, "2999-12-31": 376199, "3000-01-01": 376200, "9999-01-01": 2932532,
    "9999-12-31": 2932896,
}  # fmt: skip
"""Days that programs write for "no date": the first days of their calendars and the last ones that fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Dates(Measure[Column]):
    """The dates and times among the non-missing rows.

    `count` of them; `formats`: rows by strftime format, with both formats joined by "|" where a mask leaves open which
    is meant; `ambiguous`: rows that stand for two different days. `days` ascending and `counts`, (k,): rows by day
    where it is sure; `day_first` and `month_first`: the ambiguous rows read either way.
    """

    keep: ClassVar[Literal["always", "not_personal", "never"]] = "not_personal"

    count: int = 0
    ambiguous: int = 0
    formats: Mapping[str, int] = field(default_factory=dict)
    days: NDArray[np.int64] = field(default_factory=no_keys)
    counts: NDArray[np.int64] = field(default_factory=no_keys)
    day_first: NDArray[np.int64] = field(default_factory=no_keys)
    day_first_counts: NDArray[np.int64] = field(default_factory=no_keys)
    month_first: NDArray[np.int64] = field(default_factory=no_keys)
    month_first_counts: NDArray[np.int64] = field(default_factory=no_keys)

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Dates stand in columns of dates, of timestamps and of text."""
        del spec
        return kind in {"date", "datetime", "text"}

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Measure one batch."""
        days, other, weights = view.days
        if view.kind == "text":
            read = view.text.dates
            if not len(read.at):
                return cls()
            by_format = np.bincount(read.formats, view.text.weights[read.at], len(read.labels)).astype(np.int64)
            formats = {label: int(count) for label, count in zip(read.labels, by_format, strict=True) if count}
            rows = int(view.text.weights[read.at].sum())
        else:
            rows = len(days)
            formats = {NATIVE: rows} if rows else {}
        sure = other == NO_DAY
        if sure.all():
            known = counted(days.astype(np.int64), weights)
            return cls(rows, 0, dict(sorted(formats.items())), *known)
        weigh = np.ones(len(days), np.int64) if weights is None else weights
        open_days, open_weights = ~sure, weigh[~sure]
        return cls(
            rows,
            int(open_weights.sum()),
            dict(sorted(formats.items())),
            *counted(days[sure].astype(np.int64), weigh[sure]),
            *counted(days[open_days].astype(np.int64), open_weights),
            *counted(other[open_days].astype(np.int64), open_weights),
        )

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(
            self.count + other.count,
            self.ambiguous + other.ambiguous,
            added(self.formats, other.formats),
            *merged(self.days, self.counts, other.days, other.counts),
            *merged(self.day_first, self.day_first_counts, other.day_first, other.day_first_counts),
            *merged(self.month_first, self.month_first_counts, other.month_first, other.month_first_counts),
        )

    @property
    def histogram(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows by day, (k,) each: sure days, and the ambiguous ones read as most of the sure ones of their kind are."""
        if not self.ambiguous:
            return self.days, self.counts
        sure = {label: count for label, count in self.formats.items() if EITHER not in label}
        first = sum(count for label, count in sure.items() if label.startswith("%d"))
        second = sum(count for label, count in sure.items() if label.startswith("%m"))
        if second > first:
            return merged(self.days, self.counts, self.month_first, self.month_first_counts)
        return merged(self.days, self.counts, self.day_first, self.day_first_counts)

    def on(self, day: int) -> int:
        """How many rows stand on one day for sure."""
        place = int(np.searchsorted(self.days, day))
        return int(self.counts[place]) if place < len(self.days) and self.days[place] == day else 0

    @property
    def sentinels(self) -> dict[str, int]:
        """Rows on suspicious days."""
        return {name: rows for name, day in SENTINEL_DAYS.items() if (rows := self.on(day))}

    def facts(self) -> Iterable[Fact]:
        """`ambiguous_rate`, of dates; first and last day, in days since 1970-01-01."""
        yield Fact.rate("ambiguous_dates_rate", (), self.ambiguous, self.count)
        if len(self.days):
            yield Fact("first_day", value=float(self.days[0]), of=self.count)
            yield Fact("last_day", value=float(self.days[-1]), of=self.count)


MEASURE: Final = Dates
