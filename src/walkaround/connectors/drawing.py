"""Seeded choice of rows: by position where the number of rows is known, by the smallest keys where it is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Positions = npt.NDArray[np.int64]
_SLACK: Final = 4
"""Rows drawn so far are cut back to the smallest keys once there are this many times too many."""


def draw_positions(strata: Sequence[int], rows: int, seed: int) -> Positions:
    """Positions of `rows` rows, sorted, out of strata of the given sizes laid end to end.

    Every stratum gives its share, rounded so that the sum is right (largest remainders, ties broken by the seed);
    within a stratum all rows are equally likely. On a sorted file this is far better than rows of a few row groups: the
    variance of a share is a tenth of a simple random sample's, not thousands of times larger.
    """
    sizes = np.asarray(strata, dtype=np.int64)
    total = int(sizes.sum())
    if rows >= total:
        return np.arange(total, dtype=np.int64)
    chance = np.random.default_rng(seed)
    share = sizes * (rows / total)
    take = np.minimum(np.floor(share).astype(np.int64), sizes)
    short = rows - int(take.sum())
    order = np.lexsort((chance.random(len(sizes)), -(share - take)))
    take[order[:short]] += 1
    starts = np.cumsum(sizes) - sizes
    drawn = [
        np.sort(chance.choice(size, size=count, replace=False)) + start
        for size, count, start in zip(sizes.tolist(), take.tolist(), starts.tolist(), strict=True)
        if count
    ]
    return np.concatenate(drawn).astype(np.int64) if drawn else np.empty(0, dtype=np.int64)


def take_positions(batches: Iterator[pa.RecordBatch], positions: Positions) -> Iterator[pa.RecordBatch]:
    """The rows of `batches` at `positions`, batch by batch; batches without any are left out."""
    start = 0
    for batch in batches:
        end = start + batch.num_rows
        low, high = np.searchsorted(positions, [start, end])
        if high > low:
            yield batch.take(pa.array(positions[low:high] - start))
        start = end


class SmallestKeys:
    """A simple random sample of `rows` rows of a stream of unknown length, in reading order.

    Every row gets a random key in reading order, and the rows with the smallest keys stay: which rows these are depends
    on seed and position alone. Not systematic (every k-th row), because only a random sample has a known variance.
    """

    def __init__(self, rows: int, seed: int) -> None:
        self.rows = rows
        self.seen = 0
        self._chance = np.random.default_rng(seed)
        self._limit = np.inf
        self._kept: list[tuple[npt.NDArray[np.float64], Any]] = []
        self._count = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Look at one more batch."""
        keys = self._chance.random(batch.num_rows)
        self.seen += batch.num_rows
        chosen = np.flatnonzero(keys < self._limit)
        if not len(chosen):
            return
        self._kept.append((keys[chosen], pa.Table.from_batches([batch]).take(pa.array(chosen))))
        self._count += len(chosen)
        if self._count > _SLACK * self.rows:
            self._cut()

    def table(self) -> pa.Table | None:
        """The rows drawn; None where no batch was seen or `rows` is 0."""
        self._cut()
        return self._kept[0][1] if self._kept else None

    def _cut(self) -> None:
        if not self._kept:
            return
        keys = np.concatenate([key for key, _ in self._kept])
        rows = pa.concat_tables([rows for _, rows in self._kept])
        if len(keys) > self.rows:
            chosen = np.sort(np.argpartition(keys, self.rows)[: self.rows])
            keys, rows = keys[chosen], rows.take(pa.array(chosen))
            self._limit = float(keys.max(initial=0.0))
        self._kept, self._count = [(keys, rows)], len(keys)
