"""OUT002: numbers in another unit or scale.

Cents for euros, grams for kilograms, inches for centimetres: every value is plausible to a parser and wrong by one
factor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.checks.outliers import BOUNDS, Bounds, bounds
from walkaround.columns import Table
from walkaround.intervals import ODDITY, least_rise_chance, rise_chance
from walkaround.measures.column.numbers import Numbers, middle_of
from walkaround.measures.identifiers import is_identifier
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

FACTORS: Final[dict[str, float]] = {
    "x10": 10.0, "x100": 100.0, "x1000": 1000.0, "x1000000": 1e6, "/10": 0.1, "/100": 0.01, "/1000": 0.001,
    "/1000000": 1e-6, "x25.4 (inch to mm)": 25.4, "/25.4 (mm to inch)": 1 / 25.4, "x2.54 (inch to cm)": 2.54,
    "/2.54 (cm to inch)": 1 / 2.54, "x0.4536 (pound to kg)": 0.45359237, "x2.2046 (kg to pound)": 1 / 0.45359237,
    "x0.3048 (foot to m)": 0.3048, "x3.2808 (m to foot)": 1 / 0.3048, "x1.609 (mile to km)": 1.609344,
    "x0.6214 (km to mile)": 1 / 1.609344,
}  # fmt: skip
"""Scales between which people change in the middle of a column."""
EXPLAINED: Final = 0.5
"""The factor must bring at least this share of the numbers outside the fences back to the pilot's bulk."""


SMALL: Final = 5.0
"""Within five times more or less, a column that merely grew looks like one in another unit."""
CLOSE: Final = 0.1
"""How near the medians' ratio must be to a small factor."""
WITHIN: Final = ("", ", beyond its range")
"""How the finding says which bounds the numbers lie outside of, in the order of `BOUNDS`."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No number that is in range only in another unit."""
    for column, state in pilot.columns_with(Numbers):
        if state.finite and state.maximum > state.minimum and not is_identifier(column):
            why = "numbers outside the pilot's fences may not be explained by another unit"
            yield limit(CHECK, policy, "other_unit_rate", column.name, 0, state.count, why, "own")


def _bulk(state: Numbers) -> tuple[float, float]:
    """The middle 98 % of the pilot's numbers."""
    return state.quantile(0.01) or state.minimum, state.quantile(0.99) or state.maximum


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of numbers outside the pilot's bounds that one factor brings back, for the factor that brings most."""
    for name, before, after in pairs(pilot, production, Numbers):
        if before.finite and before.maximum > before.minimum:
            found = [_fact(name, before, after, bounds(before, fact), place) for place, fact in enumerate(BOUNDS)]
            yield min(found, key=lambda fact: fact.chance if fact.chance is not None else 1.0)


def _fact(column: str, before: Numbers, after: Numbers, inside: Bounds, place: int) -> Fact:
    out = after.finite - after.within(*inside)
    scaled = {factor: _brought_back(before, after, inside, by) for factor, by in FACTORS.items()} if out else {"": 0}
    factor = max(scaled, key=lambda name: scaled[name])
    count = scaled[factor]
    if not count or count < EXPLAINED * out or not _believable(before, after, FACTORS[factor]):
        return Fact("other_unit_rate", (column,), 0.0 if after.count else None, 0, after.count, pilot_count=0,
                    pilot_of=before.count, chance=1.0, least_chance=1.0)  # fmt: skip
    had = _brought_back(before, before, inside, FACTORS[factor])
    tried = len(BOUNDS) * len(FACTORS) * (1.0 if had else ODDITY)
    chance = min(1.0, tried * rise_chance(had, before.count, count, after.count))
    least = min(1.0, tried * least_rise_chance(had + out, before.count, after.count))
    detail = f"{factor}{WITHIN[place]}"
    return Fact("other_unit_rate", (column,), count / after.count, count, after.count, pilot_count=had,
                pilot_of=before.count, chance=chance, least_chance=least, detail=detail)  # fmt: skip


def _believable(before: Numbers, after: Numbers, by: float) -> bool:
    """Whether a factor is more than growth: a large one always is, a small one only if the whole column moved by it."""
    middle, now = before.quantile(0.5), after.quantile(0.5)
    if not 1 / SMALL < by < SMALL:
        return True
    return bool(middle and now and abs(now / middle / by - 1) <= CLOSE)


def _brought_back(pilot: Numbers, side: Numbers, inside: Bounds, by: float) -> int:
    middles = middle_of(side.buckets) if len(side.buckets) else np.empty(0)
    return int(side.counts[_other_unit(middles, pilot, inside, by)].sum())


def _other_unit(numbers: NDArray[np.float64], pilot: Numbers, inside: Bounds, by: float) -> NDArray[np.bool_]:
    (low, high), (least, most) = inside, _bulk(pilot)
    slack = 1 / 256
    out = (numbers < low - abs(low) * slack) | (numbers > high + abs(high) * slack)
    with np.errstate(over="ignore"):
        back = numbers / by
    return np.asarray(out & (back >= least - abs(least) * slack) & (back <= most + abs(most) * slack) & (numbers != 0))


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose number is in range only in the other unit."""
    name = outcome.columns[0]
    state = pilot.columns[name].get(Numbers)
    place = next((place for place, ending in enumerate(WITHIN) if ending and outcome.detail.endswith(ending)), 0)
    if state is None or not outcome.detail:
        return np.zeros(table.rows, np.bool_)
    factor = FACTORS[outcome.detail.removesuffix(WITHIN[place])]
    return _other_unit(table.columns[name].number_of_row, state, bounds(state, BOUNDS[place]), factor)


CHECK = Check(
    code="OUT002",
    title="Another unit or scale",
    dimension="outliers",
    severity="critical",
    of="non-missing numbers",
    tolerance=0.005,
    grave=0.01,
    computed=(
        "Of the numbers outside the pilot's fences, those that one of a list of factors brings back to the middle 98 % "
        "of the pilot, for the factor that brings most; at least half of them. The chance is multiplied by the number "
        "of factors."
    ),
    false_alarms="A long tail that happens to lie a factor beyond the bulk.",
    remedy="Find the producer that writes the other unit, and convert there; state the unit in the column's name.",
    message=words.rate("is in the pilot's range only if the unit is another: {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
