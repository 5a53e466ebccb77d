"""Columns by their names, whatever these look like."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import polars.selectors as cs


def column(name: str) -> pl.Expr:
    """The column of this name. `pl.col` takes "*" and what stands between ^ and $ for patterns of many names."""
    if name == "*" or (name.startswith("^") and name.endswith("$")):
        return cs.by_name(name).as_expr()
    return pl.col(name)


def columns(names: Iterable[str]) -> list[pl.Expr]:
    """The columns of these names, each once, in their order."""
    return [column(name) for name in dict.fromkeys(names)]
