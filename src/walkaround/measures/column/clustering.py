"""How alike the rows of one sampling unit are: what the design effect of a column is estimated from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray

from walkaround.columns import Column
from walkaround.columns.hashing import mix
from walkaround.columns.text import WORD
from walkaround.columns.units import distinct
from walkaround.intervals import DesignEffect, design_effect
from walkaround.measures.counting import no_keys
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure

BUCKETS: Final = 8
"""Values are counted in so many buckets of their hash: a category that fills some pages and not others shows in its
own, whatever its number."""
MOST: Final = 4_096
"""Units that are told apart. Beyond them neighbouring strata are taken together, or units by lot: thousands of units
tell their variance to a few per cent, and more only take room."""
BITS: Final = 12
"""Units by lot: so many bits of their hash, which is `MOST` of them."""
LARGEST: Final = 1e140
"""Numbers are cut here: their squares stay within a float, and no mean that far out is estimated."""

BY_UNIT: Final = ("strata", "units", "rows", "missing", "worded", "means", "squares", "buckets")


def no_means() -> NDArray[np.float64]:
    """An array of no means."""
    return np.empty(0, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Clustering(Measure[Column]):
    """Counts and means by sampling unit; nothing where rows were not drawn in units.

    `units` and `strata`, (k,), ascending by stratum; `stratified`: whether units were drawn in strata. Where there were
    too many, `shift` bits of the strata's numbers are left out and a unit is all that was drawn there; without strata
    it is 1, and units are lots. For each unit: `rows`, those that are `missing` (null, NaN, empty, blank), those that
    are `worded` (a word for "nothing"), and of the rest the `means` and `squares` (sum of squared deviations within the
    unit) of their magnitudes; `buckets` (k * 8) counts them by their hash.
    """

    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    stratified: bool = False
    shift: int = 0
    strata: NDArray[np.int64] = field(default_factory=no_keys)
    units: NDArray[np.int64] = field(default_factory=no_keys)
    rows: NDArray[np.int64] = field(default_factory=no_keys)
    missing: NDArray[np.int64] = field(default_factory=no_keys)
    worded: NDArray[np.int64] = field(default_factory=no_keys)
    means: NDArray[np.float64] = field(default_factory=no_means)
    squares: NDArray[np.float64] = field(default_factory=no_means)
    buckets: NDArray[np.int64] = field(default_factory=no_keys)

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        if view.units is None or not view.rows:
            return cls()
        codes, count = view.units.codes, len(view.units.units)
        present = view.present
        said = np.flatnonzero(present)
        worded = np.zeros(view.rows, np.bool_)
        if view.kind == "text":
            worded = view.text.rows_of(view.text.absent == WORD)
        of_value = codes[said]
        values = np.clip(np.nan_to_num(view.magnitude_of_row[said], nan=0.0), -LARGEST, LARGEST)
        sizes = np.bincount(of_value, minlength=count)
        means = np.bincount(of_value, values, count) / np.maximum(sizes, 1)
        apart = values - means[of_value]
        bucket = (view.row_hashes[said] >> np.uint64(61)).astype(np.int64)
        return cls(
            view.units.stratified,
            0,
            view.units.strata,
            view.units.units,
            np.bincount(codes, minlength=count),
            np.bincount(codes[~present & ~worded], minlength=count),
            np.bincount(codes[worded], minlength=count),
            means,
            np.bincount(of_value, apart * apart, count).astype(np.float64),
            np.bincount(of_value * BUCKETS + bucket, minlength=count * BUCKETS),
        ).narrowed()

    def merge(self, other: Self) -> Self:
        """Add up; means and squares by Chan, Golub and LeVeque (1979)."""
        if not (len(self.units) and len(other.units)):
            return self if len(self.units) else other
        shift = max(self.shift, other.shift)
        one, two = (side if side.shift == shift else side.coarser(shift) for side in (self, other))
        parts: dict[str, Any] = {name: np.concatenate([getattr(one, name), getattr(two, name)]) for name in BY_UNIT}
        return replace(one, **parts).added().narrowed()

    def narrowed(self) -> Self:
        """The state with units taken together until there are not too many."""
        state = self
        while len(state.units) > MOST:
            state = state.coarser(state.shift + 1)
        return state

    def coarser(self, shift: int) -> Self:
        """The state with more units taken together."""
        if self.stratified:
            strata = self.strata >> (shift - self.shift)
            return replace(self, shift=shift, strata=strata, units=strata).added()
        lots = (mix(self.units.view(np.uint64), 0) >> np.uint64(64 - BITS)).astype(np.int64)
        return replace(self, shift=shift, units=lots).added()

    def added(self) -> Self:
        """The state with units that stand in it more than once added up."""
        codes, strata, units = distinct(self.strata, self.units)
        count, sizes = len(units), self.said
        whole = _summed(sizes, codes, count)
        means = np.bincount(codes, self.means * (sizes / np.maximum(whole, 1)[codes]), count)
        apart = self.means - means[codes]
        places = (codes[:, None] * BUCKETS + np.arange(BUCKETS)).reshape(-1)
        return replace(
            self,
            strata=strata,
            units=units,
            rows=_summed(self.rows, codes, count),
            missing=_summed(self.missing, codes, count),
            worded=_summed(self.worded, codes, count),
            means=means.astype(np.float64),
            squares=np.bincount(codes, self.squares + sizes * apart * apart, count).astype(np.float64),
            buckets=_summed(self.buckets, places, count * BUCKETS),
        )

    @property
    def said(self) -> NDArray[np.int64]:
        """Rows of each unit that say something, (k,)."""
        return self.rows - self.missing - self.worded

    def facts(self) -> Iterable[Fact]:
        """None: a design effect is no figure of the column, but of how its rows were drawn."""
        return ()

    def missing_effect(self, fraction: float | None) -> DesignEffect | None:
        """The design effect of the share of missing rows; None where none or all are. `fraction` as in `Drawn`."""
        return self._share(self.missing, self.rows, fraction)

    def worded_effect(self, fraction: float | None) -> DesignEffect | None:
        """The same for words that stand for nothing."""
        return self._share(self.worded, self.rows, fraction)

    def largest_effect(self, fraction: float | None) -> DesignEffect | None:
        """The largest design effect of all that is counted here; None where nothing varies."""
        return max(self._effects(fraction), key=lambda effect: effect.value, default=None)

    def _effects(self, fraction: float | None) -> Iterator[DesignEffect]:
        buckets = self.buckets.reshape(-1, BUCKETS)
        found = [self.missing_effect(fraction), self.worded_effect(fraction), self._mean(fraction)]
        found += [self._share(buckets[:, bucket], self.said, fraction) for bucket in range(BUCKETS)]
        return (effect for effect in found if effect is not None)

    def _share(self, counts: NDArray[np.int64], of: NDArray[np.int64], fraction: float | None) -> DesignEffect | None:
        rows, hits = int(of.sum()), int(counts.sum())
        share = hits / rows if rows else 0.0
        return design_effect(counts - share * of, self._strata, rows, share * (1 - share), fraction)

    def _mean(self, fraction: float | None) -> DesignEffect | None:
        """Of the mean magnitude."""
        sizes = self.said
        rows = int(sizes.sum())
        if rows < 2:  # noqa: PLR2004 - one number does not vary
            return None
        mean = float(np.dot(self.means, sizes / rows))
        residuals = sizes * (self.means - mean)
        largest = float(np.abs(residuals).max()) or 1.0  # squares of what is scaled stay within a float
        variance = float((self.squares / largest / largest + sizes * ((self.means - mean) / largest) ** 2).sum())
        return design_effect(residuals / largest, self._strata, rows, variance / (rows - 1), fraction)

    @property
    def _strata(self) -> NDArray[np.int64] | None:
        return self.strata if self.stratified else None


def _summed(counts: NDArray[np.int64], codes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Sums of counts by code, (count,)."""
    total = np.zeros(count, np.int64)
    np.add.at(total, codes, counts)
    return total


MEASURE: Final = Clustering
