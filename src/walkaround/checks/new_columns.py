"""SCH002: production has columns that the pilot did not have.

Nothing breaks by it. It is told because a new column is often the other half of a change: a column was split, renamed,
or moved.
"""

from __future__ import annotations

from collections.abc import Iterator

from walkaround.checks.schema import renamed
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No column beyond the pilot's."""
    del policy
    figure = PilotFigure(0.0, 0, len(pilot.columns))
    yield Limit("SCH002", "new_columns", (), 0.0, "info", figure, "the pilot did not have them", evidence="certain")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """How many columns are new, and their names."""
    found = renamed(pilot, production).values()
    new = [name for name in production.columns if name not in pilot.columns and name not in found]
    yield Fact("new_columns", (), float(len(new)), len(new), len(production.columns), detail=", ".join(new[:12]))


def message(outcome: Outcome) -> str:
    """Which columns."""
    return f"production has {outcome.count} columns that the pilot did not have: {outcome.detail}"


CHECK = Check(
    code="SCH002",
    title="New columns",
    dimension="schema",
    severity="info",
    of="columns",
    computed="Columns of production that no column of the pilot has the name of, nor probably became.",
    false_alarms="None: it is told, and does not count.",
    remedy="None is needed. If the model should use them, a new pilot is.",
    message=message,
    limits=limits,
    facts=facts,
)
