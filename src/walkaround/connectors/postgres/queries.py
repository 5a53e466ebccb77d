"""Queries of PostgreSQL's catalog. None of them reads a row of a user's table."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.postgres.projecting import literal, quoted, written
from walkaround.connectors.sql.shape import TableName

_RELATIONS: Final = "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
_SYSTEM: Final = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"

TABLES: Final = (
    f"SELECT n.nspname::text, c.relname::text FROM {_RELATIONS} WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') "  # noqa: S608 - constants
    f"AND NOT c.relispartition AND {_SYSTEM} AND has_schema_privilege(n.oid, 'USAGE') "
    "AND has_any_column_privilege(c.oid, 'SELECT')"
)


def relation(table: TableName) -> str:
    """One row of a `Relation`; none where there is no such table or view."""
    return (
        "SELECT c.oid::bigint, c.relkind::text, row_security_active(c.oid), has_table_privilege(c.oid, 'SELECT'), "  # noqa: S608 - literals are quoted
        "has_schema_privilege(n.oid, 'USAGE'), current_setting('server_encoding'), "
        "current_setting('block_size')::bigint, pg_is_in_recovery(), current_setting('server_version'), "
        f"current_user::text FROM {_RELATIONS} WHERE n.nspname = {literal(table.schema)} "
        f"AND c.relname = {literal(table.name)} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
    )


def columns(oid: int) -> str:
    """Name, type, whether it is never null, and whether this user may read it; a domain's type is what it stands on."""
    return (
        "WITH RECURSIVE standing AS (SELECT a.attnum, a.atttypid AS type, a.atttypmod AS modifier "  # noqa: S608 - a number
        f"FROM pg_catalog.pg_attribute a WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped "
        "UNION ALL SELECT s.attnum, t.typbasetype, t.typtypmod FROM standing s "
        "JOIN pg_catalog.pg_type t ON t.oid = s.type WHERE t.typtype = 'd') "
        "SELECT a.attname::text, format_type(s.type, s.modifier), a.attnotnull, "
        "has_column_privilege(a.attrelid, a.attnum, 'SELECT') FROM standing s "
        f"JOIN pg_catalog.pg_attribute a ON a.attrelid = {oid} AND a.attnum = s.attnum "
        "JOIN pg_catalog.pg_type t ON t.oid = s.type WHERE t.typtype <> 'd' ORDER BY a.attnum"
    )


def family(oid: int, page_bytes: int) -> str:
    """The table, its partitions and its children, in order of age: the rows of `Member`."""
    return (
        f"WITH RECURSIVE family AS (SELECT {oid}::oid AS oid UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i "  # noqa: S608 - numbers
        "JOIN family f ON i.inhparent = f.oid) SELECT n.nspname::text, c.relname::text, c.relkind::text, "
        f"coalesce(pg_relation_size(c.oid) / {page_bytes}, 0)::bigint, c.reltuples > 0, "
        "has_table_privilege(c.oid, 'SELECT'), coalesce(m.amname = 'heap', false), "
        "coalesce(pg_table_size(c.oid), 0)::bigint "
        f"FROM family f JOIN {_RELATIONS} ON c.oid = f.oid LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam "
        "ORDER BY c.oid"
    )


def key(oid: int) -> str:
    """The columns of the primary key in order, else of the shortest unique key that leaves out no row."""
    return (
        "SELECT a.attname::text FROM (SELECT i.indkey, i.indnkeyatts FROM pg_catalog.pg_index i "  # noqa: S608 - a number
        f"WHERE i.indrelid = {oid} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL "
        "AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute b WHERE b.attrelid = i.indrelid "
        "AND b.attnum = ANY (i.indkey) AND NOT b.attnotnull) "
        "ORDER BY NOT i.indisprimary, i.indnkeyatts, i.indexrelid LIMIT 1) i, "
        "unnest(i.indkey) WITH ORDINALITY AS k (number, place) JOIN pg_catalog.pg_attribute a "
        f"ON a.attrelid = {oid} AND a.attnum = k.number WHERE k.place <= i.indnkeyatts ORDER BY k.place"
    )


def foreign_keys(oid: int) -> str:
    """Constraint, column, and schema, table and column that it refers to; the columns of a constraint in order."""
    return (
        "SELECT o.conname::text, a.attname::text, n.nspname::text, c.relname::text, b.attname::text "  # noqa: S608 - a number
        "FROM pg_catalog.pg_constraint o, unnest(o.conkey, o.confkey) WITH ORDINALITY AS k (mine, theirs, place), "
        f"pg_catalog.pg_attribute a, pg_catalog.pg_attribute b, {_RELATIONS} "
        f"WHERE o.contype = 'f' AND o.conrelid = {oid} AND a.attrelid = o.conrelid AND a.attnum = k.mine "
        "AND b.attrelid = o.confrelid AND b.attnum = k.theirs AND c.oid = o.confrelid ORDER BY o.oid, k.place"
    )


def estimate(table: TableName, column: str) -> str:
    """What the planner makes of a full scan. Nothing is run."""
    return f"EXPLAIN (FORMAT JSON) SELECT {quoted(column)} FROM {written(table)}"  # noqa: S608 - names are quoted
