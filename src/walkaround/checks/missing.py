"""MIS001: values that the pilot had are missing in production.

A model trained on the pilot learned from columns that were filled in. Where production leaves them empty, the model
guesses, or the row is dropped and nobody notices.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.columns import Table
from walkaround.columns.text import WORD
from walkaround.measures.column.missingness import Missingness
from walkaround.model.check import Check
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of missing rows, and the tolerance."""
    for column, state in pilot.columns_with(Missingness):
        why = f"{words.share(state.missing / state.rows if state.rows else None)} of the pilot's rows were missing"
        yield limit(CHECK, policy, "missing_rate", column.name, state.missing, state.rows, why)


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that are null, NaN, empty or blank."""
    del pilot
    column = table.columns[outcome.columns[0]]
    if column.kind != "text":
        return ~column.valid
    return ~(column.present | column.text.rows_of(column.text.absent == WORD))


CHECK = Check(
    code="MIS001",
    title="Missing values",
    dimension="missingness",
    severity="critical",
    of="rows",
    tolerance=0.005,
    grave=0.05,
    computed="Rows that are null, NaN, empty or blank, of all rows, against the pilot's by the exact two-sample test.",
    false_alarms="A column that is only filled for some kinds of rows, when production has another mix of kinds.",
    remedy="Find the step that leaves the column empty, and backfill it; or train the model with the gap it will meet.",
    message=words.rate("is missing"),
    limits=limits,
    cells=cells,
)
