"""SQL's LIKE: `%` is any text, `_` any character, and whole values must match. Letter case counts."""

from __future__ import annotations

import polars as pl

from walkaround.gx.rows.request import Target


def like(column: Target, pattern: str, escape: str | None = None) -> pl.Expr:
    """Whether values match; null where they are null.

    Raises:
        TypeError: the column is no text.
        ValueError: the pattern ends with the escape character.
    """
    if not isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum | pl.Null):
        raise TypeError(f"LIKE needs text, and column {column.name!r} is {column.dtype}")
    return column.expr.cast(pl.String).str.contains(_regex(pattern, escape))


def _regex(pattern: str, escape: str | None) -> str:
    written: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if escape and character == escape:
            literal = next(characters, None)
            if literal is None:
                raise ValueError(f"like_pattern {pattern!r} ends in its escape character {escape!r}")
            written.append(_literal(literal))
        else:
            written.append({"%": "(?s:.*)", "_": "(?s:.)"}.get(character) or _literal(character))
    return rf"\A{''.join(written)}\z"


def _literal(character: str) -> str:
    return f"\\x{{{ord(character):x}}}"
