"""Law 3: nothing checked is never green. And the table of verdicts, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from walkaround.checks import checks
from walkaround.judging import Assessed, coverage, findings, judge, verdict
from walkaround.model.expectation import Expectation
from walkaround.model.fact import Fact
from walkaround.model.judged import Judged
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome, Status, Weight
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile
from walkaround.workflow.assess import facts_of

ROWS = range(400)
PILOT = pa.table({"id": [f"k{row:05d}" for row in ROWS], "a": [str(row % 40 + 10) for row in ROWS]})


def word(judged: Any) -> tuple[str, int]:
    told = verdict(findings(judged.outcomes), 1)
    return told.word, told.exit_code


def test_the_pilot_itself_is_ready(compared: Any, held: Any) -> None:
    """The other side of every test below: whole data is ready, and exits with 0."""
    judged = held(*compared(PILOT, PILOT))
    assert {outcome.status for outcome in judged.outcomes} == {"pass"}
    assert word(judged) == ("ready", 0)


def test_no_rows(compared: Any, held: Any) -> None:
    """Of an empty production no check of values passes, and the verdict is no verdict."""
    judged = held(*compared(PILOT, PILOT.slice(0, 0)))
    passed = {o.code for o in judged.outcomes if o.status == "pass"}
    assert passed <= {"SCH001", "SCH002", "SCH004"}
    assert word(judged) == ("not_assessed", 3)


def test_all_null_column(compared: Any, held: Any) -> None:
    """A column without a value fails as missing, and no other check of it passes."""
    after = PILOT.set_column(1, "a", pa.nulls(len(ROWS), pa.string()))
    judged = held(*compared(PILOT, after))
    of_a = [o for o in judged.outcomes if o.columns == ("a",) and o.code not in {"SCH001", "SCH004"}]
    assert [(o.code, o.status) for o in of_a if o.status == "fail"] == [("MIS001", "fail")]
    assert {o.code for o in of_a if o.status == "pass"} <= {"MIS002"}
    assert word(judged) == ("not_ready", 1)
    told = [f for f in findings(judged.outcomes) if f.outcome.columns == ("a",)]
    assert [f.outcome.code for f in told] == ["MIS001"]


@pytest.mark.parametrize("rows", [1, 10, 29])
def test_too_few_rows(rows: int, compared: Any, held: Any) -> None:
    """Under 30 values nothing about values passes, however clean they look."""
    judged = held(*compared(PILOT, PILOT.slice(0, rows)))
    passed = {o.code for o in judged.outcomes if o.status == "pass"}
    assert passed <= {"SCH001", "SCH002", "SCH004"}
    assert word(judged) == ("not_assessed", 3)


def test_a_pilot_of_few_rows(compared: Any, held: Any) -> None:
    """What the pilot itself cannot support is a condition, and no reason for a 3."""
    judged = held(*compared(PILOT.take(pa.array([row * 21 % 400 for row in range(20)])), PILOT))
    assert "not_assessed" in {o.status for o in judged.outcomes}
    assert word(judged)[1] == 0
    assert word(judged)[0] == "ready_with_conditions"


LIMIT = Limit("MIS001", "missing_rate", ("a",), 0.005, "critical", PilotFigure(0.0, 0, 400), "none was", grave=0.05)


def judged_one(fact: Fact | None, limit: Limit = LIMIT, *, success: bool | None, **side: Any) -> Outcome:
    given = {"present": frozenset({"a"}), **side}
    facts = {} if fact is None else {fact.key: fact}
    error = "it raised" if success is None else ""
    one = Assessed("s", (Judged(Expectation(limit), success, None, error),), facts, **given)
    return judge([one], Policy()).outcomes[-1]


def test_a_check_that_errs() -> None:
    """An error is not assessed, with its reason; required, where the pilot had the data."""
    outcome = judged_one(None, success=None)
    assert (outcome.status, outcome.reason, outcome.required) == ("not_assessed", "it raised", True)
    assert judged_one(Fact.rate("missing_rate", ("a",), 0, 400), success=None).status == "not_assessed"


def test_a_fact_that_is_absent() -> None:
    """A fact that nobody measured is not assessed, whatever was said of it."""
    assert judged_one(None, success=True).status == "not_assessed"


def test_an_unread_source() -> None:
    """A source that was not read is ACC001, not assessed; so are all its checks."""
    one = Assessed("s", (Judged(Expectation(LIMIT), success=True),), problem="permission denied")
    outcomes = judge([one], Policy()).outcomes
    assert [(o.code, o.status) for o in outcomes] == [("ACC001", "not_assessed"), ("MIS001", "not_assessed")]
    [finding] = findings(outcomes)
    assert finding.message == "permission denied"
    assert verdict([finding], 0).exit_code == 3


def test_rows_not_drawn_by_chance() -> None:
    """From the first rows of a file nothing follows for the rest: a rise is inconclusive, never a failure."""
    fact = Fact.rate("missing_rate", ("a",), 200, 400)
    assert judged_one(fact, success=False).status == "fail"
    assert judged_one(fact, probability=False, success=False).status == "inconclusive"


def test_samples_cannot_tell_duplicates() -> None:
    """Repeated rows are not assessed from a sample of rows."""
    limit = Limit(
        "DUP002", "duplicate_rows_beyond_rate", (), 0.005, "critical", PilotFigure(0.0, 0, 400), "", grave=0.05
    )
    fact = Fact.rate("duplicate_rows_beyond_rate", (), 0, 400)
    told = judged_one(fact, limit, cannot_tell=frozenset({"duplicate rows"}), success=True)
    assert told.status == "not_assessed"


def outcome(status: Status, severity: Weight = "blocker", *, source: str = "crm", **more: Any) -> Outcome:
    return Outcome("MIS001", source, ("a",), status, severity, "missing_rate", **more)


@pytest.mark.parametrize(
    ("outcomes", "read", "expected"),
    [
        ([outcome("pass")], 1, ("ready", 0)),
        ([outcome("fail")], 1, ("not_ready", 1)),
        ([outcome("fail"), outcome("not_assessed", required=True)], 1, ("not_ready", 1)),
        ([outcome("fail"), outcome("waived")], 1, ("not_ready", 1)),
        ([outcome("waived")], 1, ("ready_with_conditions", 0)),
        ([outcome("fail", "warning")], 1, ("ready_with_conditions", 0)),
        ([outcome("fail", "info")], 1, ("ready", 0)),
        ([outcome("inconclusive")], 1, ("ready_with_conditions", 0)),
        ([outcome("not_assessed")], 1, ("ready_with_conditions", 0)),
        ([outcome("not_assessed", required=True)], 1, ("not_assessed", 3)),
        ([outcome("not_assessed", required=True, severity="warning")], 1, ("not_assessed", 3)),
        ([outcome("pass")], 0, ("not_assessed", 3)),
        ([], 0, ("not_assessed", 3)),
        ([outcome("fail", source="extra")], 1, ("ready_with_conditions", 0)),
        ([outcome("not_assessed", source="extra", required=True)], 1, ("ready_with_conditions", 0)),
        ([outcome("fail", source="extra"), outcome("fail")], 2, ("not_ready", 1)),
    ],
)
def test_the_table_of_verdicts(outcomes: list[Outcome], read: int, expected: tuple[str, int]) -> None:
    """The first row of the table that applies decides; sources called extra are supporting and never block."""
    told = verdict(findings(outcomes), read, {"extra"})
    assert (told.word, told.exit_code) == expected
    assert bool(told.because) == (told.word != "ready" and read > 0)


def test_coverage_counts_each_outcome_once() -> None:
    """Planned is all there is; run is what has an answer; a folded outcome counts and is no finding."""
    statuses: list[Status] = ["pass", "pass", "fail", "inconclusive", "not_assessed", "waived"]
    outcomes = [outcome(status) for status in statuses]
    outcomes[4] = replace(outcomes[4], folded=True)
    told = coverage(outcomes, 0.04)
    assert (told.planned, told.run, told.passed, told.failed) == (6, 5, 2, 1)
    assert (told.inconclusive, told.not_assessed, told.waived) == (1, 1, 1)
    assert told.expected_false_alarms == 0.04
    assert "not_assessed" not in {finding.outcome.status for finding in findings(outcomes)}


def test_a_check_that_raises(compared: Any) -> None:
    """It is not assessed and says so, the verdict is none, and every other check goes on."""

    def broken(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
        del pilot, production
        raise ZeroDivisionError

    pilot, production = compared(PILOT, PILOT)[:2]
    asked = [replace(check, facts=broken) if check.code == "SCH003" else check for check in checks()]
    facts, errors = facts_of(pilot, production, asked)
    assert list(errors) == ["SCH003"]
    limits = [limit for check in checks() for limit in check.limits(pilot, Policy())]
    told = [
        Judged(Expectation(limit), None if (limit.fact, limit.columns) not in facts else True, error="no such fact")
        for limit in limits
    ]
    side = Assessed("s", tuple(told), facts, frozenset(production.columns), errors=errors)
    judged = judge([side], Policy())
    assert {o.status for o in judged.outcomes if o.code == "SCH003"} == {"not_assessed"}
    assert {o.status for o in judged.outcomes if o.code != "SCH003"} == {"pass"}
    assert word(judged) == ("not_assessed", 3)
    assert "ZeroDivisionError" in findings(judged.outcomes)[0].message
