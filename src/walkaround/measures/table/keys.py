"""Rows that repeat the declared key of an earlier row, or have no key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Self

import numpy as np

from walkaround.columns import Table
from walkaround.measures.counting import SKETCH, Sketch
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure


@dataclass(frozen=True, slots=True, eq=False)
class Keys(Measure[Table]):
    """A sketch of the hashes of the declared key, over rows that have all its parts; exact below 16,384 keys.

    `names` are the columns of the key, joined by a tab; empty where none was declared. `without` rows lack a part.
    """

    error: ClassVar[float] = SKETCH**-0.5
    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    names: str = ""
    without: int = 0
    sketch: Sketch = Sketch()

    @classmethod
    def observe(cls, view: Table) -> Self:
        """Count one batch."""
        if not view.key:
            return cls()
        whole = np.logical_and.reduce([view.columns[name].present for name in view.key])
        hashes = view.hashes_of(view.key)[whole]
        return cls("\t".join(view.key), view.rows - len(hashes), Sketch.of(hashes, None))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.names or other.names, self.without + other.without, self.sketch.merge(other.sketch))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the key."""
        return tuple(self.names.split("\t")) if self.names else ()

    def facts(self) -> Iterable[Fact]:
        """`repeated_key_rate`, of the rows with a key that the sketch kept."""
        if self.names:
            seen = int(self.sketch.counts.sum())
            repeats = seen - len(self.sketch.counts)
            basis: Literal["exact", "sample"] = "exact" if self.sketch.complete else "sample"
            yield Fact("repeated_key_rate", self.columns, repeats / seen if seen else None, repeats, seen, basis)


MEASURE: Final = Keys
