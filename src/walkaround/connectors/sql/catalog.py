"""Catalog: what a server's own tables say of a table, for engines whose catalogs differ in words only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from walkaround.connectors.address import Address
from walkaround.connectors.sql.dialect import Ask
from walkaround.connectors.sql.grammar import Grammar, bare_type, parameters_of
from walkaround.connectors.sql.place import path_of
from walkaround.connectors.sql.shape import KeyRange, ServerColumn, Shape, TableName
from walkaround.model.sample import Barrier, ForeignKey

WHOLE: Final = frozenset({
    "int", "integer", "bigint", "smallint", "tinyint", "int2", "int4", "int8",
    "int16", "int32", "int64", "uint8", "uint16", "uint32",
})  # fmt: skip
"""Types that hold whole numbers, in any engine."""
Answer = list[tuple[Any, ...]]


class Lookup(Protocol):
    """How the tables of a server are found."""

    def listed(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables, sorted."""

    def looked(self, ask: Ask, table: TableName) -> Shape | None:
        """What is known of a table; None where there is none of that name."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """Queries of a catalog. In each `{schema}` and `{name}` stand for texts, `{table}` for the table's name.

    `tables` answers schema and name; `columns` name, type, whether null is allowed ("NO", "N" or false: it is not) and,
    where the engine tells, whether this user may read it; `size` rows, bytes and the kind of table, each null where it
    is not known, then values that `facets` name; `keys` the columns of the primary key in order, at `key_place`;
    `foreign` constraint, column, table and column that it refers to; `restricted` has a row where a policy hides rows.
    `counts`: rows are counted where statistics do not say. `ranges`: a table is read by ranges of its key where that is
    one whole number, as an index finds them. `notes` are said of every table.
    """

    grammar: Grammar
    tables: Callable[[Address], str]
    columns: str
    size: str = ""
    keys: str = ""
    key_place: int = 0
    foreign: str = ""
    restricted: str = ""
    counts: bool = False
    ranges: bool = False
    facets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def listed(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables, sorted."""
        return sorted(TableName(str(schema or ""), str(name)) for schema, name in ask(self.tables(address)))

    def looked(self, ask: Ask, table: TableName) -> Shape | None:
        """What the catalog says of a table; None where there is none of that name."""

        def asked(template: str) -> Answer:
            return ask(self.filled(template, table)) if template else []

        told = asked(self.columns)
        if not told:
            return None
        columns, barriers = seen(told, self.grammar, table)
        rows, size, kind, *facets = next(iter(asked(self.size)), (None, None, ""))
        is_view = "view" in str(kind or "").lower()
        rows = None if rows is None or int(rows) < 0 or is_view else int(rows)
        counted = rows is None and self.counts
        if counted:
            rows = int(asked("SELECT COUNT(*) FROM {table}")[0][0])
        keys = () if is_view else tuple(str(row[self.key_place]) for row in asked(self.keys))
        if asked(self.restricted):
            barriers = (*barriers, _restricted(table))
        return Shape(
            table,
            columns,
            rows,
            None if rows is None else "exact" if counted else "estimate",
            None if size is None else int(size),
            is_view,
            keys=keys,
            range=_range(columns, keys, self.grammar, asked) if self.ranges and rows else None,
            foreign_keys=foreign_keys(asked(self.foreign)),
            barriers=barriers,
            notes=(*self.notes, *(("its rows were counted: no statistics say how many there are",) if counted else ())),
            facets=tuple((name, str(value or "")) for name, value in zip(self.facets, facets, strict=False)),
        )

    def filled(self, template: str, table: TableName) -> str:
        """A query of this catalog about one table."""
        name = ".".join(self.grammar.quoted(part) for part in (table.schema, table.name) if part)
        filled = template.replace("{schema}", self.grammar.literal(table.schema)).replace("{table}", name)
        return filled.replace("{name}", self.grammar.literal(table.name))


THIS_TABLE: Final = "table_schema = {schema} AND table_name = {name}"
"""In the tables of an information_schema."""


