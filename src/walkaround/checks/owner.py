"""OPS001: nobody is named who answers for the data in operation.

Pilots die of this more than of any format: when the data breaks at night there is nobody to call, and nobody to pay.
"""

from __future__ import annotations

from typing import Final

from walkaround.model.check import Check
from walkaround.model.outcome import Outcome

FRESH_DAYS: Final = 180
"""A confirmation older than half a year is a memory."""


def message(outcome: Outcome) -> str:
    """What is missing."""
    return outcome.detail


CHECK = Check(
    code="OPS001",
    title="No confirmed owner",
    dimension="ownership",
    severity="warning",
    of="projects",
    computed="`project.owner` in walkaround.yaml: a name, an address, and a confirmation at most 180 days old.",
    false_alarms="None.",
    remedy="Name one person, with a deputy, and have them confirm it.",
    message=message,
)
