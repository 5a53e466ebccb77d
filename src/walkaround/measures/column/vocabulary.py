"""The words that the texts of a column are made of: how many distinct ones, and how often each occurs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Self

from walkaround.columns import Column
from walkaround.measures.counting import SKETCH, Sketch
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary(Measure[Column]):
    """A sketch of the hashes of words (three letters or more), over the `rows` that read as text and say something."""

    error: ClassVar[float] = SKETCH**-0.5
    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    rows: int = 0
    sketch: Sketch = Sketch()

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Only text has words."""
        del spec
        return kind == "text"

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        hashes, values = view.words
        worded = view.text.worded
        return cls(int(view.text.weights[worded].sum()), Sketch.of(hashes, view.text.weights[values]))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.rows + other.rows, self.sketch.merge(other.sketch))

    @property
    def words_a_row(self) -> float:
        """Words in a text, on average; 0 where there is no text."""
        return self.sketch.rows / self.rows if self.rows else 0.0

    def facts(self) -> Iterable[Fact]:
        """`words`: distinct ones."""
        if self.rows:
            yield Fact("words", value=round(self.sketch.distinct), of=self.sketch.rows)


MEASURE: Final = Vocabulary
