"""Design effects: what rows drawn in pages, key ranges or row groups tell, beside as many rows drawn one by one.

Rows of one page are alike, so a sample of pages tells less than its size says, or more where the pages were drawn in
strata that follow the table. The estimator is bound to the design: successive differences on pages that an engine chose
freely would call them 900 times better than they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

LOWEST: Final = 0.05
"""No sample counts for more than twenty times its rows, however smooth its strata look."""
TRUSTED: Final = 30
"""Degrees of freedom from which a design effect below 1 is believed; with fewer it is drawn towards 1."""
FEWEST: Final = 4
"""With fewer degrees of freedom nothing is known of how units differ: each of them counts as one row."""
TAIL: Final = 1e-4
"""A check is judged about this far out, where the few units of an estimate weigh most (see `inflation`)."""
DIFFERENCES: Final = 18 / 35
"""Degrees of freedom that one second-order difference is worth: neighbours share terms, with correlations of -2/3 and
1/6, so 1 / (1 + 2 (4/9 + 1/36)) of the differences are independent of each other."""


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """`value`: the variance of a mean or share over that of as many rows drawn one by one, estimated from `units` units
    with `freedom` degrees of freedom.
    """

    value: float
    units: int
    freedom: float

    def cautious(self, rows: float) -> float:
        """What `rows` rows are divided by, to be the number of independent rows that tell as much.

        An estimate from few units is inflated for what it may be off; below 1 it is also drawn towards 1.
        """
        if self.freedom < FEWEST:
            told = max(1.0, self.value * inflation(FEWEST), rows / self.units)
        else:
            trust = min(1.0, self.freedom / TRUSTED)
            believed = self.value if self.value >= 1 else 1 - (1 - self.value) * trust
            told = max(LOWEST, believed * inflation(self.freedom))
        return min(told, max(rows, 1.0))


def inflation(freedom: float) -> float:
    """How much wider few units make an interval, squared: (t / z) ** 2 far out in the tail (Korn and Graubard, 1998).

    Student's quantile is Fisher's expansion of it (Abramowitz and Stegun, 26.7.5), good to 3 % from 4 degrees on.

    >>> [round(inflation(freedom), 2) for freedom in (4, 24, 1000)]
    [11.53, 1.39, 1.01]
    """
    z = NormalDist().inv_cdf(1 - TAIL)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    quantile = z + sum(term / freedom**power for power, term in enumerate(terms, 1))
    return float((quantile / z) ** 2)


def design_effect(
    residuals: NDArray[np.float64],
    strata: NDArray[np.int64] | None,
    rows: int,
    variance: float,
    fraction: float | None = None,
) -> DesignEffect | None:
    """The design effect of a mean over the rows of k units; None where nothing varies.

    `residuals` (k,) are the linearised ones of the ratio "sum of the units over their rows": for each unit, its sum
    less the overall mean times its rows. `strata` (k,) ascending, None where units were drawn from all of the table.
    `variance` is that of single rows, of which there are `rows`. Of a sample that is a `fraction` of its table, so much
    of the variance is no sampling error, but still that of the process which made the table: with all rows it is 1.
    """
    if not (rows and variance > 0 and len(residuals)):
        return None
    if len(residuals) == 1:
        return DesignEffect(float(rows), 1, 0.0)
    total, freedom = _spread(residuals) if strata is None else _spread_in_strata(residuals, strata)
    seen = min(max(fraction or 0.0, 0.0), 1.0)
    return DesignEffect((1 - seen) * total / (rows * variance) + seen, len(residuals), freedom)


def _spread(residuals: NDArray[np.float64]) -> tuple[float, float]:
    """The variance of the sum over clusters drawn at random, and its degrees of freedom: what the clusters' sums vary
    (ultimate clusters: Hansen, Hurwitz and Madow, 1953).
    """
    count = len(residuals)
    apart = residuals - residuals.mean()
    return count / (count - 1) * float(np.dot(apart, apart)), float(count - 1)


def _spread_in_strata(residuals: NDArray[np.float64], strata: NDArray[np.int64]) -> tuple[float, float]:
    """The same for units drawn in strata: within strata where these have several units, else between neighbours."""
    codes = np.cumsum(np.append(0, np.diff(strata) != 0))
    sizes = np.bincount(codes)
    return _differences(residuals) if sizes.max() == 1 else _within(residuals, _paired(codes, sizes))


def _differences(residuals: NDArray[np.float64]) -> tuple[float, float]:
    """One unit of each stratum: second differences, in which a linear trend drops out (Wolter, Introduction to Variance
    Estimation, chapter 8); the first where there are but two.
    """
    count = len(residuals)
    if count == 2:  # noqa: PLR2004 - two have one difference
        return float((residuals[1] - residuals[0]) ** 2), 1.0
    second = residuals[:-2] - 2 * residuals[1:-1] + residuals[2:]
    return count * float(np.dot(second, second)) / (6 * (count - 2)), (count - 2) * DIFFERENCES


def _within(residuals: NDArray[np.float64], codes: NDArray[np.int64]) -> tuple[float, float]:
    """Several units of each stratum: what they vary within it."""
    sizes = np.bincount(codes)
    apart = residuals - (np.bincount(codes, residuals) / sizes)[codes]
    squares = np.bincount(codes, apart * apart)
    return float((sizes / (sizes - 1) * squares).sum()), float((sizes - 1).sum())


def _paired(codes: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Strata from which a single unit came are joined to the one before them, the first to the one behind it
    (collapsed strata: Cochran, Sampling Techniques, 5A.12).
    """
    begins = sizes > 1
    begins[: int(np.argmax(begins)) + 1] = False
    return np.asarray(np.cumsum(begins)[codes])
