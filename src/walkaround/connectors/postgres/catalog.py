"""Catalog: what PostgreSQL says of a table before a row of it is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from walkaround.connectors.postgres import queries
from walkaround.connectors.postgres.projecting import quoted, written
from walkaround.connectors.sql.dialect import Ask
from walkaround.connectors.sql.shape import Heap, ServerColumn, Shape, TableName
from walkaround.model.sample import Barrier, ForeignKey

VIEWS: Final = {"v": "view", "f": "foreign table"}
"""Kinds of relation that have no pages here."""
_UNKNOWN_PAGES: Final = 10
"""The planner takes a small table that nobody has analysed for one of ten pages."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A row of `pg_class`, and what this user may do with it."""

    oid: int
    kind: str
    active_policy: bool
    whole_table: bool
    schema_usage: bool
    encoding: str
    page_bytes: int
    recovery: bool
    version: str
    user: str


@dataclass(frozen=True, slots=True)
class Member:
    """A table that rows of the relation stand in: itself, its partitions, its children."""

    table: TableName
    kind: str
    pages: int
    analysed: bool
    readable: bool
    heap: bool
    bytes: int


def listed(ask: Ask) -> list[TableName]:
    """The tables and views that this user may read a column of, those of the system and partitions left out."""
    return sorted(TableName(schema, name) for schema, name in ask(queries.TABLES))


def looked(ask: Ask, table: TableName) -> Shape | None:
    """What the catalog says of a table; None where there is none of that name."""
    found = ask(queries.relation(table))
    if not found:
        return None
    relation = Relation(*found[0])
    readable, denied = _columns(ask, relation)
    family = [
        Member(TableName(schema, name), *rest)
        for schema, name, *rest in (ask(queries.family(relation.oid, relation.page_bytes)))
    ]
    names = {column.name for column in readable}
    rows = _rows(ask, table, family, readable[0]) if readable else None
    pages = sum(member.pages for member in family)
    return Shape(
        table,
        readable,
        rows,
        None if rows is None else "exact" if rows == 0 and relation.kind not in VIEWS else "estimate",
        sum(member.bytes for member in family) if relation.kind not in VIEWS else None,
        is_view=relation.kind in VIEWS,
        heaps=_heaps(relation, family),
        page_bytes=relation.page_bytes,
        keys=_keys(ask, relation, names),
        foreign_keys=_foreign(ask, relation, names),
        barriers=(*_denied(table, relation, denied, whole=not readable), *_restricted(table, relation)),
        notes=_notes(relation, family, pages),
        facets=(("encoding", relation.encoding), ("kind", relation.kind)),
    )


def _columns(ask: Ask, relation: Relation) -> tuple[tuple[ServerColumn, ...], tuple[str, ...]]:
    """The columns that may be read, and the names of the others."""
    rows = ask(queries.columns(relation.oid))
    readable = [
        ServerColumn(name, kind, not filled) for name, kind, filled, may in rows if may and relation.schema_usage
    ]
    told = {column.name for column in readable}
    return tuple(readable), tuple(name for name, *_ in rows if name not in told)


def _rows(ask: Ask, table: TableName, family: Sequence[Member], column: ServerColumn) -> int | None:
    """The planner's estimate: the rows of a page when it was last analysed, times the pages that there are now."""
    pages = sum(member.pages for member in family)
    if not pages and all(member.heap for member in family if member.kind != "p"):
        return 0
    plan = ask(queries.estimate(table, column.name))
    rows = json.loads(plan[0][0])[0]["Plan"]["Plan Rows"]
    few = all(not member.analysed for member in family) and 0 < pages < _UNKNOWN_PAGES
    return int(rows * pages / _UNKNOWN_PAGES) if few else int(rows)


def _heaps(relation: Relation, family: Sequence[Member]) -> tuple[Heap, ...]:
    """Where pages can be drawn of. Not where a policy hides rows (a leaf would show them, and the table itself would be
    scanned), where only some columns may be read (a row's address may not), or where rows are stored in another way.
    """
    members = [member for member in family if member.kind != "p"]
    if relation.active_policy or not all(member.readable and member.heap for member in members):
        return ()
    return tuple(Heap(member.table, member.pages) for member in members if member.pages)


def _keys(ask: Ask, relation: Relation, readable: set[str]) -> tuple[str, ...]:
    """The primary key, else the shortest unique key without nulls."""
    names = tuple(name for (name,) in ask(queries.key(relation.oid)))
    return names if readable.issuperset(names) else ()


def _foreign(ask: Ask, relation: Relation, readable: set[str]) -> tuple[ForeignKey, ...]:
    keys: dict[str, tuple[str, list[str], list[str]]] = {}
    for constraint, column, schema, table, to in ask(queries.foreign_keys(relation.oid)):
        _, columns, others = keys.setdefault(constraint, (f"{schema}.{table}", [], []))
        columns.append(column)
        others.append(to)
    return tuple(
        ForeignKey(tuple(columns), table, tuple(others))
        for table, columns, others in keys.values()
        if readable.issuperset(columns)
    )


def _denied(table: TableName, relation: Relation, columns: tuple[str, ...], *, whole: bool) -> tuple[Barrier, ...]:
    if not columns:
        return ()
    names = "" if whole else f" ({', '.join(quoted(name) for name in columns)})"
    grant = f"GRANT SELECT{names} ON {written(table)} TO {quoted(relation.user)}"
    if not relation.schema_usage:
        grant = f"GRANT USAGE ON SCHEMA {quoted(table.schema)} TO {quoted(relation.user)}; {grant}"
    some = f"{len(columns)} columns of " if len(columns) > 1 else f"column {columns[0]} of "
    words = f"{'' if whole else some}{table} may not be read by {relation.user}"
    return (Barrier("denied", words, f"ask the owner of {table} for: {grant}", columns),)


def _restricted(table: TableName, relation: Relation) -> tuple[Barrier, ...]:
    if not relation.active_policy:
        return ()
    words = (
        f"row-level security is in force on {table}: {relation.user} sees a part of its rows, and no error says which"
    )
    hint = (
        f"ask the owner of {table} for a policy that shows {relation.user} all rows, or its administrator for: "
        f"ALTER ROLE {quoted(relation.user)} BYPASSRLS"
    )
    return (Barrier("restricted", words, hint),)


def _notes(relation: Relation, family: Sequence[Member], pages: int) -> tuple[str, ...]:
    notes = [f"PostgreSQL {relation.version}, database encoding {relation.encoding}"]
    if relation.recovery:
        notes.append("read from a replica")
    if relation.kind in VIEWS:
        notes.append(f"a {VIEWS[relation.kind]}: its size is the planner's estimate")
    elif pages and any(not member.analysed for member in family if member.kind == "r" and member.pages):
        notes.append("never analysed: its rows are estimated from its pages and the width of its types")
    leaves = sum(member.kind != "p" for member in family)
    if leaves > 1:
        notes.append(f"{leaves} partitions")
    return tuple(notes)
