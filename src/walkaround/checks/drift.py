"""DRF001: the distribution of a column moved.

Every value may be valid and the mix be another: other ages, other regions, other amounts. The model's accuracy was
measured on the old mix.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import pairs
from walkaround.intervals import distance_chance
from walkaround.measures.column.categories import MOST
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.numbers import Numbers, middle_of
from walkaround.measures.effects import effects_of
from walkaround.measures.identifiers import is_identifier
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import ColumnProfile, TableProfile

MATERIAL: Final = 0.1
"""A tenth of the rows must have moved to another bin before a difference is called drift (total variation distance)."""
BINS: Final = 10
"""Bins of the pilot's numbers, at its deciles."""
COMMON: Final = 10
"""Rows of both sides together from which a value has a bin of its own; rarer ones fall by luck into one side."""
FEWEST: Final = 30
"""Values that a side must have for its shares to be worth comparing."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The material distance, for columns of numbers and of few values."""
    for column in pilot.columns.values():
        if _form(column):
            distance = policy.tolerated(CHECK.code, MATERIAL, column.name)
            why = f"less than {words.share(distance)} of the rows in another bin is no material change"
            yield Limit(CHECK.code, "distance", (column.name,), distance, CHECK.severity, PilotFigure(0.0), why,
                        tolerance=distance, evidence="own")  # fmt: skip


def _form(column: ColumnProfile) -> str:
    """How a column is binned: by number, by value, or not at all."""
    distinct, numbers = column.get(Distinct), column.get(Numbers)
    if is_identifier(column):
        return ""
    few = distinct is not None and distinct.sketch.complete and len(distinct.sketch.hashes) <= MOST
    if few and distinct is not None and distinct.sketch.rows >= FEWEST:
        return "values"
    if numbers is not None and distinct is not None and numbers.finite >= max(FEWEST, 0.9 * distinct.sketch.rows):
        return "numbers"
    return ""


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """Total variation distance over the pilot's bins, and how likely one process gives as much.

    Where rows were drawn in clusters, of effective sizes.
    """
    effects = effects_of(pilot), effects_of(production)
    for name, before, after in pairs(pilot, production, Distinct):
        form = _form(pilot.columns[name])
        if form == "values" and before.hashed_as == after.hashed_as:
            old, new = _by_value(before, after)
        elif form == "numbers":
            numbers, others = pilot.columns[name].get(Numbers), production.columns[name].get(Numbers)
            if numbers is None or others is None:
                continue
            edges = _deciles(numbers)
            old, new = _binned(numbers, edges), _binned(others, edges)
        else:
            continue
        if old.sum() >= FEWEST and new.sum() >= FEWEST:
            divisors = [
                side[name].divisor("distance", counts.sum()) if name in side else 1.0
                for side, counts in zip(effects, (old, new), strict=True)
            ]
            distance, chance = distance_chance(
                old / divisors[0], new / divisors[1], seed=zlib.crc32(name.encode("utf-8", "replace"))
            )
            clustered = any(effects)
            yield Fact("distance", (name,), distance, None, int(new.sum()), pilot_count=0, pilot_of=int(old.sum()),
                       chance=chance, least_chance=0.0, effective=new.sum() / divisors[1] if clustered else None,
                       pilot_divisor=divisors[0] if clustered else None)  # fmt: skip


def _by_value(before: Distinct, after: Distinct) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts by value, (bins,) each; values that are rare in both together share one more bin.

    What is common is told from both sides: bins picked by what one side has would differ by their making.
    """
    values, codes = np.unique(np.concatenate([before.sketch.hashes, after.sketch.hashes]), return_inverse=True)
    split = len(before.sketch.hashes)
    sides = []
    for part, sketch in ((codes[:split], before.sketch), (codes[split:], after.sketch)):
        counts = np.zeros(len(values))
        np.add.at(counts, part, sketch.counts)
        sides.append(counts)
    common = sides[0] + sides[1] >= COMMON
    old, new = (np.append(counts[common], counts[~common].sum()) for counts in sides)
    return old, new


def _deciles(numbers: Numbers) -> NDArray[np.float64]:
    cuts = [numbers.quantile(place / BINS) for place in range(1, BINS)]
    return np.unique(np.array([cut for cut in cuts if cut is not None]))


def _binned(numbers: Numbers, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    middles = middle_of(numbers.buckets) if len(numbers.buckets) else np.empty(0)
    return np.bincount(np.searchsorted(edges, middles, side="left"), numbers.counts, len(edges) + 1).astype(np.float64)


def message(outcome: Outcome) -> str:
    """How much moved."""
    return (
        f"{words.share(outcome.observed)} of {words.where(outcome)} would have to move to another bin to look like "
        f"the pilot; up to {words.share(outcome.limit)} is no material change"
    )


CHECK = Check(
    code="DRF001",
    title="The distribution moved",
    dimension="drift",
    severity="warning",
    of="non-missing",
    tolerance=MATERIAL,
    computed=(
        "Total variation distance between pilot and production over the pilot's deciles, or its values where it has at "
        "most 100. It fails only past a tenth and past what two samples of these sizes from one process would show "
        "(simulated)."
    ),
    false_alarms="A season, a campaign, a new region: real, and perhaps known.",
    remedy="Ask whether the change is meant. Measure the model on recent rows before it is trusted with them.",
    message=message,
    limits=limits,
    facts=facts,
)
