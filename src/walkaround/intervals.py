"""The statistics: intervals, exact tests, and how a run's budget of false alarms is shared. Pure functions.

Nothing here knows of columns or checks. Counts are whole numbers, shares are fractions, chances are one-sided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

NEGLIGIBLE: Final = 1e-17
"""Terms of a tail smaller than this part of the sum so far change no digit that a double holds."""
EXACT_ROWS: Final = 4096
"""Up to this many rows at stake the distribution of novelty is convolved exactly; past it, bounded (Chernoff)."""


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
    0.0298
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


def _tail(rows: int, hits: int, drawn: int, start: int, step: int) -> float:
    """The hypergeometric probability of `start` and everything further from the mean in direction `step`."""
    highest, lowest = min(hits, drawn), max(0, hits + drawn - rows)
    if not lowest <= start <= highest:
        return 0.0
    term = math.exp(_log_choose(hits, start) + _log_choose(rows - hits, drawn - start) - _log_choose(rows, drawn))
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


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


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


def novelty_chance(novel_rows: int, novel_items: int, pooled: Mapping[int, int], pilot_of: int, of: int) -> float:
    """How likely production holds so much that the pilot lacks, if one process made both.

    `novel_rows` rows of production hold `novel_items` distinct items that the pilot lacks. `pooled` maps a number of
    copies to how many distinct items occur that often in pilot and production together. Under a random split every
    item falls wholly into production with its own small probability: the novel rows are a weighted sum of independent
    coins, the novel items their plain sum. One new item in many rows shows in the first, many typing errors in the
    second, so both are asked, and the smaller chance is doubled. Sums are convolved exactly for few rows, else bounded
    from above by Chernoff's inequality, which is exact where every item at stake is novel.
    """
    if novel_rows <= 0:
        return 1.0
    if not (pilot_of and of):
        return 1.0
    coins = [(copies, items, _all_on_one_side(copies, pilot_of, of)) for copies, items in sorted(pooled.items())]
    coins = [(copies, items, chance) for copies, items, chance in coins if copies > 0 and items * chance > NEGLIGIBLE]
    by_rows = _coins_tail(novel_rows, coins)
    by_items = _coins_tail(novel_items, [(1, items, chance) for _, items, chance in coins])
    return min(1.0, 2 * min(by_rows, by_items))


def _coins_tail(reached: int, coins: Sequence[tuple[int, int, float]]) -> float:
    """How likely the coins sum to `reached` or more; each entry is (weight, number of coins, chance of each)."""
    at_stake = sum(weight * number for weight, number, _ in coins)
    if at_stake < reached:
        return 0.0
    if reached <= sum(weight * number * chance for weight, number, chance in coins):
        return 1.0
    return _convolved(reached, coins) if at_stake <= EXACT_ROWS else _chernoff(reached, coins)


def least_novelty_chance(pooled: Mapping[int, int], pilot_of: int, of: int) -> float:
    """The smallest value that `novelty_chance` can take for these items: every singleton falls into production."""
    if not (pilot_of and of):
        return 1.0
    log_chance = sum(
        items * math.log(max(_all_on_one_side(copies, pilot_of, of), 1e-300)) for copies, items in pooled.items()
    )
    return math.exp(max(log_chance, -700.0))


def _all_on_one_side(copies: int, pilot_of: int, of: int) -> float:
    """The probability that all copies of an item fall into production: hypergeometric, C(of, c) / C(rows, c)."""
    if copies > of:
        return 0.0
    rows = pilot_of + of
    return math.exp(_log_choose(rows - copies, of - copies) - _log_choose(rows, of))


def _convolved(novel_rows: int, coins: Sequence[tuple[int, int, float]]) -> float:
    """The exact tail: one polynomial in the number of rows, cut at `novel_rows` where everything beyond is kept."""
    below = np.zeros(novel_rows)
    below[0] = 1.0
    for copies, items, chance in coins:
        if copies >= novel_rows:
            below *= (1.0 - chance) ** items
            continue
        terms = min(items, (novel_rows - 1) // copies)
        number = np.arange(terms + 1)
        log_weight = (
            math.lgamma(items + 1)
            - np.array([math.lgamma(k + 1) + math.lgamma(items - k + 1) for k in number])
            + number * math.log(chance)
            + (items - number) * (math.log1p(-chance) if chance < 1 else -1e300)
        )
        step = np.zeros(novel_rows)
        step[number * copies] = np.exp(np.maximum(log_weight, -745.0))
        below = np.convolve(below, step)[:novel_rows]
    tail = 1.0 - float(below.sum())
    return tail if tail > 1e-9 else _chernoff(novel_rows, coins)  # noqa: PLR2004 (what cancellation leaves of a double)


def _chernoff(novel_rows: int, coins: Sequence[tuple[int, int, float]]) -> float:
    """An upper bound of the tail: min over t of exp(-t x) E[exp(t X)] (Chernoff, 1952), by golden-section search."""
    top = max(copies for copies, _, _ in coins)

    def bound(t: float) -> float:
        total = -t * novel_rows
        for copies, items, chance in coins:
            power = t * copies
            # log(1 + q (e^p - 1)), without overflow
            total += items * (math.log1p(chance * math.expm1(power)) if power < 600 else math.log(chance) + power)  # noqa: PLR2004
        return total

    low, high = 0.0, 600.0 / top * 20
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(120):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if bound(left) < bound(right):
            high = right
        else:
            low = left
    return math.exp(min(0.0, max(-700.0, bound((low + high) / 2))))


def distance_chance(
    pilot: NDArray[np.float64], production: NDArray[np.float64], seed: int, draws: int = 20_000, enough: int = 25
) -> tuple[float, float]:
    """Total variation distance of two histograms, and how likely one process gives that much or more.

    `pilot` and `production` are counts by bin, of shape (bins,). The null is simulated: both sides are drawn from the
    pooled shares, until `enough` draws reached the distance or `draws` were made (sequential Monte Carlo, Besag and
    Clifford, 1991). The chance is at least 1 / (draws + 1).
    """
    n1, n2 = float(pilot.sum()), float(production.sum())
    if not (n1 and n2):
        return 0.0, 1.0
    observed = float(np.abs(pilot / n1 - production / n2).sum() / 2)
    chance = np.random.default_rng(seed)
    shares = (pilot + production) / (n1 + n2)
    reached = made = 0
    block = 256
    while made < draws and reached < enough:
        size = min(block, draws - made)
        first = chance.multinomial(round(n1), shares, size) / n1
        second = chance.multinomial(round(n2), shares, size) / n2
        reached += int((np.abs(first - second).sum(axis=1) / 2 >= observed - 1e-12).sum())
        made += size
        block = min(2 * block, max(256, 1_000_000 // len(shares)))
    return observed, (reached + 1) / (made + 1)


def shared_level(
    least: Sequence[float], most: Sequence[float], weights: Sequence[float], budget: float, largest: float = 1.0
) -> tuple[float, float]:
    """The unit level t such that calling check i real at `chance <= t * weights[i]` costs at most `budget`.

    `least[i]` is the smallest chance that check i can attain given what both sides hold together, `most[i]` the
    probability that it raises a false alarm at any level. A check that cannot reach its level cannot raise a false
    alarm, so it takes no part of the budget (Tarone, Biometrics 1990, with weights): t is the largest value with
    sum(min(t * w_i, most_i) for all i with least_i <= t * w_i) <= budget. Returns t and that sum, the expected number
    of false alarms at most. t never exceeds `largest`.
    """
    low = np.asarray(least, np.float64)
    high = np.asarray(most, np.float64)
    weight = np.asarray(weights, np.float64)

    def cost(t: float) -> float:
        return float(np.minimum(t * weight, high)[low <= t * weight].sum())

    reaches, misses = 0.0, min(budget, largest)
    if cost(misses) <= budget:
        return misses, cost(misses)
    for _ in range(60):
        middle = (reaches + misses) / 2
        if cost(middle) <= budget:
            reaches = middle
        else:
            misses = middle
    return reaches, cost(reaches)


def novelty_ceiling(pooled: Mapping[int, int], pilot_of: int, of: int) -> float:
    """How likely, at most, production holds any item that the pilot lacks, if one process made both."""
    if not (pilot_of and of):
        return 0.0
    return min(1.0, sum(items * _all_on_one_side(copies, pilot_of, of) for copies, items in pooled.items()))


def rarefied(copies: NDArray[np.int64], items: NDArray[np.int64], rows: int, to: int) -> float:
    """How many distinct items a random `to` of `rows` rows hold, on average (Hurlbert, Ecology 1971).

    `copies` and `items`, both of shape (k,): so many distinct items occur so often.
    """
    if to >= rows:
        return float(items.sum())
    lost = [math.exp(_log_choose(rows - int(c), to) - _log_choose(rows, to)) if rows - c >= to else 0.0 for c in copies]
    return float((items * (1.0 - np.array(lost))).sum())
