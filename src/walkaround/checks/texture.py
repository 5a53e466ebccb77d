"""FMT006: another case, stray white space, or damage from a wrong encoding.

" Lisbon", "LISBON" and "LisbonÂ" are three cities to a join and to an encoder. Each cost somebody a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.columns import Table
from walkaround.measures.column.texture import SIGNS, Texture, damaged, masks_with
from walkaround.model.check import Check
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

RARE: Final = 0.01
"""A case is foreign to a column where at most this share of the pilot had it."""
MEANS: Final = {
    "padded": "begins or ends with white space",
    "doubled": "has doubled spaces",
    "control": "has control characters",
    "damaged": "looks wrongly decoded",
    "upper": "is all upper case",
    "lower": "is all lower case",
    "mixed": "is of mixed case",
}


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of each sign; of a case only where it was foreign to the column."""
    for column, state in pilot.columns_with(Texture):
        for sign in SIGNS:
            count = getattr(state, sign)
            foreign = count <= RARE * state.rows and state.upper + state.lower + state.mixed > state.rows / 2
            if state.rows and (sign not in {"upper", "lower", "mixed"} or foreign):
                why = f"{count} of the pilot's {state.rows} values were so"
                yield limit(CHECK, policy, f"{sign}_rate", column.name, count, state.rows, why)


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows with the sign that was found."""
    del pilot
    column = table.columns[outcome.columns[0]]
    sign = outcome.fact.removesuffix("_rate")
    if sign == "damaged":
        return column.text.rows_of(damaged(column))
    return column.text.rows_of(masks_with(column)[sign][column.text.masks.codes] & column.text.present)


def message(outcome: Outcome) -> str:
    """Says which sign it is."""
    return words.rate(MEANS[outcome.fact.removesuffix("_rate")])(outcome)


CHECK = Check(
    code="FMT006",
    title="Case, white space, encoding damage",
    dimension="format",
    severity="warning",
    of="non-missing",
    tolerance=0.005,
    grave=0.10,
    computed="Rows with each sign, of non-missing rows, against the pilot's share by the exact two-sample test.",
    false_alarms="Codes and acronyms in a column of words.",
    remedy="Trim and normalise on the way in; damage from encodings must be mended where the text was decoded.",
    message=message,
    limits=limits,
    cells=cells,
)
