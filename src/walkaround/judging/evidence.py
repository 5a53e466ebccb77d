"""Evidence: is a rise real, or is it chance? One question for each outcome, one budget for all of a run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from walkaround.intervals import ODDITY, least_rise_chance, rise_chance, shared_level, smallest_rise
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit

WEIGHTS: Final = {"critical": 3.0, "warning": 1.0, "info": 0.0}
"""Shares of the budget: a critical check may take three times what a warning may, what is only told takes none."""
OWN_WEIGHT: Final = {
    "FMT003": 2.0, "CAT001": 2.0, "DRF001": 0.25, "FMT005": 0.25, "FMT006": 0.25, "OUT002": 0.5, "OUT003": 0.5,
}  # fmt: skip
"""More for the two warnings that see what nothing else does; less for checks that are asked of every column, and whose
defects another check mostly sees as well."""
LARGEST: Final = 1 / 40
"""No single check may take more of the budget than this, however few there are: a small table is no reason to be
rash."""
PLENTY: Final = 500
"""Hits from which the normal approximation of the smallest rise is good to two digits."""

ROUNDING: Final = 1e-9
"""What whole numbers lose by being divided and multiplied again."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a comparison of counts says: `chance` of this or more if nothing changed, the `least` it could have been,
    and the `ceiling` of a false alarm at any level. All None where chance has no part.
    """

    chance: float | None = None
    least: float | None = None
    ceiling: float | None = None


def production_counts(fact: Fact) -> tuple[int | None, int | None]:
    """Hits and rows of production, as whole numbers of independent ones.

    The hits are rounded down and the rows with them, so that the share stays and nothing is claimed that is not there.
    """
    if fact.effective is None or not fact.of:
        return fact.count, fact.of
    of = max(1, round(fact.effective))
    if not fact.count:
        return fact.count, of
    hits = math.floor(fact.count * fact.effective / fact.of + ROUNDING)
    return hits, round(hits * fact.of / fact.count) if hits else of


def pilot_counts(limit: Limit, fact: Fact) -> tuple[int | None, int | None]:
    """The same of the pilot, in the figures that the fact brings or the limit holds; its hits are never rounded away,
    as a pilot without any is held to more.
    """
    had, of = limit.pilot.count, limit.pilot.of
    if fact.pilot_of is not None and fact.pilot_count is not None:
        had, of = fact.pilot_count, fact.pilot_of
    if fact.pilot_divisor is None or not of:
        return had, of
    hits = None if had is None else max(1, round(had / fact.pilot_divisor)) if had else 0
    return hits, max(hits or 1, round(of / fact.pilot_divisor))


def evidence(limit: Limit, fact: Fact) -> Evidence:
    """The evidence for one fact against one limit."""
    if limit.evidence == "certain":
        return Evidence()
    if limit.evidence == "own":
        if fact.chance is None:
            return Evidence()
        return Evidence(fact.chance, fact.least_chance or 0.0, 1.0 if fact.ceiling is None else fact.ceiling)
    (had, pilot_of), (count, of) = pilot_counts(limit, fact), production_counts(fact)
    if had is None or pilot_of is None or count is None or of is None:
        return Evidence()
    seen = ODDITY if had == 0 else 1.0
    least = least_rise_chance(had + count, pilot_of, of)
    ceiling = _ceiling(limit, had + count, pilot_of, of)
    return Evidence(seen * rise_chance(had, pilot_of, count, of), seen * least, seen * ceiling)


def _ceiling(limit: Limit, hits: int, pilot_of: int, of: int) -> float:
    """How likely chance alone carries this many hits of both sides past the tolerance, whatever the level."""
    if not (pilot_of and of and hits):
        return 0.0
    # the smallest count x with x / of > (hits - x) / pilot_of + tolerance
    past = math.floor((hits / pilot_of + limit.tolerance) / (1 / of + 1 / pilot_of)) + 1
    return 0.0 if past > min(hits, of) else rise_chance(hits - past, pilot_of, past, of)


def levels(limits: Sequence[Limit], told: Sequence[Evidence], budget: float) -> tuple[list[float | None], float]:
    """The level of each check such that the whole run expects at most `budget` false failures, and what it expects."""
    tested = [place for place, found in enumerate(told) if found.chance is not None]
    weights = [OWN_WEIGHT.get(limits[place].code, WEIGHTS[limits[place].severity]) for place in tested]
    least = [told[place].least or 0.0 for place in tested]
    ceiling = [1.0 if (most := told[place].ceiling) is None else most for place in tested]
    unit, expected = shared_level(least, ceiling, weights, budget, LARGEST * budget)
    shared: list[float | None] = [None] * len(limits)
    for place, weight in zip(tested, weights, strict=True):
        shared[place] = unit * weight if weight else budget
    return shared, expected


def detectable(limit: Limit, fact: Fact, level: float | None) -> float | None:
    """The smallest rise over the pilot that would have been called real; None where there is none."""
    (had, pilot_of), (count, of) = pilot_counts(limit, fact), production_counts(fact)
    if level is None or had is None or not pilot_of or not of or count is None:
        return None
    level = min(max(level, 1e-12), 0.5)
    if had > PLENTY:
        share = had / pilot_of
        spread = math.sqrt(share * (1 - share) * (1 / pilot_of + 1 / of))
        return min(1.0, NormalDist().inv_cdf(1 - level) * spread)
    return smallest_rise(had, pilot_of, of, level)
