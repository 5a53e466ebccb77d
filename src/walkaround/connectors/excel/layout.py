"""Where the table of a sheet stands: lines above it, its header, its first row, its columns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from walkaround.connectors.delimited.header import is_header
from walkaround.connectors.names import unique_names

_PROBE: Final = 200
"""Rows that the header is looked for in."""
_WIDE: Final = 0.8
"""A header names at least this share of the columns that the widest row fills: titles above a table are narrower."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows are counted from 0, columns likewise; `header` is None where no row names the columns."""

    names: tuple[str, ...]
    columns: tuple[int, ...]
    header: int | None
    start: int
    preamble: int

    def rows_of(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        """The rows of the table: from `start`, in its columns, empty ones left out."""
        table = cells.select(list(self.columns)).slice(self.start)
        empty = [pc.equal(pc.fill_null(column, ""), "") for column in table.columns]
        blank = empty[0]
        for flags in empty[1:]:
            blank = pc.and_(blank, flags)
        return table.filter(pc.invert(blank))


def layout_of(cells: pa.RecordBatch) -> Layout:
    """Find the table: its header is the first row that is nearly as wide as the widest, and that reads like names."""
    used = tuple(place for place, column in enumerate(cells.columns) if _holds(column))
    probe = cells.select(list(used)).slice(0, _PROBE)
    rows = [tuple(value or "" for value in row) for row in zip(*(c.to_pylist() for c in probe.columns), strict=True)]
    first = _first(rows)
    if first is None:
        return Layout((), (), None, 0, 0)
    body = [tuple(value.encode() for value in row) for row in rows[first + 1 :]]
    header = is_header(tuple(value.encode() for value in rows[first]), body)
    preamble = sum(any(value.strip() for value in row) for row in rows[:first])
    names = tuple(value.strip() for value in rows[first]) if header else ("",) * len(used)
    start = first + 1 if header else first
    kept = [at for at, name in enumerate(names) if name or _holds(cells.column(used[at]).slice(start))]
    said = unique_names([names[at] for at in kept])
    return Layout(said, tuple(used[at] for at in kept), first if header else None, start, preamble)


def _first(rows: list[Row]) -> int | None:
    """The place of the first row of the table; None where every row is empty."""
    filled = [sum(bool(value.strip()) for value in row) for row in rows]
    widest = max(filled, default=0)
    if not widest:
        return None
    return next(place for place, count in enumerate(filled) if count >= math.ceil(_WIDE * widest))


def _holds(column: pa.Array) -> bool:
    return bool(pc.any(pc.not_equal(column, "")).as_py())
