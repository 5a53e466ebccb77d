"""The numbers of a column: range, spread, quantiles, the styles they are written in, and possible sentinels."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from walkaround.columns import Column
from walkaround.columns.numbers import NATIVE
from walkaround.measures.counting import added, merged, no_keys
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

SHIFT: Final = 44
"""Bits of a float64 that a bucket leaves out: 8 bits of the mantissa stay, so a bucket is 1/256 of its value wide."""
RELATIVE_ERROR: Final = 1 / 512
"""A quantile is told to the middle of its bucket: at most half a bucket off."""
FEW: Final = 50_000
"""Below this many numbers, sorting the keys is quicker than counting into a million cells."""
LARGE: Final = 1e140
"""From here on the sum of many squares may leave the range of a float, and is formed with more care."""
SENTINELS: Final = (
    0.0, -1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, 99.0, 999.0, 9999.0, 99999.0, 999999.0, 9999999.0, 99999999.0,
    999999999.0, 9999999999.0, 1e9, 1e10, 888.0, 8888.0, -888.0, -8888.0, 32767.0, -32768.0, 2147483647.0,
    -2147483648.0, 123456.0, 1234567.0, 12345678.0, 123456789.0, 1234567890.0, 111111.0, 1111111.0, 999.99, 9999.99,
)  # fmt: skip
"""Numbers that people write for "nothing" (Pearson 2006; naniar::common_na_numbers; and the limits of integers)."""


def bucket_of(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The bucket of each number: the upper bits of the float, negatives mirrored, so that buckets are in order.

    A logarithmic histogram as in DDSketch (Masson et al., 2019), with the float's own exponent in place of a logarithm.
    """
    bits = np.abs(numbers).view(np.int64) >> SHIFT
    return np.where(numbers < 0, -bits - 1, bits)


def middle_of(buckets: NDArray[np.int64]) -> NDArray[np.float64]:
    """The number in the middle of each bucket; 0 for the bucket of zero."""
    size = np.where(buckets < 0, -buckets - 1, buckets)
    low = (size << SHIFT).view(np.float64)
    high = ((size + 1) << SHIFT).view(np.float64)
    middle = np.where(size == 0, 0.0, low / 2 + high / 2)
    return np.where(buckets < 0, -middle, middle)


