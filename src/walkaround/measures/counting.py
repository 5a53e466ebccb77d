"""Counts that add up: the arithmetic that measures share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

SKETCH: Final = 16_384
"""Hashes that a sketch keeps: one standard error of a distinct count is 1 / sqrt(16,384), 0.8 %."""
REACH: Final = 1.25
"""How much further than the smallest hashes are thought to reach one looks, so that the first look mostly finds all."""
LARGE: Final = 0.5
"""Where more than this share of the rows would be looked at, all of them are."""


def added(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    """Counts by word of both; words in order, so that equal counts are equal text."""
    total = dict(first)
    for word, count in second.items():
        total[word] = total.get(word, 0) + count
    return dict(sorted(total.items()))


def no_keys() -> NDArray[np.int64]:
    """An array of no counts."""
    return np.empty(0, np.int64)


def merged(
    keys: NDArray[Any], counts: NDArray[np.int64], more_keys: NDArray[Any], more_counts: NDArray[np.int64]
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Counts by key of both, (k,) each, keys ascending and distinct."""
    if not len(keys):
        return more_keys, more_counts
    if not len(more_keys):
        return keys, counts
    distinct, codes = np.unique(np.concatenate([keys, more_keys]), return_inverse=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, codes, np.concatenate([counts, more_counts]))
    return distinct, total


def counted(keys: NDArray[Any], weights: NDArray[np.int64] | None) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Distinct keys, ascending, and for how many rows each stands."""
    if not len(keys):
        return keys, no_keys()
    frame = pl.DataFrame({"key": keys, "weight": np.ones(len(keys), np.int64) if weights is None else weights})
    grouped = frame.group_by("key").agg(pl.col("weight").sum()).sort("key")
    return grouped["key"].to_numpy(), grouped["weight"].to_numpy().astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """The k smallest of some hashes, with the number of rows of each (Bar-Yossef et al., 2002, with counts).

    `hashes` ascending and `counts`, (k,) each. Complete while fewer than `SKETCH` distinct hashes were seen; past that,
    a uniform sample of the distinct values, each with its exact count. `rows` counts all rows seen.
    """

    rows: int = 0
    hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
    counts: NDArray[np.int64] = field(default_factory=no_keys)

    @classmethod
    def of(cls, hashes: NDArray[np.uint64], weights: NDArray[np.int64] | None) -> Self:
        """Of hashes (n,), each of which stands for `weights` rows, or one."""
        rows = len(hashes) if weights is None else int(weights.sum())
        if weights is not None and not weights.all():
            hashes, weights = hashes[weights > 0], weights[weights > 0]
        share = REACH * SKETCH / max(len(hashes), 1)
        while share < LARGE:  # where those below a bound are enough, the smallest of all are among them
            near = hashes <= np.uint64(share * 2.0**64)
            distinct, counts = counted(hashes[near], None if weights is None else weights[near])
            if len(distinct) >= SKETCH:
                return cls(rows, distinct[:SKETCH], counts[:SKETCH])
            share *= REACH * SKETCH / max(len(distinct), 1)
        distinct, counts = counted(hashes, weights)
        return cls(rows, distinct[:SKETCH], counts[:SKETCH])

    def merge(self, other: Self) -> Self:
        """The sketch of both."""
        hashes, counts = merged(self.hashes, self.counts, other.hashes, other.counts)
        return type(self)(self.rows + other.rows, hashes[:SKETCH], counts[:SKETCH])

    @property
    def complete(self) -> bool:
        """Whether every distinct hash that was seen is here."""
        return len(self.hashes) < SKETCH

    @property
    def bound(self) -> int:
        """Every distinct hash up to this one is here."""
        return 2**64 - 1 if self.complete else int(self.hashes[-1])

    @property
    def distinct(self) -> float:
        """How many distinct hashes were seen; an estimate where the sketch is not complete."""
        if self.complete:
            return float(len(self.hashes))
        return (SKETCH - 1) / (float(self.hashes[-1]) / 2.0**64)

    @property
    def repeated_rate(self) -> float | None:
        """The share of rows that repeat an earlier one; None where there are no rows."""
        seen = int(self.counts.sum())
        return (seen - len(self.counts)) / seen if seen else None

    def up_to(self, bound: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """The hashes up to a bound, and their counts: two sketches are compared up to the smaller of their bounds."""
        place = int(np.searchsorted(self.hashes, np.uint64(bound), side="right"))
        return self.hashes[:place], self.counts[:place]
