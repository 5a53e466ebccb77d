"""How many distinct values a column has, and how often each occurs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal, Self

from walkaround.columns import Column
from walkaround.measures.counting import SKETCH, Sketch
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure


@dataclass(frozen=True, slots=True, eq=False)
class Distinct(Measure[Column]):
    """A sketch of the hashes of non-missing values, with counts; exact below 16,384 distinct values.

    `hashed_as` names the form in which values were hashed: states of unlike forms are not compared.
    """

    error: ClassVar[float] = SKETCH**-0.5
    keep: ClassVar[Literal["always", "not_personal", "never"]] = "never"

    sketch: Sketch = Sketch()
    hashed_as: str = ""

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        form = view.spec.hash_as
        if form == "native":
            form = {"number": "number", "date": "date"}.get(view.kind, "text")  # type: ignore[assignment]  # a kind is a form
        return cls(Sketch.of(*view.value_hashes), form if view.kind != "datetime" else "datetime")

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.sketch.merge(other.sketch), self.hashed_as or other.hashed_as)

    def facts(self) -> Iterable[Fact]:
        """`distinct`, of non-missing rows."""
        basis = "exact" if self.sketch.complete else "sample"
        yield Fact("distinct", value=round(self.sketch.distinct), of=self.sketch.rows, basis=basis)  # type: ignore[arg-type]  # one of two words


MEASURE: Final = Distinct
