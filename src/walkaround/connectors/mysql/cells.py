"""Cells: ranges of keys that hold about as many rows each, of which every one is as likely to be drawn.

Where keys lie thin a cell is wide, where they lie thick it is narrow. All cells are laid end to end and one is drawn of
each of as many strata: a row's chance is the same wherever it is, however well the thickness was known.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from walkaround.connectors.sql.drawing import Wanted, one_of_each
from walkaround.connectors.sql.shape import KeyRange, Stretch

CELL_ROWS: Final = 16
"""Rows of one cell: fewer mean more look-ups, more mean rows that are more alike."""
THINNING: Final = 2
"""Twice the rows are read and every other is kept, which halves what neighbours have in common ..."""
THINNED: Final = 20_000
"""... in samples of up to so many rows; larger ones have cells enough, and a guest reads no more than it needs."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Ranges of keys, in order, both ends included; one in how many of their rows is kept; the share of all rows that
    is expected in the sample.
    """

    ranges: tuple[tuple[int, int], ...]
    thinning: int
    fraction: float


def drawn_of(key: KeyRange, wanted: Wanted) -> Drawn:
    """The ranges that are read.

    >>> key = KeyRange("id", 1, 1_000_000, (Stretch(1, 1_000_000, 1_000_000),))
    >>> drawn = drawn_of(key, Wanted(10_000, 7, "t"))
    >>> len(drawn.ranges), sum(high - low + 1 for low, high in drawn.ranges), drawn.thinning
    (1250, 20000, 2)
    """
    rows = sum(stretch.rows for stretch in key.stretches)
    share = wanted.rows / max(rows, 1)
    thinning = THINNING if wanted.rows <= THINNED and share * THINNING < 1 else 1
    widths = [_width(stretch) for stretch in key.stretches]
    ends = list(accumulate(-(-_span(each) // width) for each, width in zip(key.stretches, widths, strict=True)))
    cells = ends[-1]
    strata = max(1, min(cells, round(cells * share * thinning)))
    ranges = []
    for cell in one_of_each(cells, strata, wanted.chance):
        place = bisect_right(ends, cell)
        stretch, width = key.stretches[place], widths[place]
        low = stretch.low + (cell - (ends[place - 1] if place else 0)) * width
        ranges.append((low, min(low + width - 1, stretch.high)))
    return Drawn(tuple(ranges), thinning, strata / cells / thinning)


def _span(stretch: Stretch) -> int:
    return stretch.high - stretch.low + 1


def _width(stretch: Stretch) -> int:
    return min(_span(stretch), max(1, round(CELL_ROWS * _span(stretch) / max(stretch.rows, 1))))
