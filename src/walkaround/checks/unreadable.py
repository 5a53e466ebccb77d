"""ACC001: a source, or a part of it, could not be read, or it holds no row.

What was not read was not checked. It never counts as a pass, and page one says so.
"""

from __future__ import annotations

from walkaround.model.check import Check
from walkaround.model.outcome import Outcome


def message(outcome: Outcome) -> str:
    """What happened, as the connector said it."""
    return outcome.reason


CHECK = Check(
    code="ACC001",
    title="Not read",
    dimension="access",
    severity="critical",
    of="sources",
    computed=(
        "The connector's own answer: missing, empty, denied, unreachable, truncated, changed, not what it says; and "
        "columns that this user may not read, and rows that a policy of the server hides."
    ),
    false_alarms="None: it is always reported as not assessed.",
    remedy="Do what the message says, then run again.",
    message=message,
)
