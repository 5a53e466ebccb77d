"""Asking: facts that a server counts over its whole table, where the settings ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from walkaround.connectors.sql.dialect import Dialect
from walkaround.connectors.sql.shape import Shape
from walkaround.connectors.sql.speaking import Speaking
from walkaround.model.fact import Fact
from walkaround.model.source import Source


def exact_facts(dialect: Dialect, line: Speaking, source: Source, shape: Shape) -> tuple[Fact, ...]:
    """The facts that `source.exact` names, each counted by one query within the session's time limits."""
    key = source.key or shape.keys
    facts: list[Fact] = []
    for what in source.exact:
        statement = dialect.exact(what, shape, key)
        if statement is not None:
            (row,) = line.ask(statement)
            facts += _facts(what, [int(number or 0) for number in row], shape, key)
    return tuple(facts)


def _facts(what: str, told: Sequence[Any], shape: Shape, key: tuple[str, ...]) -> list[Fact]:
    if what == "row_count":
        return [Fact("row_count", (), float(told[0]), told[0], basis="exact")]
    if what == "duplicates":
        rows, keys = told
        return [Fact("repeated_key_rate", key, (rows - keys) / rows if rows else None, rows - keys, rows, "exact")]
    rows, nulls = told[0], told[1:]
    return [
        Fact("null_rate", (column.name,), count / rows if rows else None, count, rows, "exact")
        for column, count in zip(shape.columns, nulls, strict=True)
    ]
