"""FMT003: values of a shape that the pilot did not have.

A shape is what a value looks like: letters, digits, signs. New shapes are new formats, typing errors, or another thing
in the same column; parsers, joins and encoders built on the pilot meet them unprepared.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, novelty, novelty_of_pilot, pairs
from walkaround.columns import Table
from walkaround.intervals import ODD_SHAPE
from walkaround.measures.column.shapes import Shapes
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The share of rows that will hold something unseen even if nothing changes, and the tolerance."""
    for column, state in pilot.columns_with(Shapes):
        if state.rows:
            single, rows = novelty_of_pilot(state.shapes.values())
            why = f"the pilot had {len(state.shapes)} shapes, {single} of them once: so much novelty is its own"
            yield limit(CHECK, policy, "new_shape_rate", column.name, single, rows, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of rows whose shape the pilot did not have."""
    for name, before, after in pairs(pilot, production, Shapes):
        if before.rows:
            yield novelty("new_shape_rate", name, *before.comparable(after), oddity=ODD_SHAPE)


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows of a shape that the pilot did not have."""
    name = outcome.columns[0]
    text = table.columns[name].text
    known = pilot.columns[name].get(Shapes)
    shapes = list(known.shapes) if known else []
    new = ~text.masks.shapes.is_in(shapes).to_numpy()
    return text.rows_of(new[text.masks.codes] & text.present)


CHECK = Check(
    code="FMT003",
    title="New shapes",
    dimension="format",
    severity="warning",
    of="non-missing",
    tolerance=0.005,
    grave=0.10,
    computed=(
        "Each value's characters become classes (digit, upper, lower, other letter; signs stay), runs are collapsed. "
        "Rows of shapes that the pilot lacks, against the novelty that the pilot itself still shows (shapes seen once)."
    ),
    false_alarms="Free text and names from more countries than the pilot had: new shapes, no defect.",
    remedy="Look at the new shapes: map them to the pilot's format, or teach the pipeline that they are right.",
    message=words.rate("has a shape that the pilot did not have, most often {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
