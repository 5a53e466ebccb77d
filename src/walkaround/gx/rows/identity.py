"""Which rows are the same: keys that are equal where the values of some columns are."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache

import polars as pl

from walkaround.gx.rows.answers import Condition, Repetition
from walkaround.gx.rows.names import columns as by_name
from walkaround.gx.rows.request import Target


@cache
def _seeds() -> tuple[int, int]:
    """For two hashes of 64 bits, drawn once for a process: nobody can prepare values that share them.

    That two of n values share both by chance is about n * n / 2 ** 129, at 5 million values less than 1 in 10 ** 25.
    """
    return secrets.randbits(64), secrets.randbits(64)


def key(columns: Sequence[Target], keep: pl.Expr | None) -> pl.Expr:
    """A key for rows by the values of some columns, null being a value among several; null where rows take no part.

    Numbers and times of one column are their own key; all else is hashed to 128 bits.
    """
    names = list(dict.fromkeys(column.name for column in columns))
    first = columns[0]
    if len(names) == 1 and (first.numeric or first.dtype.is_temporal()):
        made = first.expr
    else:
        together = pl.struct(by_name(names)) if len(names) > 1 else first.expr
        high, low = (together.hash(seed).cast(pl.UInt128) for seed in _seeds())
        made = high * 2**64 + low
    return made if keep is None else pl.when(keep).then(made)


def repeated(columns: Sequence[Target], keep: pl.Expr | None) -> Condition:
    """Rows are unexpected where another row has the same values."""
    own = key(columns, keep)
    in_order = own.drop_nulls().sort()
    again = in_order.filter(in_order == in_order.shift(1))
    names = tuple(column.name for column in columns)
    return Condition(own.is_in(again.implode()), names, keep, Repetition(own, "repeated"))
