"""Rows that are the same in every column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Self

from walkaround.columns import Table
from walkaround.measures.counting import SKETCH, Sketch
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure


@dataclass(frozen=True, slots=True, eq=False)
class DuplicateRows(Measure[Table]):
    """A sketch of the hashes of whole rows; exact below 16,384 distinct rows."""

    error: ClassVar[float] = SKETCH**-0.5
    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    sketch: Sketch = Sketch()

    @classmethod
    def observe(cls, view: Table) -> Self:
        """Count one batch."""
        return cls(Sketch.of(view.row_hashes, None))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.sketch.merge(other.sketch))

    def facts(self) -> Iterable[Fact]:
        """`duplicate_rows_rate`: rows that repeat an earlier one, of the rows that the sketch kept."""
        seen = int(self.sketch.counts.sum())
        basis: Literal["exact", "sample"] = "exact" if self.sketch.complete else "sample"
        repeats = seen - len(self.sketch.counts)
        yield Fact("duplicate_rows_rate", (), repeats / seen if seen else None, repeats, seen, basis)


MEASURE: Final = DuplicateRows
