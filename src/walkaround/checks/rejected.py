"""ACC002: records that could not be read as rows.

What a reader drops never reaches a test: a table is complete and clean because its worst lines are missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.intervals import least_rise_chance, rise_chance
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of rejected records, and the tolerance."""
    lost, of = pilot.records.lost, pilot.records.rows + pilot.records.lost
    why = f"{lost} of the pilot's {of} records were rejected"
    yield limit(CHECK, policy, "rejected_rate", "", lost, of, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of records that could not be made into rows, and the commonest reason."""
    had, pilot_of = pilot.records.lost, pilot.records.rows + pilot.records.lost
    lost, of = production.records.lost, production.records.rows + production.records.lost
    reasons = production.records.rejected
    detail = max(reasons, key=lambda reason: reasons[reason], default="")
    yield Fact("rejected_rate", (), lost / of if of else None, lost, of, "exact", pilot_count=had, pilot_of=pilot_of,
               chance=rise_chance(had, pilot_of, lost, of), least_chance=least_rise_chance(had + lost, pilot_of, of),
               detail=detail)  # fmt: skip


def message(outcome: Outcome) -> str:
    """How many, and why most of them."""
    reason = f", most often because of {outcome.detail}" if outcome.detail else ""
    return (
        f"{outcome.count} of {outcome.rows} records ({words.share(outcome.observed)}) could not be read as rows{reason}"
        f"; the pilot had {words.share(outcome.pilot)}"
    )


CHECK = Check(
    code="ACC002",
    title="Records rejected",
    dimension="access",
    severity="critical",
    of="records",
    tolerance=0.001,
    grave=0.01,
    computed=(
        "Every physical record is accounted for: row, header, blank, preamble, or rejected with a reason. Rejected, of "
        "rows and rejected."
    ),
    false_alarms="A file with a footer on every page.",
    remedy="Look at the rejected records where they were written: a sign in a field, a missing quote, a cut transfer.",
    message=message,
    limits=limits,
    facts=facts,
)
