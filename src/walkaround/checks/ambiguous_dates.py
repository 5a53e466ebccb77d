"""FMT002: dates that read both ways, such as 03/04/2026.

Day and month swap in silence: every such date parses, some are wrong, and no test of types or ranges can tell which.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.checks.date_formats import holds_dates
from walkaround.columns import Table
from walkaround.measures.column.dates import Dates
from walkaround.model.check import Check
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of dates that read both ways."""
    for column, state in pilot.columns_with(Dates):
        if holds_dates(column):
            why = f"{state.ambiguous} of the pilot's {state.count} dates read both ways"
            yield limit(CHECK, policy, "ambiguous_dates_rate", column.name, state.ambiguous, state.count, why)


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose date reads both ways."""
    del pilot
    text = table.columns[outcome.columns[0]].text
    chosen = np.zeros(len(text.weights), np.bool_)
    chosen[text.dates.at] = text.dates.ambiguous
    return text.rows_of(chosen)


CHECK = Check(
    code="FMT002",
    title="Dates that read both ways",
    dimension="format",
    severity="critical",
    of="non-missing dates",
    tolerance=0.0,
    grave=0.01,
    computed="Dates whose day and month are both at most 12 and differ, where the format leaves open which is which.",
    false_alarms="Hardly any: if one format is certain, declare it under `formats` and the column is read by it.",
    remedy="Have the source write ISO 8601; until then state the format of this column, and who vouches for it.",
    message=words.rate("is dated so that day and month can be swapped"),
    limits=limits,
    cells=cells,
)
