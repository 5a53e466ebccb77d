"""Distance: how far two distributions are apart, and how far chance alone would bring them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def distance_chance(
    pilot: NDArray[np.float64], production: NDArray[np.float64], seed: int, draws: int = 20_000, enough: int = 25
) -> tuple[float, float]:
    """Total variation distance of two histograms, and how likely one process gives that much or more.

    `pilot` and `production` are counts by bin, of shape (bins,): effective counts, where a sample is clustered. The
    null is simulated: both sides are drawn from the pooled shares, until `enough` draws reached the distance or `draws`
    were made (sequential Monte Carlo, Besag and Clifford, 1991). The chance is at least 1 / (draws + 1).
    """
    n1, n2 = float(pilot.sum()), float(production.sum())
    if not (n1 and n2):
        return 0.0, 1.0
    observed = float(np.abs(pilot / n1 - production / n2).sum() / 2)
    chance = np.random.default_rng(seed)
    shares = (pilot + production) / (n1 + n2)
    first_rows, second_rows = max(1, round(n1)), max(1, round(n2))
    reached = made = 0
    block = 256
    while made < draws and reached < enough:
        size = min(block, draws - made)
        first = chance.multinomial(first_rows, shares, size) / first_rows
        second = chance.multinomial(second_rows, shares, size) / second_rows
        reached += int((np.abs(first - second).sum(axis=1) / 2 >= observed - 1e-12).sum())
        made += size
        block = min(2 * block, max(256, 1_000_000 // len(shares)))
    return observed, (reached + 1) / (made + 1)
