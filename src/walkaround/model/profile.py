"""Profile: what a sample was measured to be. A pilot's and a production's are the same type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.sample import Drawn, Records, SourceFacts
from walkaround.model.source import EMPTY, ColumnSpec

M = TypeVar("M", bound=Measure[Any])


def _get(measures: tuple[Measure[Any], ...], kind: type[M]) -> M | None:
    return next((state for state in measures if isinstance(state, kind)), None)


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """The states of all measures of one column.

    `kind` is the physical kind of the column as read ("text", "number", "date", ...; see `Measure.accepts`);
    `declared` the source's own word for its type.
    """

    name: str
    kind: str
    declared: str = ""
    spec: ColumnSpec = ColumnSpec("")
    measures: tuple[Measure[Any], ...] = ()

    def get(self, kind: type[M]) -> M | None:
        """The state of one measure, or None where it does not apply or was not kept."""
        return _get(self.measures, kind)

    def facts(self) -> Iterator[Fact]:
        """All facts of the column."""
        for measure in self.measures:
            for fact in measure.facts():
                yield replace(fact, columns=(self.name,))


@dataclass(frozen=True, slots=True)
class TableProfile:
    """The profile of one sample: columns in the order of the source, and the measures of whole rows.

    `read` says when the sample was read, where that is known.
    """

    source: str
    rows: int = 0
    columns: Mapping[str, ColumnProfile] = field(default_factory=lambda: EMPTY)
    measures: tuple[Measure[Any], ...] = ()
    facts_of_source: SourceFacts = SourceFacts("nothing")
    drawn: Drawn = Drawn("nothing", 0, 0)
    records: Records = Records(0)
    fingerprint: str = ""
    read: datetime | None = None

    def get(self, kind: type[M]) -> M | None:
        """The state of one measure of the whole table."""
        return _get(self.measures, kind)

    def columns_with(self, kind: type[M]) -> Iterator[tuple[ColumnProfile, M]]:
        """Each column that has a state of this measure, with that state."""
        for column in self.columns.values():
            state = column.get(kind)
            if state is not None:
                yield column, state

    def facts(self) -> Iterator[Fact]:
        """All facts: of the table first, then of each column."""
        for measure in self.measures:
            yield from measure.facts()
        for column in self.columns.values():
            yield from column.facts()
