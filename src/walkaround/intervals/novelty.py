"""Novelty: how likely one side holds so much that the other lacks; how many distinct items fewer rows would hold."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.intervals.shares import NEGLIGIBLE, log_choose

EXACT_ROWS: Final = 4096
"""Up to this many rows at stake the distribution of novelty is convolved exactly; past it, bounded (Chernoff)."""


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


def least_novelty_chance(pooled: Mapping[int, int], pilot_of: int, of: int) -> float:
    """The smallest value that `novelty_chance` can take for these items: every singleton falls into production."""
    if not (pilot_of and of):
        return 1.0
    log_chance = sum(
        items * math.log(max(_all_on_one_side(copies, pilot_of, of), 1e-300)) for copies, items in pooled.items()
    )
    return math.exp(max(log_chance, -700.0))


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
    lost = [math.exp(log_choose(rows - int(c), to) - log_choose(rows, to)) if rows - c >= to else 0.0 for c in copies]
    return float((items * (1.0 - np.array(lost))).sum())


def _coins_tail(reached: int, coins: Sequence[tuple[int, int, float]]) -> float:
    """How likely the coins sum to `reached` or more; each entry is (weight, number of coins, chance of each)."""
    at_stake = sum(weight * number for weight, number, _ in coins)
    if at_stake < reached:
        return 0.0
    if reached <= sum(weight * number * chance for weight, number, chance in coins):
        return 1.0
    return _convolved(reached, coins) if at_stake <= EXACT_ROWS else _chernoff(reached, coins)


def _all_on_one_side(copies: int, pilot_of: int, of: int) -> float:
    """The probability that all copies of an item fall into production: hypergeometric, C(of, c) / C(rows, c)."""
    if copies > of:
        return 0.0
    rows = pilot_of + of
    return math.exp(log_choose(rows - copies, of - copies) - log_choose(rows, of))


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
