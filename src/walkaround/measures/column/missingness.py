"""How much of a column says nothing: nulls, empty and blank texts, and words for "unknown"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import pyarrow as pa

from walkaround.columns import Column
from walkaround.columns.text import BLANK, EMPTY, WORD
from walkaround.measures.counting import added
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure


@dataclass(frozen=True, slots=True)
class Missingness(Measure[Column]):
    """Counts of rows, and of the ways in which a value can be absent.

    `nans` are floating-point NaN. `words` are counted in lower case; they are of a closed list, never a person's.
    """

    rows: int = 0
    nulls: int = 0
    nans: int = 0
    empties: int = 0
    blanks: int = 0
    words: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        nulls = int(view.array.null_count) if view.kind != "null" else view.rows
        if view.kind != "text":
            nans = 0
            if pa.types.is_floating(view.array.type):
                nans = view.rows - nulls - int(view.valid.sum())
            return cls(view.rows, nulls, nans)
        text = view.text
        empties, blanks = (int(text.weights[text.absent == how].sum()) for how in (EMPTY, BLANK))
        at = np.flatnonzero(text.absent == WORD)
        said: dict[str, int] = {}
        for word, count in zip(text.series.gather(at), text.weights[at], strict=True):
            key = word.strip().lower()
            said[key] = said.get(key, 0) + int(count)
        nulls = view.rows - int(text.weights.sum())
        return cls(view.rows, nulls, 0, empties, blanks, dict(sorted(said.items())))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(
            self.rows + other.rows,
            self.nulls + other.nulls,
            self.nans + other.nans,
            self.empties + other.empties,
            self.blanks + other.blanks,
            added(self.words, other.words),
        )

    @property
    def missing(self) -> int:
        """Rows that are null, NaN, empty or blank."""
        return self.nulls + self.nans + self.empties + self.blanks

    @property
    def worded(self) -> int:
        """Rows that hold a word for "nothing"."""
        return sum(self.words.values())

    @property
    def present(self) -> int:
        """Rows that say something: the denominator "non-missing"."""
        return self.rows - self.missing - self.worded

    def facts(self) -> Iterable[Fact]:
        """`missing_rate` and `placeholder_rate`, of rows."""
        yield Fact.rate("missing_rate", (), self.missing, self.rows)
        commonest = max(self.words, key=lambda word: self.words[word], default="")
        yield Fact.rate("placeholder_rate", (), self.worded, self.rows, detail=commonest)


MEASURE: Final = Missingness
