"""Draws that engines offer in nearly the same words: ranges of a key, its hash, rows by hash or by chance, blocks."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.sql.drawing import DUPLICATES, HASH_SPACE, Draw, Piece, Wanted, ranges_of, shares, threshold
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.shape import Shape
from walkaround.model.source import Method

RANGES: Final = 400
"""Ranges in one statement: a condition of thousands is slow to plan for a server."""
DIGITS: Final = 6
"""Decimals of a share in percent: as many as Oracle takes."""
MOST_PERCENT: Final = 99.999999
"""Oracle takes less than a hundred."""


def drawn(method: Method, grammar: Grammar, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    """The draw by one method; None where the engine, or this table, does not offer it."""
    if method == "first":
        tail = grammar.first.replace("{rows}", str(wanted.rows))
        cost = (f"the first {wanted.rows:,} rows that the server finds",)
        return Draw("first", (Piece(table, tail=tail),), wanted.rows, cost=cost, probability=False)
    if not shape.rows:
        return None
    if method == "key_ranges":
        return _by_ranges(grammar, shape, wanted, table)
    if method == "key_hash":
        return _by_key(grammar, shape, wanted, table)
    if method == "rows":
        return _by_row(grammar, shape, wanted, table)
    return _by_block(grammar, shape, wanted, table) if method == "system" else None


def _by_ranges(grammar: Grammar, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    if shape.range is None or not shape.rows:
        return None
    most = wanted.rows * 5 // 2 if grammar.md5 else wanted.rows * 3 // 2
    units, width = ranges_of(shape.range, shape.rows, wanted, most)
    if not units.numbers:
        return None
    key = grammar.quoted(shape.range.column)
    thinning = ""
    if units.thinning > 1 and grammar.md5:
        column = next(column for column in shape.columns if column.name == shape.range.column)
        thinning = f" AND {grammar.key_hash([column], wanted.seed)} < {HASH_SPACE // units.thinning}"
    pieces = tuple(
        Piece(table, f"({' OR '.join(_between(key, low, width) for low in lows)}){thinning}", unit=key)
        for lows in shares(units.numbers, max(8, -(-len(units.numbers) // RANGES)))
    )
    cost = (
        f"{len(units.numbers):,} ranges of {width:,} keys in its index, about {wanted.rows * units.thinning:,} rows",
    )
    return Draw("key_ranges", pieces, wanted.rows, _share(shape, wanted), units.numbers, cost)


def _between(key: str, low: int, width: int) -> str:
    return f"{key} BETWEEN {low} AND {low + width - 1}"


def _by_key(grammar: Grammar, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    columns = [column for name in wanted.key or shape.keys for column in shape.columns if column.name == name]
    if not grammar.md5 or not columns or len(columns) < len(wanted.key or shape.keys) or not shape.rows:
        return None
    there = "".join(f"{grammar.quoted(column.name)} IS NOT NULL AND " for column in columns)
    hashed = grammar.key_hash(columns, wanted.seed)
    piece = Piece(table, f"{there}{hashed} < {threshold(shape.rows, wanted)}", unit=hashed)
    cost = ("one full scan of " + ", ".join(column.name for column in columns),)
    unknown = ("rows without a key",)
    return Draw("key_hash", (piece,), wanted.rows, _share(shape, wanted), cost=cost, cannot_tell=unknown)


def _by_row(grammar: Grammar, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    """By the engine's own seeded chance where it has that, else by the hash of the row."""
    if grammar.bernoulli and not shape.is_view:
        source = f"{table} {_sampled(grammar.bernoulli, shape, wanted)}"
        cost = ("one full scan, rows drawn one by one",)
        return Draw("rows", (Piece(source),), wanted.rows, _share(shape, wanted), cost=cost)
    if not grammar.md5 or not grammar.hashes_rows or not shape.rows:
        return None
    where = f"{grammar.row_hash(shape.columns, wanted.seed)} < {threshold(shape.rows, wanted)}"
    cost = ("one full scan of all columns, rows drawn by their hash",)
    return Draw("rows", (Piece(table, where),), wanted.rows, _share(shape, wanted), cost=cost)


def _by_block(grammar: Grammar, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    """Blocks that the engine chooses. Where it does not say which block a row is from, nothing can be said of how alike
    the rows of one block are: such a sample is no ground for an inference.
    """
    if not grammar.blocks or shape.is_view:
        return None
    source = f"{table} {_sampled(grammar.blocks, shape, wanted)}"
    unknown = DUPLICATES if grammar.unit else (*DUPLICATES, "how alike the rows of a block are")
    unknown = unknown if "{seed}" in grammar.blocks else (*unknown, "the same rows again: the engine takes no seed")
    cost = ("blocks of the engine's choice",)
    known = bool(grammar.unit)
    pieces = (Piece(source, unit=grammar.unit),)
    return Draw("system", pieces, wanted.rows, _share(shape, wanted), cost=cost, cannot_tell=unknown, probability=known)


def _sampled(template: str, shape: Shape, wanted: Wanted) -> str:
    percent = f"{min(100 * (_share(shape, wanted) or 1.0), MOST_PERCENT):.{DIGITS}f}".rstrip("0").rstrip(".")
    seed = str(wanted.chance.randrange(1 << 31))
    return template.replace("{percent}", percent).replace("{seed}", seed)


def _share(shape: Shape, wanted: Wanted) -> float | None:
    return min(1.0, wanted.rows / shape.rows) if shape.rows else None
