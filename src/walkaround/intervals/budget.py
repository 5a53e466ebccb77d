"""Budget: how the false alarms that a run may make are shared among its checks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


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
