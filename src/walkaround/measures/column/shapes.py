"""What the values of a text column look like: shapes, with how many rows have each."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import polars as pl

from walkaround.columns import Column
from walkaround.measures.counting import added
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

MOST: Final = 2_048
"""Shapes that are kept. A column with more has no format; those with the smallest checksums are a fair sample of
them."""


def _checksum(shape: str) -> tuple[int, str]:
    """A fixed order that has nothing to do with how common a shape is, the same in every process and version."""
    return zlib.crc32(shape.encode("utf-8", "surrogatepass")), shape


def _kept(shapes: Mapping[str, int]) -> dict[str, int]:
    """The shapes with the smallest checksums: a bottom-k sample, so it merges exactly."""
    if len(shapes) <= MOST:
        return dict(shapes)
    return {shape: shapes[shape] for shape in sorted(sorted(shapes, key=_checksum)[:MOST])}


@dataclass(frozen=True, slots=True)
class Shapes(Measure[Column]):
    """Counts of non-missing rows by shape."""

    rows: int = 0
    shapes: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Only text has a shape."""
        del spec
        return kind == "text"

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        text = view.text
        frame = pl.DataFrame({"shape": text.masks.shapes, "rows": text.mask_weights}).filter(pl.col("rows") > 0)
        grouped = frame.group_by("shape").agg(pl.col("rows").sum()).sort("shape")
        counts = dict(zip(grouped["shape"].to_list(), grouped["rows"].to_list(), strict=True))
        return cls(sum(counts.values()), _kept(counts))

    def merge(self, other: Self) -> Self:
        """Add up, and keep the same bottom-k that one pass over both would have kept."""
        return type(self)(self.rows + other.rows, _kept(added(self.shapes, other.shapes)))

    @property
    def complete(self) -> bool:
        """Whether every shape that was seen is here."""
        return len(self.shapes) < MOST

    def comparable(self, other: Shapes) -> tuple[dict[str, int], dict[str, int]]:
        """The shapes of both that either would have kept, so that absence means absence."""
        bounds = [max(map(_checksum, side.shapes)) for side in (self, other) if not side.complete]
        if not bounds:
            return dict(self.shapes), dict(other.shapes)
        bound = min(bounds)
        mine, theirs = (
            {shape: count for shape, count in side.shapes.items() if _checksum(shape) <= bound}
            for side in (self, other)
        )
        return mine, theirs

    def facts(self) -> Iterable[Fact]:
        """`shapes`: how many there are, where that is known."""
        if self.complete:
            yield Fact("shapes", value=float(len(self.shapes)), of=self.rows)


MEASURE: Final = Shapes
