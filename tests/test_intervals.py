"""The statistics against SciPy, brute force, and figures worked out by hand."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from walkaround import intervals

COUNTS = st.integers(0, 400)


def test_wilson_by_hand() -> None:
    """120 of 2,120 is 5.66 %, and its 95 % interval goes from 4.75 % to 6.73 %."""
    low, high = intervals.wilson(120, 2120)
    assert (round(low * 100, 2), round(high * 100, 2)) == (4.75, 6.73)


@pytest.mark.parametrize(("count", "of"), [(0, 10), (10, 10), (1, 3), (500, 1_000), (7, 10**9), (10**9, 10**9)])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.999])
def test_wilson_against_scipy(count: int, of: int, confidence: float) -> None:
    """Wilson's interval is SciPy's, at both ends of the scale and for a thousand million rows."""
    right = stats.binomtest(count, of).proportion_ci(confidence, method="wilson")
    low, high = intervals.wilson(count, of, confidence)
    assert low == pytest.approx(right.low, rel=1e-9, abs=1e-12)
    assert high == pytest.approx(right.high, rel=1e-9, abs=1e-12)
    assert low <= count / of <= high


def test_wilson_of_nothing() -> None:
    """Of no rows anything may be true."""
    assert intervals.wilson(0, 0) == (0.0, 1.0)


@settings(max_examples=150, deadline=None)
@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_rise_against_scipy(had: int, more: int, count: int, further: int) -> None:
    """The chance of a rise is the upper tail of the hypergeometric distribution."""
    pilot_of, of = had + more, count + further
    told = intervals.rise_chance(had, pilot_of, count, of)
    if not (pilot_of and of):
        assert told == 1.0
        return
    right = float(stats.hypergeom.sf(count - 1, pilot_of + of, had + count, of))
    assert told == pytest.approx(right, rel=1e-7, abs=1e-13)


@pytest.mark.parametrize(
    ("had", "pilot_of", "count", "of"),
    [
        (0, 2_000, 14, 2_000),
        (3, 1_000_000, 60, 900_000),
        (50_000, 1_000_000, 52_000, 1_000_000),
        (0, 30, 30, 30),
        (1_000, 1_000, 1_000, 1_000),
        (10, 100, 0, 100),
        (5, 10**7, 40, 10**7),
    ],
)
def test_rise_of_large_samples(had: int, pilot_of: int, count: int, of: int) -> None:
    """The tail keeps its digits for millions of rows and for chances of one in a million."""
    right = float(stats.hypergeom.sf(count - 1, pilot_of + of, had + count, of))
    assert intervals.rise_chance(had, pilot_of, count, of) == pytest.approx(right, rel=1e-4, abs=1e-14)


@pytest.mark.parametrize(("had", "count"), [(0, 0), (0, 1), (5, 0)])
def test_rise_of_nothing(had: int, count: int) -> None:
    """Without rows on a side, and without hits, nothing is unlikely."""
    assert intervals.rise_chance(0, 0, count, 10) == 1.0
    assert intervals.rise_chance(had, 10, 0, 0) == 1.0
    assert intervals.rise_chance(had, 10, 0, 10) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 60))
def test_least_chance_is_least(pilot_of: int, of: int, hits: int) -> None:
    """No way to share the hits between both sides is less likely than the least chance."""
    hits = min(hits, pilot_of + of)
    ways = [
        intervals.rise_chance(hits - count, pilot_of, count, of)
        for count in range(max(0, hits - pilot_of), min(hits, of) + 1)
    ]
    assert intervals.least_rise_chance(hits, pilot_of, of) == pytest.approx(min(ways, default=1.0))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 20), st.integers(30, 3_000), st.integers(30, 3_000), st.sampled_from([1e-2, 1e-3, 1e-5]))
def test_smallest_rise_is_smallest(had: int, pilot_of: int, of: int, level: float) -> None:
    """At the smallest rise the chance is within the level, and one row less is not."""
    rise = intervals.smallest_rise(had, pilot_of, of, level)
    if rise is None:
        assert intervals.rise_chance(had, pilot_of, of, of) > level
        return
    count = round((rise + had / pilot_of) * of)
    assert intervals.rise_chance(had, pilot_of, count, of) <= level
    assert intervals.rise_chance(had, pilot_of, count - 1, of) > level


def test_rows_to_decide_decide() -> None:
    """The sample that would decide does, and one a quarter smaller does not."""
    rows = intervals.rows_to_decide(0, 2_000, 0.006, 1e-4)
    assert rows is not None
    assert intervals.rise_chance(0, 2_000, round(0.006 * rows), rows) <= 1e-4
    assert intervals.rise_chance(0, 2_000, round(0.006 * rows * 0.75), round(rows * 0.75)) > 1e-4
    assert intervals.rows_to_decide(0, 3, 0.006, 1e-4) is None
    assert intervals.rows_to_decide(0, 0, 0.5, 0.1) is None


def test_beyond_against_simulation() -> None:
    """Rows past the pilot's extremes: the chance bounds how often a second sample has so many beyond the first's."""
    chance = np.random.default_rng(3)
    drawn = chance.random((20_000, 300))
    low, high = drawn[:, :200].min(axis=1), drawn[:, :200].max(axis=1)
    other = drawn[:, 200:]
    beyond = ((other < low[:, None]) | (other > high[:, None])).sum(axis=1)
    for count in (1, 2, 4, 6):
        seen = float((beyond >= count).mean())
        told = intervals.beyond_chance(0, 200, count, 100)
        assert seen * 0.8 - 0.002 <= told
        assert told <= 4 * seen + 0.01


def split_novelty(values: np.ndarray, pilot_of: int, draws: int) -> list[tuple[int, int]]:
    """Rows and items that one side lacks, over random splits."""
    chance = np.random.default_rng(7)
    found = []
    for _ in range(draws):
        mixed = chance.permutation(values)
        pilot, production = mixed[:pilot_of], mixed[pilot_of:]
        new = production[~np.isin(production, pilot)]
        found.append((len(new), len(np.unique(new))))
    return found


@pytest.mark.parametrize(
    "copies",
    [[50, 30, 10, 2, 2, 1, 1, 1, 1, 1, 1], [3] * 12 + [60], [1] * 40 + [100], [8, 8, 80]],
    ids=["a long tail", "triples", "singletons", "few values"],
)
def test_novelty_against_random_splits(copies: list[int]) -> None:
    """How likely production holds so much that is new: at least what random splits show, and not absurdly more."""
    values = np.repeat(np.arange(len(copies)), copies)
    pilot_of = len(values) // 2
    of = len(values) - pilot_of
    pooled = dict(Counter(copies))
    seen = split_novelty(values, pilot_of, 3_000)
    for rows, items in {*seen[:40], max(seen), (sum(copies) // 2, 3)}:
        right = np.mean([r >= rows or i >= items for r, i in seen])
        told = intervals.novelty_chance(rows, items, pooled, pilot_of, of)
        both = np.mean([r >= rows and i >= items for r, i in seen])
        assert told >= both * 0.75 - 0.005, (rows, items)
        if rows and right < 0.05:
            assert told <= 12 * right + 0.02, (rows, items)
    assert intervals.novelty_chance(0, 0, pooled, pilot_of, of) == 1.0


def test_novelty_ceiling_against_random_splits() -> None:
    """Any new item at all is at most as likely as its ceiling says."""
    copies = [9, 7, 6, 5, 5]
    seen = split_novelty(np.repeat(np.arange(5), copies), 16, 4_000)
    share = np.mean([rows > 0 for rows, _ in seen])
    ceiling = intervals.novelty_ceiling(Counter(copies), 16, 16)
    assert share <= ceiling + 0.01
    assert ceiling <= 1.2 * share + 0.01


def test_novelty_of_many_rows_is_bounded() -> None:
    """Past a few thousand rows the tail is bounded from above: never below what the exact sum would say."""
    pooled = {1: 6_000, 50: 20}
    told = intervals.novelty_chance(3_200, 3_200, pooled, 5_000, 5_000)
    exact = float(stats.binom.sf(3_199, 6_000, 0.5))
    assert exact / 2 <= told <= 1e-4
    assert intervals.novelty_chance(3_000, 3_000, pooled, 5_000, 5_000) == 1.0


def test_novelty_without_a_side() -> None:
    """Where a side is empty, nothing can be told."""
    assert intervals.novelty_chance(5, 5, {1: 5}, 0, 5) == 1.0
    assert intervals.least_novelty_chance({1: 5}, 0, 5) == 1.0
    assert intervals.novelty_ceiling({1: 5}, 5, 0) == 0.0


@pytest.mark.parametrize("seed", range(3))
def test_distance_against_permutation(seed: int) -> None:
    """The chance of a distance between histograms is what permuting the rows says, within simulation's error."""
    chance = np.random.default_rng(seed)
    one = chance.choice(6, 400, p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05])
    other = chance.choice(6, 300, p=[0.36, 0.2, 0.2, 0.1, 0.08, 0.06])
    first, second = (np.bincount(part, minlength=6).astype(np.float64) for part in (one, other))
    distance, told = intervals.distance_chance(first, second, seed=1, enough=400)
    assert distance == pytest.approx(float(np.abs(first / 400 - second / 300).sum() / 2))
    both = np.concatenate([one, other])
    reached = 0
    for _ in range(2_000):
        mixed = chance.permutation(both)
        a, b = np.bincount(mixed[:400], minlength=6), np.bincount(mixed[400:], minlength=6)
        reached += np.abs(a / 400 - b / 300).sum() / 2 >= distance - 1e-12
    assert told == pytest.approx(reached / 2_000, abs=0.05)