def standard_tables(grammar: Grammar) -> Callable[[Address], str]:
    """The query of an information_schema that lists tables and views, of one schema where the address names one after
    the database.
    """

    def tables(address: Address) -> str:
        inside = path_of(address)[1:2]
        only = f" AND table_schema = {grammar.literal(inside[0])}" if inside else ""
        return (
            "SELECT table_schema, table_name FROM information_schema.tables "  # noqa: S608 - the schema is a literal
            f"WHERE UPPER(table_schema) <> 'INFORMATION_SCHEMA'{only}"
        )

    return tables


def standard_keys() -> str:
    """The query of an information_schema that tells the columns of a primary key."""
    return (
        "SELECT k.column_name FROM information_schema.table_constraints t "
        "JOIN information_schema.key_column_usage k "
        "ON k.constraint_schema = t.constraint_schema AND k.constraint_name = t.constraint_name "
        "AND k.table_schema = t.table_schema AND k.table_name = t.table_name "
        "WHERE t.table_schema = {schema} AND t.table_name = {name} AND t.constraint_type = 'PRIMARY KEY' "
        "ORDER BY k.ordinal_position"
    )


def seen(told: Answer, grammar: Grammar, table: TableName) -> tuple[tuple[ServerColumn, ...], tuple[Barrier, ...]]:
    """The columns that can be read, and what keeps the others from it."""
    columns: list[ServerColumn] = []
    denied: list[str] = []
    barriers: list[Barrier] = []
    for name, kind, null, *readable in told:
        if readable and not int(readable[0] or 0):
            denied.append(str(name))
        elif bare_type(str(kind)) in grammar.mute:
            words = f"column {name} of {table} is of type {kind}, which the server has no text for"
            barriers.append(Barrier("unreadable", words, "read it through a view that makes it text", (str(name),)))
        else:
            columns.append(ServerColumn(str(name), str(kind), _nullable(null)))
    if denied:
        words = f"this user may not read {', '.join(denied)} of {table}"
        hint = f"ask its owner for the right to SELECT {', '.join(denied)}"
        barriers.append(Barrier("denied", words, hint, tuple(denied)))
    return tuple(columns), tuple(barriers)


def whole(column: ServerColumn) -> bool:
    """Whether a column holds whole numbers by its type.

    >>> whole(ServerColumn("id", "NUMBER(10,0)")), whole(ServerColumn("id", "numeric(10,2)"))
    (True, False)
    """
    word, numbers = bare_type(column.type), parameters_of(column.type)
    if word in ("number", "numeric", "decimal"):
        return bool(numbers) and (len(numbers) == 1 or numbers[1] == 0)
    return word in WHOLE


def foreign_keys(rows: Answer) -> tuple[ForeignKey, ...]:
    """Foreign keys of rows of their columns, which come in order."""
    keys: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for constraint, column, table, to in rows:
        keys.setdefault((str(constraint), str(table)), []).append((str(column), str(to)))
    return tuple(
        ForeignKey(tuple(column for column, _ in pairs), table, tuple(to for _, to in pairs))
        for (_, table), pairs in keys.items()
    )


def _nullable(word: object) -> bool:
    return str(word).upper() not in ("NO", "N", "FALSE", "0")


def _range(
    columns: Sequence[ServerColumn], keys: tuple[str, ...], grammar: Grammar, asked: Callable[[str], Answer]
) -> KeyRange | None:
    """The ends of a key of one whole number, which an index knows without a scan."""
    column = next((column for column in columns if keys == (column.name,)), None)
    if column is None or not whole(column):
        return None
    name = grammar.quoted(column.name)
    low, high = asked(f"SELECT MIN({name}), MAX({name}) FROM {{table}}")[0]  # noqa: S608 - names are quoted
    return None if low is None or high is None else KeyRange(column.name, int(low), int(high))


def _restricted(table: TableName) -> Barrier:
    words = f"a row policy is in force on {table}: this user sees a part of its rows, and no error says so"
    return Barrier("restricted", words, "ask its owner for a user that sees all rows, or for a view that says so")
