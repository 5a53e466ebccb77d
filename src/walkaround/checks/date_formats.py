"""FMT001: dates in a format that the pilot did not have.

A parser told one format drops the others, or worse, reads them as other days. Nothing fails; the model sees a customer
who signed up in the wrong month.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, novelty, pairs
from walkaround.columns import Table
from walkaround.columns.dates import EITHER
from walkaround.columns.numbers import NATIVE
from walkaround.measures.column.dates import Dates
from walkaround.measures.column.readings import MOSTLY, Readings
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import ColumnProfile, TableProfile

ISO: Final = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S%z", NATIVE)
"""What a typed date is written as; where the pilot was typed, these are no news."""


def holds_dates(column: ColumnProfile) -> bool:
    """Whether the pilot's column is one of dates or times."""
    readings = column.get(Readings)
    dates = column.get(Dates)
    return bool(readings and dates and readings.rows and dates.count >= MOSTLY * readings.rows)


def known_formats(column: ColumnProfile) -> set[str]:
    """The formats that the pilot had or the settings declare, and those that mean the same."""
    dates = column.get(Dates)
    known = set(dates.formats) if dates else set()
    known |= set(column.spec.formats)
    if NATIVE in known or known & set(ISO):
        known |= set(ISO) if NATIVE in known else {NATIVE}
    for either in [label for label in known if EITHER in label]:
        known |= set() if known & set(either.split(EITHER)) else set(either.split(EITHER))
    known |= set(_seen_open(known))
    return known


def _seen_open(known: set[str]) -> set[str]:
    """The open labels of which one reading is known: 03/04/2026 is no new format where 13/04/2026 was seen."""
    opened = set()
    for label in known:
        for first, second in (("%d", "%m"), ("%m", "%d")):
            if label.startswith(first):
                other = label.replace(first, "\0", 1).replace(second, first, 1).replace("\0", second, 1)
                day_first, month_first = (label, other) if first == "%d" else (other, label)
                opened.add(f"{day_first}{EITHER}{month_first}")
    return opened


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No format beyond the pilot's."""
    for column in pilot.columns.values():
        if holds_dates(column):
            state = column.get(Dates)
            rows = state.count if state else 0
            why = f"the pilot's dates were written as {', '.join(sorted(known_formats(column))[:4])}"
            yield limit(CHECK, policy, "new_date_format_rate", column.name, 0, rows, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of dates in formats that the pilot did not have."""
    for name, before, after in pairs(pilot, production, Dates):
        column = pilot.columns[name]
        if holds_dates(column):
            yield novelty("new_date_format_rate", name, before.formats, after.formats, known=known_formats(column))


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose date is in a new format."""
    name = outcome.columns[0]
    column = table.columns[name]
    if column.kind != "text":
        return np.zeros(table.rows, np.bool_)
    read = column.text.dates
    known = known_formats(pilot.columns[name])
    new = np.array([label not in known for label in read.labels], np.bool_)
    chosen = np.zeros(len(column.text.weights), np.bool_)
    if len(read.at):
        chosen[read.at] = new[read.formats]
    return column.text.rows_of(chosen & column.text.present)


CHECK = Check(
    code="FMT001",
    title="Dates in new formats",
    dimension="format",
    severity="critical",
    of="non-missing dates",
    tolerance=0.005,
    grave=0.02,
    computed=(
        "Dates are read from raw text before anything parses them; each has one format, or two where it reads both "
        "ways. Rows in formats that the pilot never had, of all dates; the chance that they all fell there by luck."
    ),
    false_alarms="A source that was moved to another export between pilot and production, on purpose.",
    remedy="Have the source write ISO 8601 (2026-04-03), or parse each format by name and refuse the rest.",
    message=words.rate("is dated in a format that the pilot did not have: {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
