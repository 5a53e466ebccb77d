"""Groups: which row groups are read, where all of them together are more than reading may cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from walkaround.connectors.drawing import draw_positions, take_positions
from walkaround.connectors.parquet import ParquetPart
from walkaround.connectors.parts import Reading
from walkaround.model.sample import STRATUM, UNIT, Records

FEWEST: Final = 2
"""From a single row group nothing can be said about the others."""
_TIGHTER: Final = 0.95


@dataclass(frozen=True, slots=True)
class Pick:
    """A row group that is read, the rows that are drawn of it, and the stratum that it stands for."""

    part: int
    group: int
    rows: int
    unit: int
    stratum: int


def travelling(parts: Sequence[ParquetPart]) -> npt.NDArray[np.float64]:
    """Bytes of each row group of all parts, packed: its share of the file."""
    sizes: list[float] = []
    for part in parts:
        unpacked = sum(size for _, size in part.groups) or 1
        sizes += [part.state.size * size / unpacked for _, size in part.groups]
    return np.asarray(sizes)


def pick_groups(parts: Sequence[ParquetPart], rows: int, most: int, seed: int) -> tuple[Pick, ...]:
    """Row groups of at most `most` bytes together, and the `rows` drawn of them.

    The table is cut into strata of as many rows each, in reading order; in each one row is drawn, and its group is
    read. So a group is chosen by its share of the rows and gives as many rows as any other, every row of the table has
    the same chance, and the groups are spread evenly over a table that is sorted. None where fewer than two groups fit;
    a single one where chance fell twice on the same, large group.
    """
    counts = np.asarray([count for part in parts for count, _ in part.groups])
    sizes, ends = travelling(parts), np.cumsum(counts)
    places = [(place, group) for place, part in enumerate(parts) for group in range(len(part.groups))]
    strata = _most_strata(sizes, ends, most)
    if strata < FEWEST:
        return ()
    marks = (np.arange(strata) + np.random.default_rng(seed).random(strata)) * (int(ends[-1]) / strata)
    units, first, times = np.unique(
        np.searchsorted(ends, marks.astype(np.int64), side="right"), return_index=True, return_counts=True
    )
    shares = draw_shares(times.tolist(), rows)
    return tuple(
        Pick(part, group, min(share, int(counts[unit])), unit, stratum)
        for unit, share, stratum in zip(units.tolist(), shares, first.tolist(), strict=True)
        for part, group in (places[unit],)
    )


def _most_strata(sizes: npt.NDArray[np.float64], ends: npt.NDArray[np.int64], most: int) -> int:
    """As many strata as fit the budget even where the largest group of each is drawn. Were it not known before the
    draw, draws of large groups would be thrown away, and their rows be too few.
    """
    strata = min(len(sizes), int(most / max(float(sizes.mean()), 1.0)))
    while strata:
        bounds = np.arange(strata + 1) * (int(ends[-1]) / strata)
        low = np.searchsorted(ends, bounds[:-1], side="right")
        high = np.minimum(np.searchsorted(ends, bounds[1:], side="left"), len(sizes) - 1)
        if sum(sizes[a : b + 1].max() for a, b in zip(low, high, strict=True)) <= most:
            return strata
        strata = min(strata - 1, int(strata * _TIGHTER))
    return 0


def draw_shares(times: Sequence[int], rows: int) -> list[int]:
    """`rows` cut up in proportion to `times`, whole and with the right sum.

    >>> draw_shares([1, 2, 1], 10)
    [2, 5, 3]
    """
    ends = np.floor(np.cumsum(times) * (rows / np.sum(times)) + 1e-9).astype(int)
    return [int(share) for share in np.diff(ends, prepend=0)]


@dataclass(frozen=True, slots=True)
class PickedPart:
    """The rows that are drawn of some row groups of one file, with the hidden columns of unit and stratum."""

    part: ParquetPart
    picks: tuple[Pick, ...]
    seed: int

    @property
    def schema(self) -> pa.Schema:
        """The file's columns and the two hidden ones."""
        return self.part.schema.append(pa.field(UNIT, pa.int64())).append(pa.field(STRATUM, pa.int64()))

    @property
    def strata(self) -> None:
        """What is drawn is drawn here."""

    def read(self) -> Reading:
        """The rows that were drawn, in the file's order."""
        rows = 0
        groups = groupby(self.part.read_groups([pick.group for pick in self.picks]), key=itemgetter(0))
        for pick, (_, batches) in zip(self.picks, groups, strict=True):
            positions = draw_positions([self.part.groups[pick.group][0]], pick.rows, self.seed + pick.unit)
            for batch in take_positions(map(itemgetter(1), batches), positions):
                rows += batch.num_rows
                yield self._marked(batch, pick)
        return Records(rows)

    def _marked(self, batch: pa.RecordBatch, pick: Pick) -> pa.RecordBatch:
        hidden = [pa.array(np.full(batch.num_rows, number, np.int64)) for number in (pick.unit, pick.stratum)]
        return pa.RecordBatch.from_arrays([*batch.columns, *hidden], schema=self.schema)


def by_part(parts: Sequence[ParquetPart], picks: Sequence[Pick], seed: int) -> Iterator[tuple[int, PickedPart]]:
    """The parts that something is drawn of, with their place."""
    for place, part in enumerate(parts):
        own = tuple(pick for pick in picks if pick.part == place)
        if own:
            yield place, PickedPart(part, own, seed)
