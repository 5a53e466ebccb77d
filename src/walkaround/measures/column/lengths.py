"""How long the texts of a column are, in characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from walkaround.columns import Column
from walkaround.measures.counting import counted, merged, no_keys
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

COARSE: Final = 1_024
"""Lengths from here on are counted in steps of 1/64 of themselves: nobody asks for the exact length of prose."""


@dataclass(frozen=True, slots=True, eq=False)
class Lengths(Measure[Column]):
    """Rows by length; `lengths` ascending and `counts`, (k,), of non-missing rows."""

    lengths: NDArray[np.int64] = field(default_factory=no_keys)
    counts: NDArray[np.int64] = field(default_factory=no_keys)

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Only text has a length."""
        del spec
        return kind == "text"

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        weights = view.text.mask_weights
        lengths = view.text.masks.lengths[weights > 0]
        step = np.maximum(1, 2 ** np.maximum(0, np.frexp(lengths.astype(np.float64))[1] - 7))
        coarse = np.where(lengths >= COARSE, lengths // step * step, lengths)
        return cls(*counted(coarse, weights[weights > 0]))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(*merged(self.lengths, self.counts, other.lengths, other.counts))

    @property
    def rows(self) -> int:
        """Non-missing rows."""
        return int(self.counts.sum())

    def beyond(self, shortest: int, longest: int) -> int:
        """How many rows are shorter or longer."""
        return int(self.counts[(self.lengths < shortest) | (self.lengths > longest)].sum())

    def facts(self) -> Iterable[Fact]:
        """`shortest` and `longest`, in characters."""
        if len(self.lengths):
            yield Fact("shortest", value=float(self.lengths[0]), of=self.rows)
            yield Fact("longest", value=float(self.lengths[-1]), of=self.rows)


MEASURE: Final = Lengths
