"""Drawing: which rows of a table of PostgreSQL are read, method by method."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Final

from walkaround.connectors.postgres.projecting import quoted, written
from walkaround.connectors.sql.drawing import (
    HASH_SPACE,
    PIECES,
    Draw,
    Piece,
    Units,
    Wanted,
    pages_of,
    shares,
    threshold,
)
from walkaround.connectors.sql.shape import Shape
from walkaround.model.source import Method

PAGE_HEADER: Final = 24
ROW_LEAST: Final = 28
"""Bytes of a row at the least: its header, padded, and its entry in the page's directory. Sets how many fit a page."""
MOST_STATEMENTS: Final = 64
"""A table of many partitions is not asked eight times for each of them."""
MOST_PAGES: Final = 3_000
"""Pages of one statement: their addresses, some 291 a page, take the server about 20 MB to sort."""
_PAGE: Final = "(ctid::text::point)[0]::bigint"
_TABLE_SPACE: Final = 1 << 32
"""Pages that one heap can have: addresses of partitions are kept apart by their table's number."""
_SAMPLED: Final = frozenset({"r", "m", "p"})
"""Kinds of relation that TABLESAMPLE takes."""


def drawn(method: Method, shape: Shape, wanted: Wanted) -> Draw | None:
    """The rows that are drawn by one method; None where the table does not offer it."""
    ways: dict[str, Callable[[Shape, Wanted], Draw | None]] = {
        "pages": by_pages,
        "key_hash": by_key,
        "rows": by_row,
        "system": by_system,
        "first": first,
    }
    return ways[method](shape, wanted) if method in ways else None


def by_pages(shape: Shape, wanted: Wanted) -> Draw | None:
    """One seeded page of each of as many strata, of every heap; where that gives too many rows, they are thinned."""
    if not shape.heaps or not shape.rows:
        return None
    pages = pages_of(shape.heaps, shape.rows, wanted)
    starts = [0, *accumulate(heap.pages for heap in shape.heaps)]
    units = tuple(starts[place] + number for place, drawn in pages.items() for number in drawn.numbers)
    thinning = next(iter(pages.values())).thinning
    rows = round(shape.rows * len(units) / shape.pages / thinning)
    thinned = f", of whose rows one in {thinning} is sent" if thinning > 1 else ""
    cost = f"{len(units):,} of {shape.pages:,} pages, about {len(units) * shape.page_bytes:,} bytes{thinned}"
    pieces = tuple(_page_pieces(shape, pages, starts, wanted.seed))
    return Draw("pages", pieces, rows, min(1.0, rows / shape.rows), units, (cost,))


def _page_pieces(shape: Shape, pages: Mapping[int, Units], starts: Sequence[int], seed: int) -> Iterator[Piece]:
    """Statements of each share of every heap, share by share."""
    slots = (shape.page_bytes - PAGE_HEADER) // ROW_LEAST
    largest = max(len(drawn.numbers) for drawn in pages.values())
    count = max(2, min(PIECES, MOST_STATEMENTS // len(shape.heaps)), -(-largest // MOST_PAGES))
    dealt = {place: shares(drawn.numbers, count) for place, drawn in pages.items()}
    for share in range(count):
        for place, heap in enumerate(shape.heaps):
            if share >= len(dealt[place]):
                continue
            numbers = ",".join(map(str, dealt[place][share]))
            # Addresses one by one: written as ranges, or as a lateral join, each page would cost a scan of the table.
            places = f"unnest('{{{numbers}}}'::bigint[]) p, generate_series(1, {slots}) o"
            rows = f"ctid = ANY (ARRAY(SELECT ('(' || p || ',' || o || ')')::tid FROM {places}))"  # noqa: S608 - numbers
            kept = pages[place].thinning
            thinned = f" AND hashtextextended(ctid::text, {seed}) % {kept} = 0" if kept > 1 else ""
            offset = f" + {starts[place]}" if starts[place] else ""
            yield Piece(f"ONLY {written(heap.table)}", rows + thinned, unit=_PAGE + offset)


def by_key(shape: Shape, wanted: Wanted) -> Draw | None:
    """All rows of the keys whose hash is small: the same keys in every table and server. A key is a unit."""
    if not wanted.key or not shape.rows or not {*wanted.key} <= {column.name for column in shape.columns}:
        return None
    limit = threshold(shape.rows, wanted)
    parts = " || chr(31) || ".join(f"{quoted(name)}::text" for name in wanted.key)
    hashed = _hash(parts, wanted.seed)
    share = limit / HASH_SPACE
    cost = f"one full scan of about {shape.rows:,} rows, of which {share:.2%} are sent"
    return Draw(
        "key_hash",
        (Piece(written(shape.table), f"{hashed} < {limit}", unit=hashed),),
        round(shape.rows * share),
        share,
        cost=(cost,),
        cannot_tell=("rows without a key",),
    )


def by_row(shape: Shape, wanted: Wanted) -> Draw | None:
    """Rows one by one: by the server's own seeded chance, or where it has none (a view) by a hash of the row's text."""
    if not shape.rows:
        return None
    share = min(1.0, wanted.rows / shape.rows)
    cost = f"one full scan of about {shape.rows:,} rows, of which {share:.2%} are sent"
    if shape.facet("kind") in _SAMPLED:
        piece = Piece(f"{written(shape.table)} TABLESAMPLE BERNOULLI ({share * 100!r}) REPEATABLE ({wanted.seed})")
    else:
        listed = ", ".join(quoted(column.name) for column in shape.columns)
        text = f"ROW({listed})::text"
        piece = Piece(written(shape.table), f"{_hash(text, wanted.seed)} < {threshold(shape.rows, wanted)}")
    return Draw("rows", (piece,), round(shape.rows * share), share, cost=(cost,))


def by_system(shape: Shape, wanted: Wanted) -> Draw | None:
    """Pages of the server's own seeded choice, whole: a cluster sample."""
    if not shape.rows or not shape.heaps:
        return None
    share = min(1.0, wanted.rows / shape.rows)
    source = f"{written(shape.table)} TABLESAMPLE SYSTEM ({share * 100!r}) REPEATABLE ({wanted.seed})"
    cost = f"about {round(shape.pages * share):,} of {shape.pages:,} pages"
    unit = f"tableoid::bigint * {_TABLE_SPACE} + {_PAGE}"
    return Draw("system", (Piece(source, unit=unit),), round(shape.rows * share), share, cost=(cost,))


def first(shape: Shape, wanted: Wanted) -> Draw:
    """The first so many rows."""
    piece = Piece(written(shape.table), tail=f"LIMIT {wanted.rows}")
    share = min(1.0, wanted.rows / shape.rows) if shape.rows else None
    cost = f"the first {wanted.rows:,} rows"
    return Draw("first", (piece,), wanted.rows, share, cost=(cost,), probability=False)


def _hash(text: str, seed: int) -> str:
    """The first 32 bits of the MD5 of a text and the seed, as a number: `key_hash` in SQL."""
    return f"('x' || substr(md5({text} || '|{seed}'), 1, 8))::bit(32)::bigint"