@dataclass(frozen=True, slots=True, eq=False)
class Numbers(Measure[Column]):
    """The numbers among the non-missing rows.

    `count` numbers, of which `infinite`, `zeros`, `negatives`. `minimum` and `maximum` are infinite where there is
    none. `mean` and `squares` (sum of squared deviations; infinite where no float holds it) leave infinities out.
    `buckets` ascending and `counts`, (k,). `styles`: rows by the way the number is written. `sentinels`: rows by
    number, for a closed list of suspicious ones.
    """

    error: ClassVar[float] = RELATIVE_ERROR
    keep: ClassVar[Literal["always", "not_personal", "never"]] = "not_personal"

    count: int = 0
    infinite: int = 0
    zeros: int = 0
    negatives: int = 0
    minimum: float = math.inf
    maximum: float = -math.inf
    mean: float = 0.0
    squares: float = 0.0
    buckets: NDArray[np.int64] = field(default_factory=no_keys)
    counts: NDArray[np.int64] = field(default_factory=no_keys)
    styles: Mapping[str, int] = field(default_factory=dict)
    sentinels: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Numbers stand in columns of numbers and of text."""
        del spec
        return kind in {"number", "text"}

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Measure one batch."""
        numbers, weights = view.numbers
        if not len(numbers):
            return cls()
        rows = len(numbers) if weights is None else int(weights.sum())
        styles = {NATIVE: rows}
        if view.kind == "text":
            read = view.text.numbers
            by_style = np.bincount(read.styles, weights, len(read.labels)).astype(np.int64)
            styles = {label: int(count) for label, count in zip(read.labels, by_style, strict=True) if count}
        finite = np.isfinite(numbers)
        infinite = 0
        if not finite.all():
            infinite = int((~finite).sum() if weights is None else weights[~finite].sum())
            numbers, weights = numbers[finite], None if weights is None else weights[finite]
            if not len(numbers):
                return cls(rows, infinite, styles=styles)
        low, high = float(numbers.min()), float(numbers.max())
        mean, squares = _moments(numbers, weights, max(-low, high))
        keys, counts = _bucketed(numbers, weights)
        held = {f"{value:g}": _rows(numbers == value, weights) for value in SENTINELS if low <= value <= high}
        sentinels = {value: found for value, found in held.items() if found}
        return cls(
            rows, infinite, sentinels.get("0", 0), _rows(numbers < 0, weights), low, high, mean, squares, keys, counts,
            dict(sorted(styles.items())), dict(sorted(sentinels.items())),
        )  # fmt: skip

    def merge(self, other: Self) -> Self:
        """Add up; mean and squares by Chan, Golub and LeVeque (1979)."""
        mine, theirs = self.finite, other.finite
        total = mine + theirs
        apart = other.mean - self.mean if mine and theirs else 0.0
        keys, counts = merged(self.buckets, self.counts, other.buckets, other.counts)
        return type(self)(
            self.count + other.count,
            self.infinite + other.infinite,
            self.zeros + other.zeros,
            self.negatives + other.negatives,
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
            self.mean * (mine / total) + other.mean * (theirs / total) if total else 0.0,
            self.squares + other.squares + (apart * apart * (mine * theirs / total) if total else 0.0),
            keys,
            counts,
            added(self.styles, other.styles),
            added(self.sentinels, other.sentinels),
        )

    @property
    def finite(self) -> int:
        """Numbers that are not infinite."""
        return self.count - self.infinite

    @property
    def deviation(self) -> float | None:
        """The standard deviation; None with fewer than two numbers, or where no float holds their squares."""
        return math.sqrt(self.squares / (self.finite - 1)) if self.finite > 1 and self.squares < math.inf else None

    def quantile(self, share: float) -> float | None:
        """The number below which this share lies, to half a bucket; exact at both ends. None without numbers."""
        if not self.finite:
            return None
        if share <= 0 or share >= 1:
            return self.minimum if share <= 0 else self.maximum
        rank = share * (self.finite - 1)
        place = int(np.searchsorted(np.cumsum(self.counts), rank, side="right"))
        middle = float(middle_of(self.buckets[min(place, len(self.buckets) - 1)][None])[0])
        return min(max(middle, self.minimum), self.maximum)

    def within(self, low: float, high: float) -> int:
        """How many numbers lie from `low` to `high`, by the middles of their buckets."""
        middles = np.clip(middle_of(self.buckets), self.minimum, self.maximum) if len(self.buckets) else np.empty(0)
        return int(self.counts[(middles >= low) & (middles <= high)].sum())

    def facts(self) -> Iterable[Fact]:
        """Range, mean, deviation and quantiles of the numbers; `of` is how many there are."""
        if not self.finite:
            return
        named = {
            "minimum": self.minimum, "maximum": self.maximum, "mean": self.mean, "standard_deviation": self.deviation,
            "quantile_01": self.quantile(0.01), "quantile_25": self.quantile(0.25), "median": self.quantile(0.5),
            "quantile_75": self.quantile(0.75), "quantile_99": self.quantile(0.99),
        }  # fmt: skip
        for name, value in named.items():
            yield Fact(name, value=value, of=self.finite)


def _rows(chosen: NDArray[np.bool_], weights: NDArray[np.int64] | None) -> int:
    return int(chosen.sum() if weights is None else weights[chosen].sum())


def _moments(numbers: NDArray[np.float64], weights: NDArray[np.int64] | None, largest: float) -> tuple[float, float]:
    """Mean, and sum of squared deviations: infinite where no float holds it. `largest` is that of the sizes.

    Summed by NumPy and not by a dot product: BLAS adds in an order that differs between processors, and what is stored
    is to be the same on all of them.
    """
    if largest < LARGE:
        mean = float(np.average(numbers, weights=weights))
        apart = numbers - mean
        apart *= apart
        return mean, float((apart if weights is None else apart * weights).sum())
    mean = float(np.average(numbers / largest, weights=weights)) * largest
    apart = numbers / 2 - mean / 2
    rows = len(numbers) if weights is None else int(weights.sum())
    with np.errstate(over="ignore"):
        return mean, float(np.average(apart * apart, weights=weights)) * 4 * rows


def _bucketed(
    numbers: NDArray[np.float64], weights: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    keys = bucket_of(numbers)
    if len(keys) < FEW:
        distinct, codes = np.unique(keys, return_inverse=True)
        return distinct, np.bincount(codes, weights, len(distinct)).astype(np.int64)
    lowest = int(keys.min())
    cells = np.bincount(keys - lowest, weights).astype(np.int64)
    used = np.flatnonzero(cells)
    return used + lowest, cells[used]


MEASURE: Final = Numbers
