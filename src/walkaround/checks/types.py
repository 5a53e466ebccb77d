"""SCH003: a column reads as another type than in the pilot.

A feature that was a number and comes as text is parsed, dropped or encoded by whoever meets it first, each in another
way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.columns import Table
from walkaround.columns.kinds import KINDS
from walkaround.intervals import ODDITY, least_rise_chance, rise_chance
from walkaround.measures.column.readings import FAMILIES, Readings
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

UNTYPED: Final = frozenset({"mixed", "nothing"})
"""Readings from which there is no other type to change to."""


def expected_kinds(readings: Readings) -> frozenset[str]:
    """The kinds that are no news: the pilot's kind and its family; no decimals where the pilot had integers alone; in a
    column of text whatever the pilot had in it.
    """
    kind = readings.reads_as
    if kind == "text":
        return frozenset({"text", *readings.kinds})
    family = FAMILIES.get(kind, kind)
    kinds = {name for name in KINDS if FAMILIES.get(name, name) == family}
    if kind == "integer" and not readings.kinds.get("decimal"):
        kinds.discard("decimal")
    return frozenset(kinds)


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The share of the pilot's values that do not read as its type, and the tolerance."""
    for column, state in pilot.columns_with(Readings):
        if state.reads_as not in UNTYPED:
            other = state.rows - sum(state.kinds.get(kind, 0) for kind in expected_kinds(state))
            why = f"the pilot's values read as {state.reads_as}, {other} of {state.rows} did not"
            yield limit(CHECK, policy, "other_type_rate", column.name, other, state.rows, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of non-missing values that do not read as the pilot's type."""
    for name, before, after in pairs(pilot, production, Readings):
        if before.reads_as in UNTYPED:
            continue
        kinds = expected_kinds(before)
        had = before.rows - sum(before.kinds.get(kind, 0) for kind in kinds)
        count = after.rows - sum(after.kinds.get(kind, 0) for kind in kinds)
        others = {kind: rows for kind, rows in after.kinds.items() if kind not in kinds}
        odds = 1.0 if had else ODDITY
        worst = max(others, key=lambda kind: others[kind], default=before.reads_as)
        yield Fact(
            "other_type_rate",
            (name,),
            count / after.rows if after.rows else None,
            count,
            after.rows,
            pilot_count=had,
            pilot_of=before.rows,
            chance=odds * rise_chance(had, before.rows, count, after.rows),
            least_chance=odds * least_rise_chance(had + count, before.rows, after.rows),
            detail=f"{worst}, not {before.reads_as}",
        )


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that do not read as the pilot's type."""
    name = outcome.columns[0]
    column, state = table.columns[name], pilot.columns[name].get(Readings)
    if state is None:
        return np.zeros(table.rows, np.bool_)
    kinds = expected_kinds(state)
    if column.kind == "text":
        right = np.isin(column.text.kinds, [KINDS.index(kind) for kind in kinds])
        return column.text.rows_of(~right & column.text.present)
    if column.kind == "number":
        if not kinds & {"integer", "decimal"}:
            return column.present
        numbers = column.number_of_row
        return (
            np.asarray(column.present & (numbers != np.floor(numbers)))
            if "decimal" not in kinds
            else ~column.valid & False
        )
    return column.present if column.kind not in kinds else np.zeros(table.rows, np.bool_)


CHECK = Check(
    code="SCH003",
    title="Another type",
    dimension="schema",
    severity="critical",
    of="non-missing",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "What each value reads as, whatever type the source declares: text that holds dates is dates. Rows that do not "
        "read as the pilot's type or its family, of non-missing rows."
    ),
    false_alarms="Integers that gained decimals because the source is more precise now.",
    remedy="Restore the type where the column is written; where it is meant, retrain and freeze the pilot again.",
    message=words.rate("reads as {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
