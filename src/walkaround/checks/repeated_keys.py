"""DUP001: a declared key is no longer unique.

Joins multiply, updates hit the wrong record, and one customer is scored twice with two answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from walkaround.checks import words
from walkaround.measures.table.keys import Keys
from walkaround.model.check import Check
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of repeated keys: none, where the pilot had none."""
    state = pilot.get(Keys)
    if state is None or not state.columns:
        return
    repeats, seen = int(state.sketch.counts.sum()) - len(state.sketch.counts), int(state.sketch.counts.sum())
    had = repeats / seen if seen else 0.0
    tolerance = policy.tolerated(CHECK.code, CHECK.tolerance)
    why = f"{repeats} of the pilot's {seen} keys repeated an earlier one"
    yield Limit(
        CHECK.code,
        "repeated_key_rate",
        state.columns,
        had + tolerance,
        CHECK.severity,
        PilotFigure(had, repeats, seen),
        why,
        tolerance=tolerance,
        evidence="rise" if repeats else "certain",
    )


def message(outcome: Outcome) -> str:
    """How many."""
    return (
        f"{words.share(outcome.observed)} of the rows repeat a key ({words.where(outcome)}) that an earlier row "
        f"has; the pilot had {words.share(outcome.pilot)}"
    )


CHECK = Check(
    code="DUP001",
    title="A key that repeats",
    dimension="duplicates",
    severity="critical",
    of="rows with a key",
    computed="Rows whose declared key an earlier row has, over all of what was read; never from a sample of rows.",
    false_alarms="A table that keeps versions of a record: declare the version as part of the key.",
    remedy="Find out whether records were loaded twice or two records share a key, and mend it at the source.",
    message=message,
    limits=limits,
)
