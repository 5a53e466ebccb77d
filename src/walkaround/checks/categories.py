"""CAT001: values or words that the pilot's column did not have.

An encoder built on the pilot has no place for them: they become zero, "other", or an error, and the rows that hold them
are scored on less than the model needs. Typing errors in codes and names show here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit, novelty_of_pilot, novelty_of_values, pairs
from walkaround.columns import Table
from walkaround.measures.column.categories import Categories
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.column.readings import Readings
from walkaround.measures.column.vocabulary import Vocabulary
from walkaround.measures.identifiers import is_identifier
from walkaround.measures.privacy import is_personal
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import MIN_GROUP, MIN_VALUES, Policy
from walkaround.model.profile import ColumnProfile, TableProfile

CLOSED: Final = 0.2
"""A column is a vocabulary where at most this share of the pilot's rows holds a value that occurs once."""
RETURNING: Final = 0.5
"""A column's words are a vocabulary where at least half of them stand there more than once."""
PROSE: Final = 12.0
"""Texts of more words a row are prose: one new text brings many new words at once."""
TELLING: Final = 0.1
"""Above this share of novelty in the pilot itself, that one value is new says nothing of that one row."""


def is_vocabulary(column: ColumnProfile) -> bool:
    """Whether the pilot's values of a column are likely to be nearly all there are."""
    state = column.get(Distinct)
    readings = column.get(Readings)
    moving = readings is not None and readings.reads_as in {"date", "datetime"}
    if state is None or not state.sketch.rows or moving or column.kind in {"binary", "nested"}:
        return False
    if is_identifier(column):
        return False
    single, rows = novelty_of_pilot(state.sketch.counts.tolist())
    return single <= CLOSED * rows


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The share of rows that will hold something unseen even if nothing changes, and the tolerance."""
    for column, state in pilot.columns_with(Distinct):
        if is_vocabulary(column):
            single, rows = novelty_of_pilot(state.sketch.counts.tolist())
            why = f"the pilot had {round(state.sketch.distinct)} values, {single} of them once: that is its own novelty"
            yield limit(CHECK, policy, "new_value_rate", column.name, single, rows, why, "own")
        vocabulary = column.get(Vocabulary)
        if vocabulary is not None and has_words(column):
            single, of = novelty_of_pilot(vocabulary.sketch.counts.tolist())
            why = f"the pilot's texts had {of} words, {single} of them once: that is its own novelty"
            yield limit(CHECK, policy, "new_word_rate", column.name, single, of, why, "own")
        had, of = _rows(column)
        if had < MIN_VALUES <= of:
            why = f"only {had} of the pilot's {of} rows said anything"
            yield limit(CHECK, policy, "filled_rate", column.name, had, of, why)


def has_words(column: ColumnProfile) -> bool:
    """Whether a column is made of few enough words a row, many of which return, that new ones tell something."""
    state = column.get(Vocabulary)
    if state is None or state.rows < MIN_VALUES or state.words_a_row > PROSE or is_vocabulary(column):
        return False
    single, words_seen = novelty_of_pilot(state.sketch.counts.tolist())
    return single <= RETURNING * words_seen


def _rows(column: ColumnProfile) -> tuple[int, int]:
    """Rows that say something, and all rows."""
    state = column.get(Missingness)
    return (state.present, state.rows) if state else (0, 0)


def facts(pilot: TableProfile, production: TableProfile) -> Iterator[Fact]:
    """The share of rows whose value the pilot did not have; which ones, where they may be told."""
    for name, before, after in pairs(pilot, production, Distinct):
        had, pilot_of = _rows(pilot.columns[name])
        if had < MIN_VALUES <= pilot_of:
            count, of = _rows(production.columns[name])
            yield replace(Fact.rate("filled_rate", (name,), count, of), pilot_count=had, pilot_of=pilot_of)
        if is_vocabulary(pilot.columns[name]) and (before.hashed_as == after.hashed_as or not after.sketch.rows):
            fact = novelty_of_values("new_value_rate", name, before.sketch, after.sketch)
            detail = _named(pilot.columns[name], production.columns[name])
            yield replace(fact, detail=detail)
    for name, old, new in pairs(pilot, production, Vocabulary):
        if has_words(pilot.columns[name]):
            together = max(1.0, old.words_a_row, new.words_a_row)
            yield novelty_of_values("new_word_rate", name, old.sketch, new.sketch, together)


def _named(before: ColumnProfile, after: ColumnProfile) -> str:
    """The new categories that law 4 allows to be told."""
    old, new = before.get(Categories), after.get(Categories)
    if old is None or new is None or old.many or new.many or is_personal(before) or is_personal(after):
        return ""
    told = [value for value, rows in new.values.items() if value not in old.values and rows >= MIN_GROUP]
    return f": {', '.join(sorted(told, key=lambda value: -new.values[value])[:5])}" if told else ""


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows whose value the pilot did not have."""
    name = outcome.columns[0]
    column = table.columns[name]
    if outcome.fact == "filled_rate":
        return column.present
    if (outcome.pilot or 0.0) > TELLING:
        return np.zeros(table.rows, np.bool_)
    if outcome.fact == "new_word_rate":
        vocabulary = pilot.columns[name].get(Vocabulary)
        known = vocabulary.sketch.hashes if vocabulary else np.empty(0, np.uint64)
        hashes, values = column.words
        odd = np.zeros(len(column.text.weights), np.bool_)
        odd[values[~np.isin(hashes, known)]] = True
        return column.text.rows_of(odd)
    distinct = pilot.columns[name].get(Distinct)
    known = distinct.sketch.hashes if distinct else np.empty(0, np.uint64)
    if column.kind == "text":
        hashes, _ = column.value_hashes
        new = np.zeros(len(column.text.weights), np.bool_)
        new[column.text.present] = ~np.isin(hashes, known)
        return column.text.rows_of(new)
    return column.present & ~np.isin(column.row_hashes, known)


def message(outcome: Outcome) -> str:
    """What is new: values, words, or that there is anything at all."""
    if outcome.fact == "new_word_rate":
        return (
            f"{words.share(outcome.observed)} of the words in {words.where(outcome)} are words that the pilot did not "
            f"have; {words.share(outcome.pilot)} of its own stand there once, the limit is {words.share(outcome.limit)}"
        )
    if outcome.fact == "filled_rate":
        return words.rate("says something where the pilot said nothing")(outcome)
    return words.rate("has a value that the pilot did not have{detail}")(outcome)


CHECK = Check(
    code="CAT001",
    title="New values",
    dimension="semantics",
    severity="warning",
    of="non-missing",
    tolerance=0.005,
    grave=0.05,
    computed=(
        "In columns whose pilot values nearly all repeat: rows with values that the pilot lacks, against the novelty "
        "that the pilot itself still shows (its values seen once). The chance is that of a random split of both "
        "sides together. In columns of names and short texts the same for words of three letters or more."
    ),
    false_alarms="Vocabularies that grow: new products, new branches.",
    remedy="Decide for each new value whether it is an error, a synonym or news; map it, or retrain with it.",
    message=message,
    limits=limits,
    facts=facts,
    cells=cells,
)
