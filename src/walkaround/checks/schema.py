"""SCH001: a column of the pilot is gone.

The model's input is not there. Most pipelines fail at once, some fill the column with a default, and then the model
runs on a constant.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

import numpy as np

from walkaround.checks import words
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.readings import FAMILIES, Readings
from walkaround.measures.column.shapes import Shapes
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import ColumnProfile, TableProfile

ALIKE: Final = 0.6
"""Two columns are taken for one under another name from this likeness on (of 1): content counts two thirds, the name
one."""


def renamed(pilot: TableProfile, production: TableProfile) -> dict[str, str]:
    """Columns of the pilot that are gone, with the new column of production that each probably became."""
    there = {*production.columns, *production.facts_of_source.denied}
    gone = [column for name, column in pilot.columns.items() if name not in there]
    new = [column for name, column in production.columns.items() if name not in pilot.columns]
    scored = sorted(((likeness(old, other), old.name, other.name) for old in gone for other in new), reverse=True)
    found: dict[str, str] = {}
    for score, old_name, new_name in scored:
        if score >= ALIKE and old_name not in found and new_name not in found.values():
            found[old_name] = new_name
    return found


def likeness(old: ColumnProfile, new: ColumnProfile) -> float:
    """How alike two columns are, 0 to 1: by what they hold (types, shapes, values), and by name."""
    names = SequenceMatcher(None, _bare(old.name), _bare(new.name)).ratio()
    if _bare(old.name) in _bare(new.name) or _bare(new.name) in _bare(old.name):
        names = max(names, 0.8)
    before, after = old.get(Readings), new.get(Readings)
    if not (before and after and before.rows and after.rows):
        return names if _bare(old.name) == _bare(new.name) else 0.0
    same_kind = FAMILIES.get(before.reads_as, before.reads_as) == FAMILIES.get(after.reads_as, after.reads_as)
    shapes = _overlap(old.get(Shapes), new.get(Shapes))
    values = _shared(old.get(Distinct), new.get(Distinct))
    content = (same_kind + (shapes if shapes is not None else float(same_kind)) + values) / 3
    return content * 2 / 3 + names / 3 if same_kind else content / 2


def _bare(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _overlap(old: Shapes | None, new: Shapes | None) -> float | None:
    """The part of two distributions of shapes that coincides; None where there are no shapes."""
    if old is None or new is None or not (old.rows and new.rows):
        return None
    return sum(min(count / old.rows, new.shapes.get(shape, 0) / new.rows) for shape, count in old.shapes.items())


def _shared(old: Distinct | None, new: Distinct | None) -> float:
    """The share of the smaller side's distinct values that the other has too."""
    if old is None or new is None or old.hashed_as != new.hashed_as:
        return 0.0
    bound = min(old.sketch.bound, new.sketch.bound)
    mine, theirs = old.sketch.up_to(bound)[0], new.sketch.up_to(bound)[0]
    least = min(len(mine), len(theirs))
    return len(np.intersect1d(mine, theirs, assume_unique=True)) / least if least else 0.0


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """Every column of the pilot."""
    del policy
    for name in pilot.columns:
        yield Limit(
            "SCH001", "column_gone", (name,), 0.0, "critical", PilotFigure(0.0), "the pilot had it", evidence="certain"
        )


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """1 for each column that is gone and was not renamed, else 0; one that may not be read is there."""
    there = {*production.columns, *production.facts_of_source.denied, *renamed(pilot, production)}
    for name in pilot.columns:
        yield Fact("column_gone", (name,), float(name not in there))


def message(outcome: Outcome) -> str:
    """Which column."""
    return f"the column {words.where(outcome)} of the pilot is not in production"


CHECK = Check(
    code="SCH001",
    title="A column is gone",
    dimension="schema",
    severity="critical",
    of="columns",
    computed="Columns are matched by name; what is probably a renamed column is SCH004 instead.",
    false_alarms="A column that the pilot carried and the model never used: freeze the pilot without it.",
    remedy="Have the source deliver the column again, or train the model without it.",
    message=message,
    limits=limits,
    facts=facts,
)
