"""OUT003: values that cannot be: negative where the pilot had none, or dated after the file was written.

A negative count, a birth next year: not unlikely but wrong, and each points to a step that went wrong before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.checks.date_formats import holds_dates
from walkaround.checks.number_styles import holds_numbers
from walkaround.columns import Table
from walkaround.columns.dates import NO_DAY
from walkaround.intervals import ODDITY, least_rise_chance, rise_chance
from walkaround.measures.column.dates import Dates
from walkaround.measures.column.numbers import Numbers
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

SECONDS_A_DAY: Final = 86_400
ENOUGH: Final = 30
"""Numbers without a negative one among them before a negative one is called impossible."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No negative number where the pilot had none; no date after the data was written."""
    for column in pilot.columns.values():
        numbers, dates = column.get(Numbers), column.get(Dates)
        if numbers is not None and numbers.finite >= ENOUGH and not numbers.negatives and holds_numbers(column):
            why = f"none of the pilot's {numbers.count} numbers was negative"
            yield limit(CHECK, policy, "negative_rate", column.name, 0, numbers.count, why, "own")
        known = int(dates.counts.sum()) if dates is not None and _written(pilot) is not None else 0
        if dates is not None and known >= ENOUGH and holds_dates(column) and not _future(dates, _written(pilot)):
            why = f"none of the pilot's {dates.count} dates was after the day its data was written"
            yield limit(CHECK, policy, "future_date_rate", column.name, 0, dates.count, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The shares of negative numbers and of dates after the day on which production was written."""
    for name, before, after in pairs(pilot, production, Numbers):
        yield _fact("negative_rate", name, before.count, after.negatives, after.count)
    written = _written(production)
    for name, old, new in pairs(pilot, production, Dates):
        of = int(new.counts.sum())
        if written is None:
            yield Fact(
                "future_date_rate", (name,), None, None, of, detail="the source does not say when it was written"
            )
        else:
            yield _fact("future_date_rate", name, old.count, _future(new, written), of)


def _fact(fact: str, column: str, pilot_of: int, count: int, of: int) -> Fact:
    return Fact(
        fact,
        (column,),
        count / of if of else None,
        count,
        of,
        pilot_count=0,
        pilot_of=pilot_of,
        chance=ODDITY * rise_chance(0, pilot_of, count, of),
        least_chance=ODDITY * least_rise_chance(count, pilot_of, of),
        detail="negative" if fact == "negative_rate" else "dated after the data was written",
    )


def _written(profile: TableProfile) -> int | None:
    """The day after the source was last written, in days since 1970-01-01; after it was read, where it does not say."""
    modified = profile.facts_of_source.modified or profile.read
    return None if modified is None else int(modified.timestamp() // SECONDS_A_DAY) + 1


def _future(dates: Dates, written: int | None) -> int:
    return 0 if written is None else int(dates.counts[dates.days > written].sum())


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that are negative; rows dated beyond the pilot's last day, where the date is impossible."""
    name = outcome.columns[0]
    column = table.columns[name]
    if outcome.fact == "negative_rate":
        return np.asarray(column.number_of_row < 0)
    state = pilot.columns[name].get(Dates)
    last = int(state.days[-1]) if state is not None and len(state.days) else NO_DAY
    return np.asarray(column.day_of_row > last)


CHECK = Check(
    code="OUT003",
    title="Impossible values",
    dimension="outliers",
    severity="critical",
    of="non-missing numbers or dates",
    tolerance=0.001,
    grave=0.01,
    computed=(
        "Negative numbers in columns of which the pilot had at least 30 numbers and none negative; dates after the day "
        "on which the source was last written, where the pilot had none after its own."
    ),
    false_alarms="Refunds and corrections, if the pilot was taken before there were any.",
    remedy="Find the step that produced them; until then keep such rows away from the model.",
    message=words.rate("is {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
