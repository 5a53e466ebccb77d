"""Listings: which rows fail, and which repeat. Positions, never values; written only when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from walkaround.checks import by_code
from walkaround.columns import Table
from walkaround.model.outcome import Outcome
from walkaround.model.profile import TableProfile
from walkaround.model.sample import Sample

HASH_PAIRS: Final = 2
"""A row hash that occurs twice makes a group."""


def failing_cells(
    sample: Sample, production: TableProfile, pilot: TableProfile, outcomes: Sequence[Outcome], seed: int
) -> Iterator[tuple[int, str, str]]:
    """Row, column and code of every cell that a failed check points at; the sample is read once more.

    `seed` is that of the profiles' hashes. Rows are 0-based positions among the data rows, in reading order.
    """
    listed = []
    for outcome in outcomes:
        cells = by_code()[outcome.code].cells if outcome.code in by_code() else None
        if outcome.status == "fail" and cells is not None and outcome.columns:
            listed.append((outcome, cells))
    if not listed:
        return
    specs = {name: column.spec for name, column in production.columns.items()}
    begin = 0
    for batch in sample.batches():
        table = Table(batch, specs, seed)
        for outcome, cells in listed:
            for row in np.flatnonzero(cells(table, pilot, outcome)):
                yield begin + int(row), outcome.columns[0], outcome.code
        begin += table.rows


def duplicate_groups(sample: Sample, production: TableProfile, seed: int) -> Iterator[tuple[int, int]]:
    """Row and group of every row that is the same in all columns as another; groups are numbered as they begin.

    Holds one 64-bit hash for each row.
    """
    specs = {name: column.spec for name, column in production.columns.items()}
    hashes = [Table(batch, specs, seed).row_hashes for batch in sample.batches()]
    if not hashes:
        return
    _, first, codes, counts = np.unique(
        np.concatenate(hashes), return_index=True, return_inverse=True, return_counts=True
    )
    repeated = np.flatnonzero(counts[codes] >= HASH_PAIRS)
    begins = np.sort(first[counts >= HASH_PAIRS])
    groups = np.searchsorted(begins, first[codes[repeated]])
    yield from zip(repeated.tolist(), groups.tolist(), strict=True)
