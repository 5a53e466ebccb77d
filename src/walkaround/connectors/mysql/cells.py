"""Cells: ranges of keys that hold about as many rows each, of which every one is as likely to be drawn.

Where keys lie thin a cell is wide, where they lie thick it is narrow. All cells are laid end to end and one is drawn of
each of as many strata: a row's chance is the same wherever it is, however well the thickness was known.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final

from walkaround.connectors.sql.drawing import Wanted, one_of_each
from walkaround.connectors.sql.shape import KeyRange, Stretch

CELL_ROWS: Final = 4
"""Rows of one cell: few, as neighbours are alike. Each costs a look-up, so a sample costs half as many rows again."""
THINNED: Final = 10_000
"""Up to so many rows, twice as many are read and every second is kept, by its hash. Cells of a table in order of time
are so alike within that their spread says nothing; thinned, it says how far off the sample may be."""
MOST: Final = 4_000
"""Cells that are drawn: each is a condition of the query, and the optimizer weighs every one. Of more rows than four
times that, a cell has more."""


def ranges_drawn(key: KeyRange, wanted: Wanted) -> tuple[tuple[tuple[int, int], ...], float]:
    """The ranges of keys that are read, in order, both ends included; and the share of all rows that is expected there,
    `thinning_of` times what is wanted.

    >>> key = KeyRange("id", 1, 1_000_000, (Stretch(1, 1_000_000, 1_000_000),))
    >>> ranges, share = ranges_drawn(key, Wanted(10_000, 7, "t"))
    >>> len(ranges), sum(high - low + 1 for low, high in ranges), share
    (2500, 20000, 0.02)
    """
    rows = sum(stretch.rows for stretch in key.stretches)
    kept = thinning_of(wanted)
    size = kept * max(CELL_ROWS, -(-wanted.rows // MOST))
    widths = [_width(stretch, size) for stretch in key.stretches]
    ends = list(accumulate(-(-_span(each) // width) for each, width in zip(key.stretches, widths, strict=True)))
    cells = ends[-1]
    strata = max(1, min(cells, round(cells * kept * wanted.rows / max(rows, 1))))
    ranges = []
    for cell in one_of_each(cells, strata, wanted.chance):
        place = bisect_right(ends, cell)
        stretch, width = key.stretches[place], widths[place]
        low = stretch.low + (cell - (ends[place - 1] if place else 0)) * width
        ranges.append((low, min(low + width - 1, stretch.high)))
    return tuple(ranges), strata / cells


def thinning_of(wanted: Wanted) -> int:
    """One of how many rows of a cell is kept."""
    return 2 if wanted.rows <= THINNED else 1


def _span(stretch: Stretch) -> int:
    return stretch.high - stretch.low + 1


def _width(stretch: Stretch, rows: int) -> int:
    return min(_span(stretch), max(1, round(rows * _span(stretch) / max(stretch.rows, 1))))
