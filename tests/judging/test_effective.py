"""How counts of clustered samples are weighed before they are judged; expected values by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from walkaround.intervals import DesignEffect, rise_chance, wilson
from walkaround.judging import Assessed, judge
from walkaround.judging.evidence import detectable, evidence, pilot_counts, production_counts
from walkaround.measures.effects import Effects
from walkaround.model.expectation import Expectation
from walkaround.model.fact import Fact
from walkaround.model.judged import Judged
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy

LIMIT = Limit("MIS001", "missing_rate", ("a",), 0.015, "critical", PilotFigure(0.01, 20, 2_000), "", grave=0.05)
FACT = Fact.rate("missing_rate", ("a",), 400, 10_000)
MANY = DesignEffect(10.0, 5_000, 4_999)


def judged(fact: Fact, success: bool = False) -> Outcome:  # noqa: FBT001, FBT002 - what Great Expectations said
    side = Assessed("s", (Judged(Expectation(LIMIT), success),), {fact.key: fact}, frozenset({"a"}))
    return judge([side], Policy()).outcomes[-1]


@pytest.mark.parametrize(
    ("count", "effective", "counts"),
    [
        (400, None, (400, 10_000)),
        (400, 1_000.0, (40, 1_000)),
        (400, 990.0, (39, 975)),  # 39.6 hits are 39, and 39 of 975 are 4 % still
        (3, 1_000.0, (0, 1_000)),  # no whole independent hit
        (0, 1_000.0, (0, 1_000)),
        (400, 20_000.0, (800, 20_000)),  # strata that tell more than rows drawn one by one
        (10_000, 0.2, (0, 1)),
    ],
)
def test_counts_of_production(count: int, effective: float | None, counts: tuple[int, int]) -> None:
    """Hits are rounded down, and rows so that the share stays."""
    assert production_counts(replace(FACT, count=count, effective=effective)) == counts


@pytest.mark.parametrize(
    ("count", "divisor", "counts"),
    [(20, None, (20, 2_000)), (20, 4.0, (5, 500)), (1, 50.0, (1, 40)), (0, 50.0, (0, 40)), (20, 5_000.0, (1, 1))],
)
def test_counts_of_the_pilot(count: int, divisor: float | None, counts: tuple[int, int]) -> None:
    """A hit of the pilot is never rounded away: a pilot that had none is held to more."""
    limit = replace(LIMIT, pilot=PilotFigure(count / 2_000, count, 2_000))
    assert pilot_counts(limit, replace(FACT, pilot_divisor=divisor)) == counts


def test_evidence_is_that_of_effective_counts() -> None:
    """400 of 10,000 worth 1,000 are judged as 40 of 1,000 are, on the pilot's side likewise."""
    told = evidence(LIMIT, replace(FACT, effective=1_000.0, pilot_divisor=4.0))
    assert told.chance == rise_chance(5, 500, 40, 1_000)
    small, large = (detectable(LIMIT, each, 1e-3) for each in (FACT, replace(FACT, effective=1_000.0)))
    assert small is not None
    assert large is not None
    assert small < large


def test_an_interval_is_that_of_effective_counts() -> None:
    """Wilson's interval of 40 of 1,000; the figures themselves stay those of the rows."""
    told = judged(replace(FACT, effective=1_000.0))
    assert (told.count, told.rows, told.observed) == (400, 10_000, 0.04)
    assert told.interval == pytest.approx(wilson(40, 1_000))


def test_what_would_decide_is_told_in_rows() -> None:
    """Where ten rows count as one, ten times as many rows are needed as of rows drawn one by one."""
    rows = judged(replace(FACT, count=12, of=500, value=0.024))
    pages = judged(replace(FACT, count=120, of=5_000, value=0.024, effective=500.0))
    assert rows.status == pages.status == "inconclusive"
    assert rows.enough is not None
    assert pages.enough == 10 * rows.enough


def test_a_fact_counted_by_the_server_has_no_interval() -> None:
    """Nothing was sampled, so there is no error of sampling; whether the process changed is asked all the same."""
    told = judged(replace(FACT, basis="exact"))
    assert (told.status, told.interval, told.basis) == ("fail", None, "exact")
    assert told.chance == rise_chance(20, 2_000, 400, 10_000)


def test_which_effect_a_fact_gets() -> None:
    """Missing rows and words for nothing their own, also below 1; all others the largest, and never below 1."""
    own = DesignEffect(0.5, 5_000, 4_999)
    effects = Effects(own, own, MANY)
    divisors = [effects.divisor(fact, 10_000) for fact in ("missing_rate", "placeholder_rate", "other_type_rate")]
    assert divisors == pytest.approx([0.5, 0.5, 10.0], rel=0.01)
    assert Effects(None, None, MANY).divisor("missing_rate", 10_000) == pytest.approx(10.0, rel=0.01)
    assert Effects(own, None, own).divisor("other_type_rate", 10_000) == 1.0
    assert Effects().divisor("other_type_rate", 10_000) == 1.0
