"""MIS003: numbers and dates that stand for "nothing", such as 9999 or 1900-01-01.

A sentinel is inside the type and often inside the range, so nothing stops it: it becomes an age of 999, a customer of
125 years, an average that is wrong by a factor. It is believed on evidence: much more common than in the pilot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.columns import Table
from walkaround.intervals import ODDITY, rise_chance
from walkaround.measures.column.dates import SENTINEL_DAYS, Dates
from walkaround.measures.column.numbers import Numbers
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

COMMON: Final = 0.02
"""A number that more than this share of the pilot holds is a value there, whatever it looks like."""
TIMES: Final = 3
"""A sentinel must be at least so many times as common as in the pilot: less is drift."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No suspicious number or day may be much more common than in the pilot."""
    for column in pilot.columns.values():
        numbers, dates = column.get(Numbers), column.get(Dates)
        for state, values in (
            (numbers, numbers.count if numbers else 0),
            (dates, int(dates.counts.sum()) if dates else 0),
        ):
            if state is not None and values:
                why = "a number or day that programs write for nothing may not be much more common than in the pilot"
                fact = "sentinel_number_rate" if state is numbers else "sentinel_day_rate"
                yield limit(CHECK, policy, fact, column.name, 0, values, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of the one suspicious value that rose most."""
    for name, before, after in pairs(pilot, production, Numbers):
        if before.count:
            yield _worst("sentinel_number_rate", name, before.sentinels, before.count, after.sentinels, after.count)
    for name, old, new in pairs(pilot, production, Dates):
        if old.count:
            sure = int(new.counts.sum())
            yield _worst("sentinel_day_rate", name, old.sentinels, int(old.counts.sum()), new.sentinels, sure)


def _worst(  # noqa: PLR0917 - two counts by value, each beside what it is of
    fact: str, column: str, before: Mapping[str, int], pilot_of: int, after: Mapping[str, int], of: int
) -> Fact:
    risen = {
        value: count
        for value, count in after.items()
        if before.get(value, 0) <= COMMON * pilot_of and count * pilot_of >= TIMES * before.get(value, 0) * of
    }
    worst = max(risen, key=lambda value: risen[value], default="")
    count, had = risen.get(worst, 0), before.get(worst, 0)
    tried = len({*before, *after})
    odds = 1.0 if had else ODDITY
    chance = min(1.0, odds * tried * rise_chance(had, pilot_of, count, of)) if count else 1.0
    return Fact(
        fact,
        (column,),
        count / of if of else None,
        count,
        of,
        pilot_count=had,
        pilot_of=pilot_of,
        chance=chance,
        least_chance=odds * rise_chance(0, pilot_of, count + had, of) if count else 1.0,
        detail=worst,
    )


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that hold the sentinel that was found."""
    del pilot
    column = table.columns[outcome.columns[0]]
    if not outcome.detail:
        return np.zeros(table.rows, np.bool_)
    if outcome.fact == "sentinel_day_rate":
        return np.asarray(column.day_of_row == SENTINEL_DAYS[outcome.detail])
    return np.asarray(column.number_of_row == float(outcome.detail))


CHECK = Check(
    code="MIS003",
    title="Sentinels for nothing",
    dimension="missingness",
    severity="critical",
    of="non-missing numbers or dates",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "For a closed list of numbers and days that programs write for nothing, the one whose share rose most over the "
        "pilot's, if at most 2 % of the pilot held it and it is at least three times as common now; the chance is "
        "multiplied by the number of candidates that either side holds."
    ),
    false_alarms="A code such as 99 or a price such as 999 that became common for a reason.",
    remedy="Have the source write null for nothing; until then map the sentinel to null where the data comes in.",
    message=words.rate("holds the sentinel {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
