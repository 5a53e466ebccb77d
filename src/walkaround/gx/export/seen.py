"""The pilot as core Great Expectations sees it: typed columns, nulls, and the rows that a share is of.

Fields that are empty in a text file are null, and its columns that hold plain numbers and nothing else are numbers: so
every reader of such files makes them. Columns of typed sources are of the type that they have there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from walkaround.measures.column.missingness import Missingness
from walkaround.measures.column.readings import Readings
from walkaround.measures.column.shapes import Shapes
from walkaround.measures.privacy import is_personal
from walkaround.model.measure import Measure
from walkaround.model.profile import ColumnProfile, TableProfile

S = TypeVar("S", bound=Measure)  # type: ignore[type-arg]  # of whatever it measures

TEXT_FILES: Final = "delimited"
"""The kind of source whose columns all arrive as text, and are typed by whoever reads them."""
DIGITS: Final = 6
"""Decimals of a share that are written. Shares are rounded to the lenient side, so that the pilot passes itself."""
_PLAIN_SHAPE: Final = re.compile(r"[-+]?(?:9\+(?:\.(?:9\+)?)?|\.9\+)(?:[Aa]\+[-+]?9\+)?")
"""The shapes of numbers that every reader of text files takes for numbers."""
_DECIMAL: Final = re.compile(r"(?i)(?:decimal|numeric)[0-9]*(?: *\( *[0-9]+ *, *(?P<scale>-?[0-9]+) *\))?")
"""A source's word for numbers of fixed digits: decimal128(12, 2), DECIMAL(12,2), NUMERIC."""


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """A column: `form` is its type ("number", "text", "date", ...), `nulls` its rows without a value."""

    profile: ColumnProfile
    form: str
    nulls: int
    rows: int

    def get(self, kind: type[S]) -> S | None:
        """The state of a measure, or None where it was not kept."""
        return self.profile.get(kind)

    @property
    def personal(self) -> bool:
        """Whether no value of it may leave (law 4)."""
        return is_personal(self.profile)

    @property
    def values(self) -> int:
        """Rows that are not null: what core expectations of values count."""
        return self.rows - self.nulls

    @property
    def decimal(self) -> bool:
        """Whether its numbers are typed as decimals: objects in pandas, which are equal to few floats."""
        return self.form == "number" and _DECIMAL.match(self.profile.declared) is not None

    @property
    def unit(self) -> float | None:
        """One unit in the last place of its decimals; None where that is not declared."""
        found = _DECIMAL.match(self.profile.declared)
        return None if found is None or found["scale"] is None else float(f"1e{-int(found['scale'])}")

    @property
    def hashable(self) -> bool:
        """Whether every engine can compare its values for equality: lists, structs and bytes it cannot."""
        return self.form not in {"nested", "binary"} and "list<" not in self.profile.declared.replace("[", "<")

    @property
    def absent(self) -> int:
        """Values that say nothing: blanks, and words for nothing."""
        state = self.get(Missingness)
        return self.values - state.present if state else 0

    def mostly(self, failing: float) -> dict[str, float]:
        """The argument `mostly` that lets this many of the pilot's values fail; none where none may."""
        return share_passing(failing / self.values if self.values else 0.0)


@dataclass(frozen=True, slots=True)
class SeenTable:
    """The pilot's table. A value is told where at least `min_group` rows have it.

    `new_shapes` is the share of new shapes that each column is allowed, by the limits that are exported.
    """

    profile: TableProfile
    columns: Mapping[str, SeenColumn]
    min_group: int
    new_shapes: Mapping[str, float]


def share_passing(failing: float) -> dict[str, float]:
    """The argument `mostly` that lets this share fail; none where none may.

    >>> share_passing(1 / 3), share_passing(0.0)
    ({'mostly': 0.666666}, {})
    """
    mostly = max(0.0, math.floor((1.0 - failing) * 10**DIGITS) / 10**DIGITS)
    return {"mostly": mostly} if failing > 0 else {}


def seen(profile: TableProfile, min_group: int, new_shapes: Mapping[str, float]) -> SeenTable:
    """The table of a pilot's profile."""
    text_file = profile.facts_of_source.kind == TEXT_FILES
    columns = {name: _column(column, profile.rows, text_file=text_file) for name, column in profile.columns.items()}
    return SeenTable(profile, columns, min_group, new_shapes)


def _column(column: ColumnProfile, rows: int, *, text_file: bool) -> SeenColumn:
    state = column.get(Missingness) or Missingness()
    nulls = state.nulls + state.nans + (state.empties if text_file else 0)
    form = "number" if text_file and column.kind == "text" and _plain_numbers(column) else column.kind
    return SeenColumn(column, form, nulls, rows)


def _plain_numbers(column: ColumnProfile) -> bool:
    """Whether a column of text holds numbers, written plainly, and nothing else."""
    readings, shapes, missing = column.get(Readings), column.get(Shapes), column.get(Missingness)
    if not (readings and readings.rows and shapes and shapes.complete and missing):
        return False
    return (
        readings.kinds.keys() <= {"integer", "decimal"}
        and not readings.zero_led
        and not missing.worded
        and not missing.blanks
        and all(map(_PLAIN_SHAPE.fullmatch, shapes.shapes))
    )
