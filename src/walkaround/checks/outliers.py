"""OUT001: numbers outside the pilot's fences.

A model extrapolates beyond what it saw, without saying so. A share of production outside the range that the pilot
filled is a share of answers that nobody tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.columns import Table
from walkaround.intervals import beyond_chance, least_rise_chance
from walkaround.measures.column.numbers import Numbers
from walkaround.measures.identifiers import is_identifier
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

REACH: Final = 3.0
"""Tukey's outer fences: three interquartile ranges beyond the quartiles (Exploratory Data Analysis, 1977)."""
SKEWED: Final = 3.0
"""Positive numbers whose upper quartile is further from the median than this many times the lower are fenced on a
logarithmic scale, where their tail is no news."""


Bounds = tuple[float, float]
BOUNDS: Final = ("outside_fences_rate", "beyond_range_rate")
"""The two facts: outside Tukey's fences, and beyond the pilot's smallest and largest number. The first sees many far
values in a column that has some, the second few values in a column that has none."""


def bounds(numbers: Numbers, fact: str) -> Bounds:
    """The numbers that each fact calls inside: the pilot's fences, never wider than its range; or its range."""
    if fact == "beyond_range_rate":
        return numbers.minimum, numbers.maximum
    first, median, third = numbers.quantile(0.25), numbers.quantile(0.5), numbers.quantile(0.75)
    if first is None or median is None or third is None or third <= first:
        return numbers.minimum, numbers.maximum
    if numbers.minimum > 0 and third - median > SKEWED * max(median - first, 1e-300):
        spread = np.log(third) - np.log(first)
        low = float(np.exp(np.log(first) - REACH * spread))
        high = float(np.exp(min(np.log(third) + REACH * spread, 700.0)))
    else:
        low, high = first - REACH * (third - first), third + REACH * (third - first)
    return max(low, numbers.minimum), min(high, numbers.maximum)


def outside(numbers: Numbers, low: float, high: float) -> int:
    """How many numbers lie outside; buckets that hold the fence itself count as inside."""
    slack = 1 / 256
    low, high = low - abs(low) * slack, high + abs(high) * slack
    return numbers.finite - numbers.within(low, high) + numbers.infinite


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's own share outside its fences, and the tolerance; none beyond its range but the tolerance."""
    for column, state in pilot.columns_with(Numbers):
        if state.finite and not is_identifier(column):
            for fact in BOUNDS:
                count = outside(state, *bounds(state, fact))
                if fact == "outside_fences_rate" and not count:
                    continue  # then its fences are its range
                why = (
                    "so many of the pilot's numbers lie outside its own fences"
                    if count
                    else "none of the pilot's numbers do"
                )
                yield limit(CHECK, policy, fact, column.name, count, state.count, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The shares of numbers outside the pilot's fences, and beyond its range."""
    for name, before, after in pairs(pilot, production, Numbers):
        for fact in BOUNDS if before.finite else ():
            low, high = bounds(before, fact)
            had, count = outside(before, low, high), outside(after, low, high)
            yield Fact(
                fact,
                (name,),
                count / after.count if after.count else None,
                count,
                after.count,
                pilot_count=had,
                pilot_of=before.count,
                chance=beyond_chance(had, before.count, count, after.count),
                least_chance=least_rise_chance(had + count, before.count, after.count),
            )


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose number is outside; where the pilot has some outside its own fences, those beyond its range."""
    name = outcome.columns[0]
    state = pilot.columns[name].get(Numbers)
    fact = "beyond_range_rate" if outcome.pilot else outcome.fact
    low, high = bounds(state, fact) if state else (-np.inf, np.inf)
    slack = 1 / 256
    numbers = table.columns[name].number_of_row
    return np.asarray((numbers < low - abs(low) * slack) | (numbers > high + abs(high) * slack))


def message(outcome: Outcome) -> str:
    """How many, outside of what."""
    beyond = outcome.fact == "beyond_range_rate"
    return words.rate("lies beyond all numbers of the pilot" if beyond else "lies outside the pilot's fences")(outcome)


CHECK = Check(
    code="OUT001",
    title="Outside the pilot's fences",
    dimension="outliers",
    severity="warning",
    of="non-missing numbers",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "Fences are the pilot's quartiles and three interquartile ranges beyond, on a logarithmic scale where it "
        "is skewed, and never wider than its range. Numbers outside, of all numbers, against the pilot's own share; "
        "and numbers beyond the pilot's smallest and largest, of which it has none."
    ),
    false_alarms="Amounts that grow with time, in a production much later than the pilot.",
    remedy="Look whether these are errors, another unit, or a part of the world that the pilot left out.",
    message=message,
    limits=limits,
    facts=facts,
    cells=cells,
)
