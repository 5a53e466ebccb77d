"""Thickness: how many rows a table has, and where its keys lie thick or thin. The optimizer tells, and reads no row.

The catalog's number of rows is off by half, and keys have gaps: a stray one of today's milliseconds beside a million
that count from one. A look into the index that the optimizer takes for `EXPLAIN` counts the keys of a narrow range
exactly, and those of a wide one within a factor of two. So the span of the keys is cut where they lie thick, until it
is known where they are, and then many narrow ranges are counted. Where these differ widely from their neighbours keys
lie in clumps, and ranges of them would make poor samples: then nothing is said.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from walkaround.connectors.mysql import queries
from walkaround.connectors.sql.dialect import Ask
from walkaround.connectors.sql.drawing import one_of_each
from walkaround.connectors.sql.shape import Stretch, TableName

CUTS: Final = 32
"""A stretch is cut into so many, by one statement."""
ROUNDS: Final = 12
"""32 to the power of 12 is more than there are keys of 64 bits."""
HEAVY: Final = 1 / 8
"""A stretch with a larger share of the rows than this is cut again, unless its keys lie thick already."""
THICK: Final = 0.5
PROBES: Final = 128
CLUMPS: Final = 20.0
"""Variance over mean of the rows in those ranges: 1 where gaps are anywhere, the size of a clump where keys lie in
clumps, as those do that begin with a date."""
PROBE_ROWS: Final = 100
"""Rows of a range that is counted: few pages of an index, which are counted one by one."""

Count = Callable[[Sequence[tuple[int, int]]], list[int]]
"""About how many rows have keys of each range, both ends included."""


def counting(ask: Ask, table: TableName, column: str) -> Count:
    """Counts by the server's optimizer."""

    def count(ranges: Sequence[tuple[int, int]]) -> list[int]:
        lines = ask(queries.estimates(table, column, ranges))
        found = [_rows(line) for line in lines if line[1] != "UNION RESULT"]
        return found if len(found) == len(ranges) else [0] * len(ranges)

    return count


def stretches_of(low: int, high: int, count: Count) -> tuple[Stretch, ...]:
    """How thick the keys lie between the smallest and the largest, in order; nothing where they lie in clumps.

    >>> [(each.low, each.rows) for each in stretches_of(1, 64, lambda ranges: [b - a + 1 for a, b in ranges])][:2]
    [(1, 2), (3, 2)]
    """
    found = cut(Stretch(low, high, 0), count)
    for _ in range(ROUNDS):
        total = sum(stretch.rows for stretch in found)
        heavy = [stretch for stretch in found if _is_unclear(stretch, total)]
        if not heavy:
            break
        found = tuple(part for stretch in found for part in (cut(stretch, count) if stretch in heavy else (stretch,)))
    return counted(found, count)


def cut(stretch: Stretch, count: Count) -> tuple[Stretch, ...]:
    """A stretch in parts of even width."""
    span = stretch.high - stretch.low + 1
    parts = min(CUTS, max(1, span // 2))  # a range of one key is looked up, which reads its row
    bounds = [stretch.low + part * span // parts for part in range(parts + 1)]
    ranges = [(low, high - 1) for low, high in pairwise(bounds)]
    return tuple(
        Stretch(low, high, min(rows, high - low + 1)) for (low, high), rows in zip(ranges, count(ranges), strict=True)
    )


def counted(found: tuple[Stretch, ...], count: Count) -> tuple[Stretch, ...]:
    """The same stretches with their rows as narrow ranges of each say, more of them where there are more rows. The same
    ranges each time, as plan and reading must come to the same. None where keys lie in clumps.
    """
    total = sum(stretch.rows for stretch in found)
    chance = random.Random(total)  # noqa: S311 - a sample, not a key
    ranges: list[list[tuple[int, int]]] = []
    for stretch in found:
        span = stretch.high - stretch.low + 1
        width = max(2, PROBE_ROWS * span // max(stretch.rows, 1))
        probes = round(PROBES * stretch.rows / max(total, 1))
        starts = one_of_each(span // width, probes, chance) if probes and span // width > probes else ()
        ranges.append([(stretch.low + start * width, stretch.low + (start + 1) * width - 1) for start in starts])
    asked = [each for part in ranges for each in part]
    told = iter(count(asked) if asked else ())
    rows = [[next(told) for _ in part] for part in ranges]
    if _clumped(rows) > CLUMPS:
        return ()
    return tuple(_recounted(*each) for each in zip(found, ranges, rows, strict=True))


def _clumped(rows: Sequence[Sequence[int]]) -> float:
    """The variance of rows within stretches, over their mean."""
    several = [part for part in rows if len(part) > 1]
    if not several:
        return 0.0
    squares = sum((each - sum(part) / len(part)) ** 2 for part in several for each in part)
    mean = sum(map(sum, several)) / sum(map(len, several))
    return squares / sum(len(part) - 1 for part in several) / max(mean, 1.0)


def _recounted(stretch: Stretch, ranges: Sequence[tuple[int, int]], rows: Sequence[int]) -> Stretch:
    if not ranges:
        return stretch
    span, seen = stretch.high - stretch.low + 1, sum(high - low + 1 for low, high in ranges)
    return Stretch(stretch.low, stretch.high, max(1, sum(rows) * span // seen))


def _is_unclear(stretch: Stretch, total: int) -> bool:
    span = stretch.high - stretch.low + 1
    return span > CUTS and stretch.rows > HEAVY * total and stretch.rows < THICK * span


def _rows(line: tuple[str | None, ...]) -> int:
    """The number of rows in a line of EXPLAIN: the last but one column, but for MySQL's, which adds a share."""
    told = line[-2] if len(line) <= 10 else line[-3]  # noqa: PLR2004 - MariaDB's columns
    return int(told or 0)
