"""SCH004: a column was probably renamed.

The data is there under another name: an hour's work once somebody knows, and a missing input until then.
"""

from __future__ import annotations

from collections.abc import Iterator

from walkaround.checks import words
from walkaround.checks.schema import renamed
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """Every column of the pilot, under its name."""
    del policy
    for name in pilot.columns:
        why = "the pilot had it under this name"
        yield Limit("SCH004", "column_renamed", (name,), 0.0, "critical", PilotFigure(0.0), why, evidence="certain")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """1 for each column that probably has another name now, else 0."""
    found = renamed(pilot, production)
    for name in pilot.columns:
        yield Fact("column_renamed", (name,), float(name in found), detail=found.get(name, ""))


def message(outcome: Outcome) -> str:
    """From which name to which."""
    return f"the column {words.where(outcome)} of the pilot is probably called {outcome.detail} in production"


CHECK = Check(
    code="SCH004",
    title="A column was renamed",
    dimension="schema",
    severity="critical",
    of="columns",
    computed=(
        "A column that is gone and a new one are paired where their types, shapes, values and names are alike. The "
        "renamed column is not checked further."
    ),
    false_alarms="Two columns of one type of which one went and another came, as with two e-mail addresses.",
    remedy="Map the name where the data comes in, or have the source restore it.",
    message=message,
    limits=limits,
    facts=facts,
)
