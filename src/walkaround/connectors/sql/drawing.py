"""Drawing: which rows of a server's table are read. Seeded here, never by the server, so that a run can be repeated.

Physical units first: a table in order of time misleads whoever reads one stretch of it, so the table is cut into as
many strata as units are read, and one unit is drawn in each. Where the units would be few and large, more of them are
read and their rows are thinned, which brings the design effect near to that of rows drawn one by one.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from walkaround.connectors.sql.shape import Heap, KeyRange
from walkaround.model.source import Method

LADDER: Final[tuple[Method, ...]] = ("pages", "key_ranges", "key_hash", "rows", "system", "first")
"""The order in which methods are tried where the settings name none."""
DUPLICATES: Final = ("duplicate rows",)
PAGES: Final = 1_000
"""Pages that are read in any case, where that many exist: they cost a server milliseconds, and a sample of many pages
thinned tells more than one of few pages whole."""
PIECES: Final = 8
"""A sample is read by so many statements, each an even share of the strata: one that is stopped by its budget leaves
whole statements, which are a smaller sample of the same design."""
HASH_SPACE: Final = 1 << 32
"""Keys are hashed to so many values: the first eight hexadecimal digits of an MD5, which every server can compute."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many rows of the table are wanted, and the seed, which stands for the table as well."""

    rows: int
    seed: int
    name: str
    key: tuple[str, ...] = ()

    @property
    def chance(self) -> random.Random:
        """A generator that is the same for the same table and seed, on every machine."""
        return random.Random(f"{self.seed}|{self.name}")  # noqa: S311 - a sample, not a key


@dataclass(frozen=True, slots=True)
class Piece:
    """One statement of a sample: what follows FROM, the condition, what follows it, and the unit as an expression."""

    source: str
    where: str = ""
    tail: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """A sample as it will be read.

    `units` are the sampling units in the order of the table, one of each stratum; none where rows are drawn one by
    one. `clustered` without strata: the engine chose the blocks. `rows` is what is expected, `fraction` the share of
    the table. `cost` says in words what the server does for it.
    """

    method: Method | Literal["full"]
    pieces: tuple[Piece, ...]
    rows: int | None = None
    fraction: float | None = None
    units: tuple[int, ...] = ()
    cost: tuple[str, ...] = ()
    cannot_tell: tuple[str, ...] = DUPLICATES
    probability: bool = True
    snapshot: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a stratified draw, in order, and one in how many of their rows is kept."""

    numbers: tuple[int, ...]
    thinning: int


def pages_of(heaps: Sequence[Heap], rows_total: int, wanted: Wanted, most: int = PAGES) -> dict[int, Units]:
    """Pages to read of each heap (by its place), one in each of as many strata, in proportion to the heaps' sizes.

    As many pages as hold the rows that are wanted; up to `most`, where that is more, and then thinned.

    >>> from walkaround.connectors.sql.shape import TableName
    >>> drawn = pages_of([Heap(TableName("", "t"), 23_214)], 1_000_000, Wanted(10_000, 7, "t"))
    >>> len(drawn[0].numbers), drawn[0].thinning
    (932, 4)
    """
    total = sum(heap.pages for heap in heaps)
    if not total or not rows_total:
        return {}
    needed = min(total, max(1, -(-wanted.rows * total // rows_total)))
    thinning = max(1, min(most, total) // needed)
    chance = wanted.chance
    drawn: dict[int, Units] = {}
    for place, heap in enumerate(heaps):
        count = min(heap.pages, -(-needed * thinning * heap.pages // total))
        drawn[place] = Units(one_of_each(heap.pages, count, chance), thinning)
    return drawn


def ranges_of(key: KeyRange, rows_total: int, wanted: Wanted, most_rows: int) -> tuple[Units, int]:
    """First keys of the ranges to read, one in each stratum of the key's span, and how many keys wide a range is.

    `most_rows` bounds the rows that the server reads for it, a look-up of each range's begin included. Ranges are as
    narrow as that allows, as rows of one range are alike; their rows are thinned by 2 where it fits.
    """
    span = key.high - key.low + 1
    density = min(1.0, rows_total / span)
    thinning = 2 if 2 * wanted.rows + 2 * wanted.rows // 10 <= most_rows else 1
    keys = min(span, int(wanted.rows * thinning / density))
    look_ups = max(1, most_rows - wanted.rows * thinning)
    width = max(1, -(-keys // look_ups), 10 if keys > 10 else 1)  # noqa: PLR2004 - as its docstring says
    count = max(1, min(keys // width, span // width))
    starts = one_of_each(span // width, count, wanted.chance)
    return Units(tuple(key.low + start * width for start in starts), thinning), width


def one_of_each(size: int, strata: int, chance: random.Random) -> tuple[int, ...]:
    """One whole number of each of `strata` even stretches of range(size), in order.

    >>> one_of_each(4, 4, random.Random(1))
    (0, 1, 2, 3)
    """
    strata = min(size, strata)
    bounds = [stratum * size // strata for stratum in range(strata + 1)]
    return tuple(chance.randrange(low, high) for low, high in pairwise(bounds))


def shares(numbers: Sequence[int], pieces: int = PIECES) -> list[tuple[int, ...]]:
    """Numbers dealt out in turn, so that each share covers the whole table evenly; none of them empty.

    >>> shares((1, 2, 3, 4, 5), 2)
    [(1, 3, 5), (2, 4)]
    """
    return [tuple(numbers[start::pieces]) for start in range(min(pieces, len(numbers)))]


def threshold(rows_total: int, wanted: Wanted) -> int:
    """Keys whose hash is below this are in the sample.

    >>> threshold(1_000_000, Wanted(10_000, 7, "t")) == HASH_SPACE // 100
    True
    """
    return min(HASH_SPACE, max(1, HASH_SPACE * wanted.rows // max(rows_total, 1)))


def key_hash(parts: Sequence[str | None], seed: int) -> int | None:
    """The hash of a key in Python, as every dialect computes it; None where a part is missing.

    The parts as text, joined by U+001F, then `|` and the seed. The same key has the same hash in every server and
    table, so that related tables are drawn alike.

    >>> key_hash(("42",), 7) == int(hashlib.md5(b"42|7").hexdigest()[:8], 16)
    True
    """
    if any(part is None for part in parts):
        return None
    text = "\x1f".join(part for part in parts if part is not None) + f"|{seed}"
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)
