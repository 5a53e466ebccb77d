"""What the values of a column read as: integer, decimal, date, e-mail, text and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

from walkaround.columns import Column
from walkaround.columns.kinds import KINDS
from walkaround.measures.counting import added
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure

MOSTLY: Final = 0.9
"""A column reads as a kind where at least this share of its non-missing values does; below, it reads as mixed."""
FAMILIES: Final[Mapping[str, str]] = {"integer": "number", "decimal": "number", "date": "when", "datetime": "when"}
"""Kinds between which a single value says little: 3 among decimals, midnight among timestamps."""
_TYPED: Final[Mapping[str, str]] = {"date": "date", "datetime": "datetime", "time": "time", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Readings(Measure[Column]):
    """Counts of non-missing rows by what they read as. `zero_led` are digits that begin with a needless zero."""

    rows: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    zero_led: int = 0

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        if view.kind == "text":
            text = view.text
            weights = np.where(text.present, text.weights, 0)
            counts = np.bincount(text.kinds, weights, len(KINDS)).astype(np.int64)
            kinds = {kind: int(count) for kind, count in zip(KINDS, counts, strict=True) if count}
            at = text.numbers.at[text.numbers.whole]
            led = text.series.gather(at).str.strip_chars().str.contains(r"^0\d").to_numpy()
            return cls(int(weights.sum()), dict(sorted(kinds.items())), int(text.weights[at[led]].sum()))
        rows = int(view.valid.sum())
        if not rows:
            return cls()
        if view.kind == "number":
            numbers, _ = view.numbers
            whole = int((np.isfinite(numbers) & (numbers == np.floor(numbers))).sum())
            kinds = {kind: count for kind, count in (("decimal", rows - whole), ("integer", whole)) if count}
            return cls(rows, kinds)
        return cls(rows, {_TYPED.get(view.kind, "text"): rows})

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.rows + other.rows, added(self.kinds, other.kinds), self.zero_led + other.zero_led)

    @property
    def reads_as(self) -> str:
        """The kind of at least nine in ten non-missing values, "mixed" where there is none, "nothing" without values.

        Integers among decimals are decimals, dates among timestamps are timestamps; digits with leading zeros are text.
        """
        if not self.rows:
            return "nothing"
        for whole, part in (("decimal", "integer"), ("datetime", "date")):
            both = self.kinds.get(whole, 0) + self.kinds.get(part, 0)
            if both >= MOSTLY * self.rows:
                if self.zero_led > (1 - MOSTLY) * self.rows:
                    return "text"
                return whole if self.kinds.get(whole, 0) > (1 - MOSTLY) / 10 * both else part
        kind = max(self.kinds, key=lambda name: self.kinds[name])
        return kind if self.kinds[kind] >= MOSTLY * self.rows else "mixed"

    def reading_as(self, kind: str) -> int:
        """How many rows read as a kind, or as another of its family."""
        family = FAMILIES.get(kind, kind)
        return sum(count for name, count in self.kinds.items() if FAMILIES.get(name, name) == family)

    def facts(self) -> Iterable[Fact]:
        """One `reads_as_<kind>` rate for each kind that occurs, of non-missing rows."""
        for kind, count in self.kinds.items():
            yield Fact.rate(f"reads_as_{kind}", (), count, self.rows)


MEASURE: Final = Readings
