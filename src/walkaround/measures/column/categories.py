"""The categories of a column that has few: shown in reports where law 4 allows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal, Self

import numpy as np
import polars as pl

from walkaround.columns import Column
from walkaround.measures.counting import added
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

MOST: Final = 100
"""With more distinct values than this a column has no categories (law 4)."""
LONGEST: Final = 64
"""A value of more characters is prose or an identifier, not a category."""


@dataclass(frozen=True, slots=True)
class Categories(Measure[Column]):
    """Rows by value while there are at most 100 distinct values; `many` once there were more, and then no values."""

    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    values: Mapping[str, int] = field(default_factory=dict)
    many: bool = False

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Text and truth values that nobody called personal."""
        return kind in {"text", "boolean"} and not spec.personal

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        if view.kind == "boolean":
            true, valid = view.array.true_count, len(view.array) - view.array.null_count
            return cls({word: rows for word, rows in (("false", valid - true), ("true", true)) if rows})
        text = view.text
        weights = np.where(text.present, text.weights, 0)
        if int((weights > 0).sum()) > MOST * 64 and text.series.head(MOST * 64).n_unique() > MOST * 2:
            return cls({}, many=True)
        used = np.flatnonzero(weights)
        values: dict[str, int] = {}
        for raw, count in zip(text.series.gather(used).cast(pl.Binary), weights[used], strict=True):
            value = raw.decode("utf-8", "replace")  # invalid text is stopped at the border; what slips by may not crash
            values[value] = values.get(value, 0) + int(count)
            if len(values) > MOST or len(value) > LONGEST:
                return cls({}, many=True)
        return cls(dict(sorted(values.items())))

    def merge(self, other: Self) -> Self:
        """Add up; too many on either side, or together, are too many."""
        values = added(self.values, other.values)
        if self.many or other.many or len(values) > MOST:
            return type(self)({}, many=True)
        return type(self)(values)

    def facts(self) -> Iterable[Fact]:
        """None: categories are shown, not judged by name."""
        return ()


MEASURE: Final = Categories