def test_distance_of_the_same_and_of_nothing() -> None:
    """A histogram is at no distance from itself; an empty one from anything."""
    one = np.array([5.0, 10.0])
    assert intervals.distance_chance(one, one, seed=1) == (0.0, pytest.approx(1.0, abs=0.01))
    assert intervals.distance_chance(one, np.zeros(2), seed=1) == (0.0, 1.0)
    assert intervals.distance_chance(one * 100, one[::-1] * 100, seed=1)[1] < 1e-4


checks = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 4)).map(lambda t: (min(t[:2]), max(t[:2]), t[2])),
    min_size=1,
    max_size=30,
)


@settings(max_examples=100, deadline=None)
@given(checks, st.floats(0.001, 0.5))
def test_budget_is_kept(each: list[tuple[float, float, float]], budget: float) -> None:
    """Whatever the checks, together they cost at most the budget, and what is told is what they cost."""
    least, most, weights = (list(part) for part in zip(*each, strict=True))
    level, cost = intervals.shared_level(least, most, weights, budget)
    right = sum(min(level * w, m) for low, m, w in each if low <= level * w)
    assert cost == pytest.approx(right, abs=1e-9)
    assert cost <= budget * (1 + 1e-9)


def test_checks_that_cannot_alarm_cost_nothing() -> None:
    """Tarone's rule: of a hundred checks that cannot reach their level, none takes a part of the budget."""
    alone, _ = intervals.shared_level([0.0], [1.0], [1.0], 0.05)
    among, _ = intervals.shared_level([0.0] + [0.9] * 100, [1.0] * 101, [1.0] * 101, 0.05)
    able, _ = intervals.shared_level([0.0] * 101, [1.0] * 101, [1.0] * 101, 0.05)
    assert among == pytest.approx(alone)
    assert able == pytest.approx(0.05 / 101, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(checks, st.floats(0.001, 0.2))
def test_more_budget_is_no_lower_level(each: list[tuple[float, float, float]], budget: float) -> None:
    """A larger budget never takes from the level that one check has when all can alarm."""
    most, weights = [m for _, m, _ in each], [w for _, _, w in each]
    zeros = [0.0] * len(each)
    small, _ = intervals.shared_level(zeros, most, weights, budget)
    large, _ = intervals.shared_level(zeros, most, weights, 2 * budget)
    assert large >= small * (1 - 1e-9)


@pytest.mark.parametrize(("rows", "to"), [(60, 20), (60, 60), (60, 1), (60, 100)])
def test_rarefied_against_draws(rows: int, to: int) -> None:
    """Distinct items in a random part of the rows: what drawing shows on average."""
    copies = [20, 20, 10, 5, 1, 1, 1, 1, 1]
    values = np.repeat(np.arange(len(copies)), copies)
    assert len(values) == rows
    sizes, items = np.unique(copies, return_counts=True)
    chance = np.random.default_rng(9)
    drawn = [len(np.unique(chance.permutation(values)[:to])) for _ in range(2_000)]
    assert intervals.rarefied(sizes, items, rows, to) == pytest.approx(float(np.mean(drawn)), abs=0.1)


def test_rarefied_to_one_row() -> None:
    """One row holds one item."""
    assert intervals.rarefied(np.array([3, 7]), np.array([1, 1]), 10, 1) == pytest.approx(1.0)
    assert not math.isnan(intervals.rarefied(np.array([10**6]), np.array([5]), 5 * 10**6, 100))
