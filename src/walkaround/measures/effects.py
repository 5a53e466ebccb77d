"""Effects: by how much a clustered sample tells less of a column than its rows say, fact by fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from walkaround.intervals import DesignEffect
from walkaround.measures.column.clustering import Clustering
from walkaround.model.profile import ColumnProfile, TableProfile


@dataclass(frozen=True, slots=True)
class Effects:
    """The design effects of one column: of its missing rows, of its words for "nothing", and the largest of all that
    was looked at. None where nothing varies.
    """

    missing: DesignEffect | None = None
    worded: DesignEffect | None = None
    largest: DesignEffect | None = None

    @classmethod
    def of(cls, column: ColumnProfile, fraction: float | None) -> Self | None:
        """Of a column of a sample that is a `fraction` of its source; None where rows were not drawn in units."""
        state = column.get(Clustering)
        if state is None or not len(state.units):
            return None
        return cls(state.missing_effect(fraction), state.worded_effect(fraction), state.largest_effect(fraction))

    def divisor(self, fact: str, rows: float) -> float:
        """What the `rows` rows of a fact are divided by, to be as many independent ones as tell as much.

        Missing rows have their own design effect, which may be below 1: strata tell more of what goes with the order of
        the table than rows drawn one by one. Every other fact has the largest, and never less than 1: what it counts
        was not counted by unit.
        """
        own = {"missing_rate": self.missing, "placeholder_rate": self.worded}.get(fact)
        if own is not None:
            return own.cautious(rows)
        return 1.0 if self.largest is None else max(1.0, self.largest.cautious(rows))


def effects_of(profile: TableProfile) -> dict[str, Effects]:
    """The effects of each column whose rows were drawn in units."""
    fraction = profile.drawn.fraction
    found = {name: Effects.of(column, fraction) for name, column in profile.columns.items()}
    return {name: effects for name, effects in found.items() if effects is not None}
