"""Design effects: by hand, by counting out every sample there is, and by drawing from populations that are known."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from walkaround.intervals import design_effect, wilson
from walkaround.intervals.design import FEWEST, LOWEST, TAIL, DesignEffect, inflation


def effect(residuals: list[float], strata: list[int] | None, rows: int, variance: float, **more: Any) -> DesignEffect:
    told = None if strata is None else np.array(strata)
    found = design_effect(np.array(residuals, np.float64), told, rows, variance, **more)
    assert found is not None
    return found


def test_clusters_by_hand() -> None:
    """Pages of 10 rows with 10, 0, 10 and 0 hits: residuals 5, -5, 5, -5; 4/3 of 100 over 40 rows of variance 1/4."""
    found = effect([5, -5, 5, -5], None, 40, 0.25)
    assert found.value == pytest.approx((4 / 3 * 100) / 10)
    assert (found.units, found.freedom) == (4, 3)


def test_one_unit_of_each_stratum_by_hand() -> None:
    """Residuals 1, -2, 3, -2, 0: second differences 8, -10 and 7, so 5 (64 + 100 + 49) / (6 * 3)."""
    found = effect([1, -2, 3, -2, 0], [0, 1, 2, 3, 4], 50, 0.2)
    assert found.value == pytest.approx(5 * 213 / 18 / 10)
    assert found.freedom == pytest.approx(3 * 18 / 35)


def test_two_strata_have_one_difference() -> None:
    """Residuals 3 and -3: (3 + 3) squared, of 20 rows of variance 1/4."""
    found = effect([3, -3], [0, 1], 20, 0.25)
    assert found.value == pytest.approx(36 / 5)
    assert found.freedom == 1


def test_several_units_of_each_stratum_by_hand() -> None:
    """Strata of residuals (4, 2) and (-1, -2, -3): 2/1 of 2 and 3/2 of 2. The strata's own levels cost nothing."""
    found = effect([4, 2, -1, -2, -3], [0, 0, 1, 1, 1], 50, 0.2)
    assert found.value == pytest.approx((2 * 2 + 1.5 * 2) / 10)
    assert found.freedom == 1 + 2


def test_a_stratum_with_one_unit_joins_its_neighbour() -> None:
    """Of strata (4, 2), (0) and (5, 7) the lone one is taken with the first: residuals 4, 2, 0 and 5, 7."""
    found = effect([4, 2, 0, 5, 7], [0, 0, 1, 2, 2], 10, 1.0)
    assert found.value == pytest.approx((1.5 * 8 + 2 * 2) / 10)
    assert effect([0, 4, 2], [0, 1, 1], 10, 1.0).value == pytest.approx(1.5 * 8 / 10)


def test_a_trend_costs_nothing() -> None:
    """Where units follow the table in a straight line, second differences are none at all."""
    assert effect(list(range(-10, 11)), list(range(21)), 210, 0.25).value == pytest.approx(0.0)


def test_nothing_varies() -> None:
    """A share of none has no design effect; nor has a sample without rows."""
    assert design_effect(np.zeros(5), None, 50, 0.0) is None
    assert design_effect(np.empty(0), None, 0, 0.25) is None


def test_one_unit_is_one_row() -> None:
    """From one page nothing is known of others: its 500 rows count as one."""
    found = effect([0.0], None, 500, 0.25)
    assert found.cautious(500) == 500


def test_the_fraction_that_was_seen() -> None:
    """Of half a table half of the variance is no sampling error, but the table's own; of all of it the effect is 1."""
    whole = effect([5, -5, 5, -5], None, 40, 0.25).value
    assert effect([5, -5, 5, -5], None, 40, 0.25, fraction=0.5).value == pytest.approx(whole / 2 + 0.5)
    assert effect([5, -5, 5, -5], None, 40, 0.25, fraction=1.0).value == 1.0


def test_clusters_against_every_sample() -> None:
    """Over all samples of 3 of 6 pages of 3 rows, the estimate of the variance of the hits is right on average."""
    hits = [0, 3, 1, 2, 0, 3]
    samples = list(combinations(hits, 3))
    true = np.var([sum(sample) for sample in samples])
    told = []
    for sample in samples:
        share = sum(sample) / 9
        found = design_effect(np.array(sample) - 3 * share, None, 9, 0.25)
        assert found is not None
        told.append(found.value * 9 * 0.25 * (1 - 3 / 6))  # drawn without repetition, of 6
    assert np.mean(told) == pytest.approx(true)


def test_strata_against_every_sample() -> None:
    """Two of three pages from each of two strata: over all nine samples the within-strata variance is right."""
    strata = [[0, 3, 1], [2, 0, 3]]
    samples = [(*one, *two) for one, two in product(*(combinations(pages, 2) for pages in strata))]
    true = np.var([sum(sample) for sample in samples])
    told = []
    for sample in samples:
        found = design_effect(np.array(sample, np.float64), np.array([0, 0, 1, 1]), 12, 0.25)
        assert found is not None
        told.append(found.value * 12 * 0.25 * (1 - 2 / 3))
    assert np.mean(told) == pytest.approx(true)


def test_one_of_each_stratum_never_says_too_little() -> None:
    """One of two pages of each of five strata: over all 32 samples the second differences say no less than the truth,
    and for pages in no order not much more.
    """
    for strata in ([[0, 3], [1, 2], [3, 0], [2, 2], [0, 1]], [[0, 0], [1, 1], [2, 2], [3, 3], [5, 5]]):
        samples = list(product(*strata))
        true = np.var([sum(sample) for sample in samples])
        told = []
        for sample in samples:
            found = design_effect(np.array(sample, np.float64), np.arange(5), 15, 0.25)
            assert found is not None
            told.append(found.value * 15 * 0.25)
        assert true <= np.mean(told) <= 2 * true + 1


