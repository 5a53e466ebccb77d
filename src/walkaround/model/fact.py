"""Fact: one number that was measured, and of how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["sample", "exact"]
FactKey = tuple[str, tuple[str, ...]]
"""What identifies a fact of a table: its name and the columns it speaks of."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A measured number.

    `value` is None where there was nothing to measure. `count` of `of` rows (or non-missing rows, or records) is what
    a rate was made from; `of` is None where there is no denominator.
    `effective` is the size of a simple random sample that would tell as much, where the rows were drawn in clusters.
    `pilot_count` of `pilot_of` is set by facts that compare: the same figure in the pilot, counted alike.
    `pilot_divisor` is what the pilot's rows are divided by, to be effective ones, where these were drawn in clusters.
    `chance` is set by facts that bring their own test: how likely pilot and production, drawn from one process, show
    this or worse. `least_chance` is the smallest value that `chance` could have taken given what both sides hold
    together, `ceiling` the probability, at most, that it alarms at any level although nothing changed.
    `detail` is for people: redacted words such as a shape, a format, or the other name of a renamed column.
    """

    name: str
    columns: tuple[str, ...] = ()
    value: float | None = None
    count: int | None = None
    of: int | None = None
    basis: Basis = "sample"
    effective: float | None = None
    pilot_count: int | None = None
    pilot_of: int | None = None
    chance: float | None = None
    least_chance: float | None = None
    ceiling: float | None = None
    detail: str = ""
    pilot_divisor: float | None = None

    @property
    def key(self) -> FactKey:
        """Name and columns."""
        return self.name, self.columns

    @classmethod
    def rate(cls, name: str, columns: tuple[str, ...], count: int, of: int, detail: str = "") -> Fact:
        """A share: `count` of `of`; its value is None where `of` is 0."""
        return cls(name, columns, count / of if of else None, count, of, detail=detail)
