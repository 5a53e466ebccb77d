"""Shares: intervals of one, and exact tests of two. Counts are whole numbers, chances one-sided."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

NEGLIGIBLE: Final = 1e-17
"""Terms of a tail smaller than this part of the sum so far change no digit that a double holds."""

ODDITY: Final = 0.05
"""How often, at most, a column of clean data that shows none of something in one half shows any in the other.

Exact tests condition on the odd rows being there and ask who got them. Where the pilot had none at all that is the
worst case: in halves of 35 clean public tables, 1 % of 1,700 columns that had no missing value (no word for nothing, no
value of another type) in one half had any in the other. So where the pilot had none, the chance is that an oddity
exists, times the chance that it fell as it did. See docs/decisions/0002-rare-oddities.md.
"""
ODD_SHAPE: Final = 0.1
"""The same for shapes, where the pilot had none that occurred once: measured 6 % (3 % seen in the other half)."""
ODD_VALUE: Final = 0.25
"""The same for values, where none of the pilot's occurred once: measured 20 % (10 % seen in the other half)."""


def wilson(count: float, of: float, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share by Wilson's score method (1927); (0, 1) where `of` is 0.

    >>> low, high = wilson(120, 2120)
    >>> round(low, 4), round(high, 4)
    (0.0475, 0.0673)
    """
    if of <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = count / of
    spread = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    middle = share + z * z / (2 * of)
    scale = 1 + z * z / of
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return (0.0 if count == 0 else max(low, 0.0)), (1.0 if count == of else min(high, 1.0))


def rise_chance(pilot_count: int, pilot_of: int, count: int, of: int) -> float:
    """How likely production holds `count` or more of what both sides hold together, if one process made both.

    The conditional exact two-sample test (Fisher, 1935, one-sided): given the `pilot_count + count` hits among
    `pilot_of + of` rows, the number that falls on production is hypergeometric. 1.0 where a side is empty.

    >>> round(rise_chance(0, 100, 5, 100), 4)
    0.0297
    """
    hits, rows = pilot_count + count, pilot_of + of
    if not (hits and of and pilot_of):
        return 1.0
    lowest = max(0, hits - pilot_of)
    if count <= lowest:
        return 1.0
    if count <= hits * of / rows:  # the upper tail is the long one: sum the other and take it away
        return max(0.0, 1.0 - _tail(rows, hits, of, count - 1, step=-1))
    return min(1.0, _tail(rows, hits, of, count, step=1))


def beyond_chance(pilot_count: int, pilot_of: int, count: int, of: int) -> float:
    """The same for rows beyond the pilot's own extremes, where none of its rows can be.

    The bound was drawn at the pilot's outermost rows, so `count` rows of production lie outside whenever the outermost
    of both sides together are production's: `count + 1` ways to share them between the two ends, each as likely as the
    exact test says.
    """
    chance = rise_chance(pilot_count, pilot_of, count, of)
    return chance if pilot_count else min(1.0, (count + 1) * chance)


def least_rise_chance(hits: int, pilot_of: int, of: int) -> float:
    """The smallest value that `rise_chance` can take for so many hits on both sides together: all in production."""
    if not (hits and of and pilot_of):
        return 1.0
    count = min(hits, of)
    return rise_chance(hits - count, pilot_of, count, of)


def smallest_rise(pilot_count: int, pilot_of: int, of: int, level: float) -> float | None:
    """The smallest rise of a share over the pilot's that `rise_chance` calls real at `level`; None where none is."""
    if not (of and pilot_of) or rise_chance(pilot_count, pilot_of, of, of) > level:
        return None
    low, high = 0, of
    while high - low > 1:
        middle = (low + high) // 2
        if rise_chance(pilot_count, pilot_of, middle, of) <= level:
            high = middle
        else:
            low = middle
    return high / of - pilot_count / pilot_of


def rows_to_decide(pilot_count: int, pilot_of: int, share: float, level: float, most: int = 10**8) -> int | None:
    """How many production rows would make a share like this one real at `level`; None where the pilot is too small."""
    if not pilot_of or rise_chance(pilot_count, pilot_of, round(share * most), most) > level:
        return None
    low, high = 1, most
    while high - low > max(1, low // 50):
        middle = int(math.sqrt(low * high)) if high > 4 * low else (low + high) // 2
        if rise_chance(pilot_count, pilot_of, round(share * middle), middle) <= level:
            high = middle
        else:
            low = middle
    return high


def _tail(rows: int, hits: int, drawn: int, start: int, step: int) -> float:
    """The hypergeometric probability of `start` and everything further from the mean in direction `step`."""
    highest, lowest = min(hits, drawn), max(0, hits + drawn - rows)
    if not lowest <= start <= highest:
        return 0.0
    term = math.exp(log_choose(hits, start) + log_choose(rows - hits, drawn - start) - log_choose(rows, drawn))
    total, x = 0.0, start
    while True:
        total += term
        if step > 0:
            if x >= highest:
                return total
            term *= (hits - x) * (drawn - x) / ((x + 1) * (rows - hits - drawn + x + 1))
        else:
            if x <= lowest:
                return total
            term *= x * (rows - hits - drawn + x) / ((hits - x + 1) * (drawn - x + 1))
        x += step
        if term <= total * NEGLIGIBLE:
            return total


def log_choose(n: int, k: int) -> float:
    """The logarithm of the number of ways to choose `k` of `n`."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
