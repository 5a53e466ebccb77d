"""FMT004: numbers written with other signs: decimal comma, thousands separators, currency or unit signs.

"1.234" is one or a thousand depending on who reads it. A changed sign either fails to parse, and the row is lost, or
parses, and the number is wrong by a factor of a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, novelty, pairs
from walkaround.columns import Table
from walkaround.columns.numbers import NATIVE, PLAIN
from walkaround.measures.column.numbers import Numbers
from walkaround.measures.column.readings import MOSTLY, Readings
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import ColumnProfile, TableProfile

NEUTRAL: Final = frozenset({PLAIN, "1e5", NATIVE})
"""Styles that use no sign of their own."""
DECIMAL: Final = "1.5"
"""The style that every program writes; it is new only where the pilot wrote decimals in another way."""


def holds_numbers(column: ColumnProfile) -> bool:
    """Whether the pilot's column is one of numbers."""
    readings, numbers = column.get(Readings), column.get(Numbers)
    return bool(readings and numbers and readings.rows and numbers.count >= MOSTLY * readings.rows)


def known_styles(numbers: Numbers) -> set[str]:
    """The styles that the pilot had, and those that say nothing new."""
    known = set(numbers.styles) | NEUTRAL
    if not any("," in style and not style.startswith("1,234") for style in numbers.styles):
        known.add(DECIMAL)
    return known


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """No style beyond the pilot's."""
    for column, state in pilot.columns_with(Numbers):
        if holds_numbers(column):
            why = f"the pilot's numbers were written like {', '.join(sorted(state.styles))}"
            yield limit(CHECK, policy, "new_number_style_rate", column.name, 0, state.count, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of numbers in styles that the pilot did not have."""
    for name, before, after in pairs(pilot, production, Numbers):
        if holds_numbers(pilot.columns[name]):
            yield novelty("new_number_style_rate", name, before.styles, after.styles, known=known_styles(before))


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose number is written in a new style."""
    name = outcome.columns[0]
    column, state = table.columns[name], pilot.columns[name].get(Numbers)
    if column.kind != "text" or state is None:
        return np.zeros(table.rows, np.bool_)
    read, known = column.text.numbers, known_styles(state)
    new = np.array([label not in known for label in read.labels], np.bool_)
    chosen = np.zeros(len(column.text.weights), np.bool_)
    if len(read.at):
        chosen[read.at] = new[read.styles]
    return column.text.rows_of(chosen)


CHECK = Check(
    code="FMT004",
    title="Numbers in new styles",
    dimension="format",
    severity="critical",
    of="non-missing numbers",
    tolerance=0.005,
    grave=0.02,
    computed=(
        "Each number has a style: its decimal and thousands signs, and whether money, percent or a unit stands beside "
        "it. Rows in styles that the pilot never had, of all numbers."
    ),
    false_alarms="A column that mixes units on purpose and whose pilot had one.",
    remedy="Have the source write plain numbers, the unit in the column's name; else parse by the style it declares.",
    message=words.rate("is written in a style that the pilot did not have, like {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
