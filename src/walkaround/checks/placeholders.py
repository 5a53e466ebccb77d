"""MIS002: words that stand for "nothing" where the pilot had values.

"N/A", "-" and "unknown" are text to a program: they pass every not-null test, become a category of their own, and are
counted as data by everyone downstream.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, pairs
from walkaround.columns import Table
from walkaround.columns.text import WORD
from walkaround.intervals import rise_chance
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.column.readings import Readings
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import MIN_VALUES, Policy
from walkaround.model.profile import TableProfile

NEARLY_UNIQUE: Final = 0.7
"""In a column whose rows are mostly distinct, one value that fills many rows is no value."""


WORDY: Final = frozenset({"text", "mixed", "email", "url", "uuid"})
"""Readings whose placeholder is a repeated text; numbers and dates have sentinels (MIS003)."""


def _nearly_unique(distinct: Distinct) -> bool:
    return distinct.sketch.distinct > NEARLY_UNIQUE * distinct.sketch.rows


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of words for "nothing"; in a nearly unique column, of its most repeated value as well."""
    for column, state in pilot.columns_with(Missingness):
        if column.kind != "text":
            continue
        why = f"{state.worded} of the pilot's {state.rows} rows held a word for nothing"
        yield limit(CHECK, policy, "placeholder_rate", column.name, state.worded, state.rows, why)
        distinct, readings = column.get(Distinct), column.get(Readings)
        wordy = readings is not None and readings.reads_as in WORDY
        if wordy and distinct is not None and distinct.sketch.rows >= MIN_VALUES and _nearly_unique(distinct):
            why = "no value of the pilot was repeated in so many rows; one that is stands for nothing"
            yield limit(CHECK, policy, "repeated_text_rate", column.name, 0, distinct.sketch.rows, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of the most repeated value that the pilot lacks, in columns that were nearly unique."""
    for name, before, after in pairs(pilot, production, Distinct):
        old, new = before.sketch, after.sketch
        readings = pilot.columns[name].get(Readings)
        wordy = readings is not None and readings.reads_as in WORDY
        if not wordy or old.rows < MIN_VALUES or not _nearly_unique(before) or not len(new.counts):
            continue
        bound = min(old.bound, new.bound)
        hashes, counts = new.up_to(bound)
        unseen = np.where(np.isin(hashes, old.up_to(bound)[0]), 0, counts)
        most = int(unseen.max(initial=0))
        of, pilot_of = int(counts.sum()), int(old.up_to(bound)[1].sum())
        repeated = int((counts >= max(most, 2)).sum())
        chance = min(1.0, max(repeated, 1) * rise_chance(0, pilot_of, most, of)) if most > 1 else 1.0
        yield Fact("repeated_text_rate", (name,), most / of if of else None, most, of, pilot_count=0, pilot_of=pilot_of,
                   chance=chance, least_chance=0.0, detail="one repeated text")  # fmt: skip


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that hold a word for "nothing"; for a repeated text, the rows of the batch's most repeated value."""
    del pilot
    column = table.columns[outcome.columns[0]]
    if outcome.fact == "placeholder_rate":
        return column.text.rows_of(column.text.absent == WORD)
    hashes = column.row_hashes
    distinct, codes, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    del distinct
    return np.asarray((counts[codes] == counts[codes[column.present]].max(initial=0)) & column.present)


CHECK = Check(
    code="MIS002",
    title="Words that stand for nothing",
    dimension="missingness",
    severity="critical",
    of="rows",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "Rows that hold one of a closed list of words for nothing (or the words that the settings name), of all rows; "
        "and, in columns whose values hardly repeat, the share of the most repeated value that the pilot lacks."
    ),
    false_alarms='A word that is a value here ("NA" for Namibia): name the words that mean nothing under `missing`.',
    remedy="Have the source write null, or map the words to null on the way in, and count them as missing.",
    message=words.rate("holds a word for nothing: {detail}"),
    limits=limits,
    facts=facts,
    cells=cells,
)
