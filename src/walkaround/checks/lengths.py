"""FMT005: texts longer or shorter than any of the pilot's, or cut at one width.

Lengths tell of fields that were widened, joined, padded or truncated on the way. A cut text joins with nothing and
reads as another word.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.columns import Table
from walkaround.intervals import beyond_chance, least_rise_chance
from walkaround.measures.column.lengths import Lengths
from walkaround.measures.identifiers import is_identifier
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's shortest and longest text, and the tolerance beyond."""
    for column, state in pilot.columns_with(Lengths):
        if state.rows and not is_identifier(column):
            why = f"the pilot's texts had {state.lengths[0]} to {state.lengths[-1]} characters"
            yield limit(CHECK, policy, "length_beyond_rate", column.name, 0, state.rows, why, "own")
            why = "no length of the pilot's was its longest in so many rows: that is how cut texts look"
            yield limit(CHECK, policy, "cut_rate", column.name, 0, state.rows, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """Rows beyond the pilot's lengths; rows at production's longest, where the pilot went on."""
    for name, before, after in pairs(pilot, production, Lengths):
        if not before.rows or not after.rows:
            continue
        shortest, longest = int(before.lengths[0]), int(before.lengths[-1])
        beyond = after.beyond(shortest, longest)
        yield _fact(
            "length_beyond_rate", name, 0, before, beyond, after, f"its texts have {shortest} to {longest} characters"
        )
        width = int(after.lengths[-1])
        if width < longest:
            longer = int(before.counts[before.lengths > width].sum())
            at_width, had = int(after.counts[-1]), before.rows - before.beyond(width, width)
            cut = at_width if longer >= at_width / 2 and longer > 1 else 0
            yield _fact("cut_rate", name, had, before, cut, after, f"all cut at {width}")
        else:
            yield _fact("cut_rate", name, 0, before, 0, after)


def _fact(fact: str, column: str, had: int, before: Lengths, count: int, after: Lengths, detail: str = "") -> Fact:  # noqa: PLR0917 - two counts, each beside what it is of
    return Fact(
        fact,
        (column,),
        count / after.rows,
        count,
        after.rows,
        pilot_count=had,
        pilot_of=before.rows,
        chance=beyond_chance(had, before.rows, count, after.rows),
        least_chance=least_rise_chance(had + count, before.rows, after.rows),
        detail=detail,
    )


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose text is longer or shorter than any of the pilot's, or as long as the cut."""
    name = outcome.columns[0]
    text, state = table.columns[name].text, pilot.columns[name].get(Lengths)
    lengths = text.masks.lengths[text.masks.codes]
    if outcome.fact == "cut_rate" and not outcome.detail:
        return np.zeros(table.rows, np.bool_)
    if outcome.fact == "cut_rate":
        return text.rows_of((lengths == int(outcome.detail.rsplit(" ", 1)[-1])) & text.present)
    low, high = (int(state.lengths[0]), int(state.lengths[-1])) if state else (0, 0)
    return text.rows_of(((lengths < low) | (lengths > high)) & text.present)


CHECK = Check(
    code="FMT005",
    title="Lengths beyond the pilot's",
    dimension="format",
    severity="warning",
    of="non-missing",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "Rows shorter than the pilot's shortest text or longer than its longest; and rows at production's longest "
        "length, where the pilot had longer ones and few of this length."
    ),
    false_alarms="Free text, whose tails grow with the number of rows.",
    remedy="Find the field or the interface with the other width; cut texts must be delivered again.",
    message=words.rate("has a length that the pilot did not have: {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
