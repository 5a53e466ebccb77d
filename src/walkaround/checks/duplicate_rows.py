"""DUP002: identical rows.

A row that stands twice counts twice: in averages, in training, in the bill. It also leaks, when one copy is in the
training set and the other in the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.checks.schema import renamed
from walkaround.intervals import least_rise_chance, rarefied, rise_chance
from walkaround.measures.counting import Sketch
from walkaround.measures.table.duplicates import DuplicateRows
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

NATURAL: Final = 0.01
"""With more repeats than this in the pilot, repeating is what such rows do, and both sides are compared at equal
size."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of repeated rows, and the tolerance."""
    state = pilot.get(DuplicateRows)
    if state is not None and state.sketch.rows:
        repeats, seen = _repeats(state.sketch), int(state.sketch.counts.sum())
        why = f"{repeats} of the pilot's {seen} rows repeated an earlier one"
        yield limit(CHECK, policy, "duplicate_rows_beyond_rate", "", repeats, seen, why, "own")


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of rows that repeat an earlier one, less what so many rows of the pilot's process would repeat.

    The number of repeats grows with the square of the rows, so it is never compared raw: where the pilot hardly
    repeats, pairs of equal rows are compared, of all pairs; else the larger side is rarefied to the smaller.
    """
    before, after = pilot.get(DuplicateRows), production.get(DuplicateRows)
    if before is None or after is None or not before.sketch.rows or not after.sketch.rows:
        return
    old, new = before.sketch, after.sketch
    if not production.columns.keys() >= pilot.columns.keys() - renamed(pilot, production).keys():
        rows = int(new.counts.sum())  # a column is gone: rows that differ in it alone look the same now
        hidden = not production.facts_of_source.denied.isdisjoint(pilot.columns)
        why = "a column may not be read" if hidden else "a column is gone"
        yield Fact("duplicate_rows_beyond_rate", (), None, None, rows, detail=why)
        return
    if _repeats(old) > NATURAL * int(old.counts.sum()):
        yield _at_equal_size(old, new)
        return
    seen, repeats = int(new.counts.sum()), _repeats(new)
    pilot_seen, pilot_repeats = int(old.counts.sum()), _repeats(old)
    ratio = min(new.rows / old.rows, 1e6)
    natural = pilot_repeats / pilot_seen * ratio
    rate = repeats / seen
    beyond = max(0.0, rate - natural) + (pilot_repeats / pilot_seen if repeats else 0.0)
    pairs = new.rows * new.rows / (old.rows * old.rows + new.rows * new.rows)
    together = pilot_repeats + repeats
    chance = _binomial_tail(repeats, together, pairs) if repeats else 1.0
    yield Fact("duplicate_rows_beyond_rate", (), min(1.0, beyond), repeats, seen, "exact" if new.complete else "sample",
               pilot_count=pilot_repeats, pilot_of=pilot_seen, chance=chance,
               least_chance=pairs**together if together else 1.0)  # fmt: skip


def _at_equal_size(old: Sketch, new: Sketch) -> Fact:
    rows = min(int(old.counts.sum()), int(new.counts.sum()))
    had, has = (rows - _distinct_at(side, rows) for side in (old, new))
    return Fact("duplicate_rows_beyond_rate", (), has / rows, round(has), rows, "exact" if new.complete else "sample",
                pilot_count=round(had), pilot_of=rows, chance=rise_chance(round(had), rows, round(has), rows),
                least_chance=least_rise_chance(round(had) + round(has), rows, rows))  # fmt: skip


def _distinct_at(side: Sketch, rows: int) -> float:
    copies, items = np.unique(side.counts, return_counts=True)
    return rarefied(copies, items, int(side.counts.sum()), rows)


def _repeats(side: Sketch) -> int:
    return int(side.counts.sum()) - len(side.counts)


def _binomial_tail(count: int, of: int, share: float) -> float:
    """How likely `count` or more of `of` fall where a share of them belongs: the hypergeometric of a large table."""
    large = 10**9
    return rise_chance(of - count, round((1 - share) * large), count, round(share * large))


def message(outcome: Outcome) -> str:
    """How many."""
    return (
        f"{words.share(outcome.observed)} of the rows repeat an earlier row; the pilot had {words.share(outcome.pilot)}"
        f", the limit is {words.share(outcome.limit)}"
    )


CHECK = Check(
    code="DUP002",
    title="Identical rows",
    dimension="duplicates",
    severity="critical",
    of="rows",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "Rows that are the same in every column as an earlier one, over the whole of what was read, less what the "
        "pilot's own rate of coincidence would give at this size."
    ),
    false_alarms="Tables of few columns whose rows repeat by nature, such as readings of a meter without a time.",
    remedy="Find the load that ran twice; deduplicate at the source before anything is counted or trained.",
    message=message,
    limits=limits,
    facts=facts,
)
