"""Catalog: what MySQL and MariaDB say of a table before a row of it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from walkaround.connectors.mysql import queries
from walkaround.connectors.mysql.faults import number_of
from walkaround.connectors.mysql.projecting import BINARY, LONGEST_HEX, SHORT_BINARY, WHOLE, bare_type
from walkaround.connectors.mysql.thickness import counting, stretches_of
from walkaround.connectors.sql.dialect import Ask
from walkaround.connectors.sql.shape import KeyRange, ServerColumn, Shape, TableName
from walkaround.model.sample import Barrier, ForeignKey

COUNTED: Final = frozenset({"MyISAM", "Aria", "MEMORY"})
"""Engines that know how many rows a table has; others estimate."""
WORTH_A_LOOK: Final = 1_000
"""A span of fewer keys than this is read whole in any case."""
INT64: Final = 1 << 63
_DENIED: Final = frozenset({1142, 1143})
_TOO_LONG: Final = frozenset({1969, 3024})
_NAMED: Final = re.compile(r"for column '(.+?)' in table")


def listed(ask: Ask, database: str | None) -> list[TableName]:
    """The tables and views that this user may see."""
    return sorted(TableName(schema, name) for schema, name in ask(queries.tables(database)))


def looked(ask: Ask, table: TableName) -> Shape | None:
    """What the catalog says of a table; None where there is none of that name."""
    found = ask(queries.relation(table))
    if not found:
        return None
    kind, engine, rows, size = found[0]
    ((version, read_only, user),) = ask(queries.SERVER)
    columns, barriers = _columns(ask, table, user)
    names = {column.name for column in columns}
    indexes = _indexes(ask, table)
    view = kind == "VIEW"
    if view:
        rows = _rows_of_view(ask, table) if columns else None
    span = None if view else _range(ask, table, columns, indexes)
    total = sum(stretch.rows for stretch in span.stretches) if span else 0
    exact = view or engine in COUNTED
    return Shape(
        table,
        columns,
        rows=total if total and not exact else None if rows is None else int(rows),
        rows_are=None if rows is None else "exact" if exact else "estimate",
        bytes=None if view or size is None else int(size),
        is_view=view,
        keys=_key(columns, indexes),
        range=span,
        foreign_keys=_foreign(ask, table, names),
        barriers=barriers,
        notes=tuple(_notes(version, read_only, columns, view=view, counted=rows is not None)),
    )


def _rows_of_view(ask: Ask, table: TableName) -> int | None:
    """Counted: what the optimizer expects of a view is off by any factor. Nothing where that takes too long."""
    try:
        ((rows,),) = ask(queries.counted(table))
    except Exception as error:
        if number_of(error) not in _TOO_LONG:
            raise
        return None
    return int(rows)


def _columns(ask: Ask, table: TableName, user: str) -> tuple[tuple[ServerColumn, ...], tuple[Barrier, ...]]:
    """The columns that may be read, and what is known of the others."""
    rows = ask(queries.columns(table))
    readable = tuple(
        ServerColumn(name, _shown(kind), nullable == "YES")
        for _, name, kind, nullable, privileges in rows
        if "select" in privileges.split(",")
    )
    told = {column.name for column in readable}
    hidden = [name for _, name, *_ in rows if name not in told]
    gaps = [int(place) for place, *_ in rows] != list(range(1, len(rows) + 1))
    if readable and (gaps or int(ask(queries.granted_by_column(table))[0][0])):
        hidden = list(dict.fromkeys([*hidden, *_refused(ask, table, gaps=gaps)]))
    return readable, _barriers(table, user, hidden)


def _refused(ask: Ask, table: TableName, *, gaps: bool) -> Sequence[str]:
    """The column that the server says may not be read; nameless where it names the table alone, as MariaDB does."""
    try:
        ask(queries.hidden(table))
    except Exception as error:
        if number_of(error) not in _DENIED:
            raise
        found = _NAMED.search(str(error))
        return (found.group(1) if found else "",)
    return ("",) if gaps else ()


def _barriers(table: TableName, user: str, hidden: Sequence[str]) -> tuple[Barrier, ...]:
    names = tuple(name for name in hidden if name)
    if not hidden:
        return ()
    some = f"column {', '.join(names)}" if names else "some columns"
    if names and "" in hidden:
        some += " and perhaps others"
    nameless = "" if names else "; the server does not say which, and hides even that they exist"
    who = "@".join(f"'{part}'" for part in user.rsplit("@", 1))
    asked = f"SELECT ({', '.join(names)})" if names else "SELECT"
    hint = f"ask the owner of {table} for: GRANT {asked} ON {queries.written(table)} TO {who}"
    return (Barrier("denied", f"{some} of {table} may not be read by {user}{nameless}", hint, names),)


def _shown(kind: str) -> str:
    """The type as it is declared, without the values that an ENUM or SET lists: those are content."""
    return re.sub(r"^(enum|set)\(.*\)", r"\1", kind, flags=re.DOTALL)


def _indexes(ask: Ask, table: TableName) -> dict[str, list[str]]:
    """Columns of each unique index, the primary key first."""
    found: dict[str, list[str]] = {}
    for index, column in ask(queries.keys(table)):
        found.setdefault(index, []).append(column or "")  # an index of an expression has no column
    return dict(sorted(found.items(), key=lambda each: (each[0] != "PRIMARY", len(each[1]), each[0])))


def _key(columns: Sequence[ServerColumn], indexes: dict[str, list[str]]) -> tuple[str, ...]:
    """The primary key, else the shortest unique one without nulls."""
    filled = {column.name for column in columns if not column.nullable}
    return next((tuple(names) for names in indexes.values() if filled.issuperset(names)), ())


def _range(
    ask: Ask, table: TableName, columns: Sequence[ServerColumn], indexes: dict[str, list[str]]
) -> KeyRange | None:
    """The first unique column of whole numbers, its ends, and how thick its keys lie."""
    whole = {column.name for column in columns if not column.nullable and bare_type(column) in WHOLE}
    column = next((names[0] for names in indexes.values() if len(names) == 1 and names[0] in whole), None)
    if column is None:
        return None
    ((low, high),) = ask(queries.ends(table, column))
    if low is None or int(high) >= INT64:
        return None
    first, last = int(low), int(high)
    if last - first < WORTH_A_LOOK:
        return KeyRange(column, first, last)
    return KeyRange(column, first, last, stretches_of(first, last, counting(ask, table, column)))


def _foreign(ask: Ask, table: TableName, readable: set[str]) -> tuple[ForeignKey, ...]:
    found: dict[str, tuple[str, list[str], list[str]]] = {}
    for constraint, column, schema, name, to in ask(queries.foreign_keys(table)):
        _, columns, others = found.setdefault(constraint, (f"{schema}.{name}", [], []))
        columns.append(column)
        others.append(to)
    return tuple(
        ForeignKey(tuple(columns), name, tuple(others))
        for name, columns, others in found.values()
        if readable.issuperset(columns)
    )


def _notes(version: str, read_only: str, columns: Sequence[ServerColumn], *, view: bool, counted: bool) -> list[Any]:
    notes = [version if "MariaDB" in version else f"MySQL {version}"]
    if read_only not in ("0", "OFF"):
        notes.append("a server that takes no writes: a replica, as a rule")
    if view:
        notes.append("a view: its rows were counted" if counted else "a view: its rows could not be counted in time")
    long = [column.name for column in columns if bare_type(column) in BINARY - SHORT_BINARY]
    if long:
        notes.append(
            f"{', '.join(long)}: binary, read as hexadecimal digits; values of more than {LONGEST_HEX:,} bytes as "
            "their length and MD5"
        )
    return notes