@pytest.mark.parametrize("freedom", [4, 8, 24, 100, 1_000])
def test_few_units_are_doubted(freedom: int) -> None:
    """Student's quantile over the normal one, squared, as SciPy has it, to 7 % at 4 degrees and 1 % from 8 on."""
    right = (stats.t.ppf(1 - TAIL, freedom) / stats.norm.ppf(1 - TAIL)) ** 2
    assert inflation(freedom) == pytest.approx(right, rel=0.07 if freedom < 8 else 0.01)


def test_what_rows_are_divided_by() -> None:
    """Above 1 the effect is inflated for few units; below 1 drawn to 1 where units are few, and never under the floor;
    with next to no units each counts as a row.
    """
    assert DesignEffect(40, 25, 24).cautious(10_000) == pytest.approx(40 * inflation(24))
    assert DesignEffect(0.5, 1_000, 500).cautious(10_000) == pytest.approx(0.5 * inflation(500))
    assert DesignEffect(0.1, 31, 15).cautious(10_000) == pytest.approx(0.55 * inflation(15))
    assert DesignEffect(0.0, 1_000, 500).cautious(10_000) == LOWEST
    assert DesignEffect(0.1, 4, FEWEST - 1).cautious(10_000) == 2_500


ROWS, PAGE = 200_000, 40


def drawn(pages: int, thinning: int, seed: int, *, strata: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of a sample of pages, and the number of the unit of each: one page of each stratum, or pages at will."""
    chance = np.random.default_rng([seed, 29])
    bounds = np.arange(pages + 1) * (ROWS // PAGE) // pages
    page = (
        chance.integers(bounds[:-1], bounds[1:])
        if strata
        else np.sort(chance.choice(ROWS // PAGE, pages, replace=False))
    )
    rows = (page[:, None] * PAGE + np.arange(PAGE)).ravel()
    kept = chance.random(len(rows)) < 1 / thinning
    return rows[kept], np.repeat(np.arange(pages), PAGE)[kept]


def covered(missing: NDArray[np.bool_], pages: int, thinning: int, *, strata: bool, seeds: int = 200) -> float:
    """How often the 95 % interval of the missing rate holds the truth."""
    truth, held = float(missing.mean()), 0
    for seed in range(seeds):
        rows, units = drawn(pages, thinning, seed, strata=strata)
        of, hits = len(rows), int(missing[rows].sum())
        share = hits / of
        sizes, counts = np.bincount(units, minlength=pages), np.bincount(units, missing[rows], pages)
        there = sizes > 0
        residuals = (counts - share * sizes)[there]
        strata_of = np.flatnonzero(there) if strata else None
        found = design_effect(residuals, strata_of, of, share * (1 - share), of / ROWS)
        assert found is not None
        weight = 1 / found.cautious(of)
        low, high = wilson(hits * weight, of * weight)
        held += low <= truth <= high
    return held / seeds


CHANCE = np.random.default_rng(41)
TIME = np.arange(ROWS) / ROWS
COLUMNS = {
    "at random": CHANCE.random(ROWS) < 0.08,
    "the oldest tenth": TIME < 0.1,
    "a trend": CHANCE.random(ROWS) < 0.4 * TIME,
    "outages": np.repeat(CHANCE.random(ROWS // 500) < 0.1, 500),
    "rare": CHANCE.random(ROWS) < 0.005,
}


@pytest.mark.parametrize("name", ["at random", "the oldest tenth", "a trend", "rare"])
def test_intervals_of_stratified_samples_cover(name: str) -> None:
    """One page of each of 1,000 strata of a table in order of time, one in four rows kept: over 200 seeds the 95 %
    interval of the missing rate covers in 92 to 98 %, whether missing rows are clustered or not.
    """
    share = covered(COLUMNS[name], 1_000, 4, strata=True)
    assert 0.92 <= share <= 0.98, share


def test_outages_are_covered() -> None:
    """Where missing rows come in stretches longer than a stratum, neighbours differ more than a stratum does within:
    the interval is wider than it need be, and never too narrow.
    """
    assert covered(COLUMNS["outages"], 1_000, 4, strata=True) >= 0.92


@pytest.mark.parametrize("name", ["at random", "a trend", "outages"])
def test_intervals_of_clustered_samples_cover(name: str) -> None:
    """Pages that an engine chose, 250 of them whole: the same."""
    assert 0.92 <= covered(COLUMNS[name], 250, 1, strata=False) <= 0.98


def test_without_a_design_effect_they_do_not() -> None:
    """The other side of the tests above: taken for rows drawn one by one, pages of outages cover far too seldom."""
    missing, held = COLUMNS["outages"], 0
    for seed in range(200):
        rows, _ = drawn(250, 1, seed, strata=False)
        low, high = wilson(int(missing[rows].sum()), len(rows))
        held += low <= missing.mean() <= high
    assert held / 200 < 0.6


def test_a_wrong_design_is_told_apart() -> None:
    """Pages chosen at will in a table in order of time: as strata they would look a hundred times better than they are,
    so the estimator goes by what the sample says of itself.
    """
    missing = COLUMNS["the oldest tenth"]
    rows, units = drawn(250, 1, 3, strata=False)
    counts, share = np.bincount(units, missing[rows], 250), float(missing[rows].mean())
    residuals = counts - share * PAGE
    right = design_effect(residuals, None, len(rows), share * (1 - share))
    wrong = design_effect(residuals, np.arange(250), len(rows), share * (1 - share))
    assert right is not None
    assert wrong is not None
    assert right.value == pytest.approx(PAGE, rel=0.05)
    assert wrong.value < 1
    assert math.isfinite(wrong.value)
