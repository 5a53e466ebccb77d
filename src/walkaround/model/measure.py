"""Measure: the contract of everything that is measured. The state is the measure, and states add up (law 1)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Generic, Literal, Self, TypeVar

from walkaround.model.fact import Fact
from walkaround.model.source import ColumnSpec

View_contra = TypeVar("View_contra", contravariant=True)
"""What is observed: a `Column`, or a whole `Table`, of the layer above."""


class Measure(ABC, Generic[View_contra]):
    """A frozen dataclass whose fields are numbers, text, mappings and NumPy arrays.

    `observe(a + b)` equals `observe(a).merge(observe(b))`; `cls()` is the measure of nothing.
    `keep` says whether the state may stand in git (law 4): "always", for columns that are "not_personal", or "never",
    as it holds values or hashes of values.
    `error` is the relative standard error of what an approximate measure estimates; 0.0 is exact.
    """

    __slots__ = ()

    keep: ClassVar[Literal["always", "not_personal", "never"]] = "always"
    error: ClassVar[float] = 0.0

    @classmethod
    @abstractmethod
    def observe(cls, view: View_contra) -> Self:
        """Measure one batch: of one column, or of the whole table."""

    @abstractmethod
    def merge(self, other: Self) -> Self:
        """The measure of both batches."""

    @abstractmethod
    def facts(self) -> Iterable[Fact]:
        """The numbers this state stands for; their `columns` are filled in by the profile."""

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Whether the measure applies to a column of this spec and physical kind; never depends on content.

        Kinds: "text", "number", "date", "datetime", "time", "boolean", "binary", "nested", "null".
        """
        del spec, kind
        return True
