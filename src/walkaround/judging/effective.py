"""Effective sizes: a fact of a clustered sample weighs as much as the rows, drawn one by one, that would tell as much.

What a fact brings as its own chance was reckoned with rows. It is raised to the power of 1 / (design effect): chances
far out fall exponentially with the size of a sample, so that is about what effective sizes would have given, and never
less, as what stands before the exponential is raised as well. A check that reckoned with effective sizes itself has
said so in its fact, which is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from walkaround.measures.effects import Effects, effects_of
from walkaround.model.fact import Fact, FactKey
from walkaround.model.profile import TableProfile

WHOLE_ROWS: Final = frozenset({"duplicate_rows_rate", "duplicate_rows_beyond_rate"})
"""Facts of whole rows whose denominator is rows; that of others is columns, or records."""


def effective(facts: Mapping[FactKey, Fact], pilot: TableProfile, production: TableProfile) -> dict[FactKey, Fact]:
    """The facts, with their effective sizes where a side was drawn in units."""
    before, after = effects_of(pilot), effects_of(production)
    if not (before or after):
        return dict(facts)
    return {key: _weighed(fact, before, after, pilot.rows) for key, fact in facts.items()}


def _weighed(fact: Fact, before: Mapping[str, Effects], after: Mapping[str, Effects], pilot_rows: int) -> Fact:
    counts_rows = bool(fact.columns) or fact.name in WHOLE_ROWS
    if fact.basis == "exact" or not fact.of or fact.effective is not None or not counts_rows:
        return fact
    divisor = _divisor(fact, fact.of, after)
    of_pilot = _divisor(fact, pilot_rows if fact.pilot_of is None else fact.pilot_of, before)
    told = replace(fact, effective=None if divisor is None else fact.of / divisor, pilot_divisor=of_pilot)
    return _doubted(told, max(divisor or 1.0, of_pilot or 1.0))


def _divisor(fact: Fact, of: int, effects: Mapping[str, Effects]) -> float | None:
    """The largest of the fact's columns, or of all columns where it speaks of whole rows; None without units."""
    chosen = [effects[name] for name in fact.columns or effects if name in effects]
    return max((each.divisor(fact.name, of) for each in chosen), default=None)


def _doubted(fact: Fact, divisor: float) -> Fact:
    """A chance of its own, and what bounds it, as effective sizes would have it at the least."""
    if fact.chance is None or divisor <= 1:
        return fact
    power = 1 / divisor
    return replace(
        fact,
        chance=fact.chance**power,
        least_chance=None if fact.least_chance is None else fact.least_chance**power,
        ceiling=None if fact.ceiling is None else fact.ceiling**power,
    )
