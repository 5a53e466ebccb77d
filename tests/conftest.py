"""What tests of checks and laws share: a production held against a pilot, judged by plain comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from walkaround.connectors import sample_of
from walkaround.judging import Assessed, judge
from walkaround.model.expectation import Expectation
from walkaround.model.fact import Fact, FactKey
from walkaround.model.judged import Judged
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile
from walkaround.model.source import Source
from walkaround.profiling import profile
from walkaround.workflow.assess import common_forms, facts_of, limits_of, sample_kinds

SEED = 3
SOURCE = Source("s", "s")


@dataclass(frozen=True)
class Held:
    """Both profiles, every fact, and what each expectation came to."""

    pilot: TableProfile
    production: TableProfile
    facts: Mapping[FactKey, Fact]
    outcomes: tuple[Outcome, ...]
    expected_false_alarms: float

    def failing(self) -> list[Outcome]:
        """The outcomes that fail."""
        return [outcome for outcome in self.outcomes if outcome.status == "fail"]


def within(limit: Limit, fact: Fact | None) -> Judged:
    """One fact against one limit, as Great Expectations judges it, without it."""
    expectation = Expectation(limit)
    if fact is None or fact.value is None:
        return Judged(expectation, None, None, "the fact has no value")
    low = limit.min_value is None or fact.value >= limit.min_value
    return Judged(expectation, low and (limit.max_value is None or fact.value <= limit.max_value), fact.value)


def profiles(pilot: Any, production: Any, source: Source = SOURCE) -> tuple[TableProfile, TableProfile]:
    """Both profiles, hashed so that they can be compared."""
    samples = sample_of("s", pilot), sample_of("s", production)
    forms = common_forms(*(sample_kinds(sample) for sample in samples))
    before, after = (profile(sample, source, forms, SEED) for sample in samples)
    return before, after


def held_profiles(
    pilot: TableProfile, production: TableProfile, policy: Policy = Policy(), limits: Iterable[Limit] | None = None
) -> Held:
    """Two profiles, judged."""
    facts, _ = facts_of(pilot, production)
    chosen = limits_of(pilot, policy) if limits is None else tuple(limits)
    judged = tuple(within(limit, facts.get((limit.fact, limit.columns))) for limit in chosen)
    drawn, barriers = production.drawn, production.facts_of_source.barriers
    side = Assessed(
        "s", judged, facts, frozenset(production.columns), cannot_tell=drawn.unknown,
        probability=drawn.probability, barriers=barriers,
    )  # fmt: skip
    judgement = judge([side], policy)
    return Held(pilot, production, facts, judgement.outcomes, judgement.expected_false_alarms)


@pytest.fixture(scope="session")
def compared() -> Callable[..., tuple[TableProfile, TableProfile]]:
    """Two tables to two profiles."""
    return profiles


@pytest.fixture(scope="session")
def held() -> Callable[..., Held]:
    """Two profiles to outcomes."""
    return held_profiles
