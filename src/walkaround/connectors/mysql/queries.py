"""Queries of the information schema. None of them reads a row of a user's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from walkaround.connectors.mysql.projecting import literal, quoted
from walkaround.connectors.sql.shape import TableName

SYSTEM: Final = ("information_schema", "mysql", "performance_schema", "sys")
"""Databases of the server itself."""
COUNT_SECONDS: Final = 10
"""A view is counted for no longer than this."""
SERVER: Final = "SELECT VERSION(), @@read_only, CURRENT_USER()"


def tables(database: str | None) -> str:
    """Database and name of tables and views."""
    listed = ", ".join(map(literal, SYSTEM))
    inside = f"= {literal(database)}" if database else f"NOT IN ({listed})"
    return (
        f"SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA {inside} "  # noqa: S608 - literals are quoted
        "AND TABLE_TYPE IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')"
    )


def relation(table: TableName) -> str:
    """Type, engine, and estimates of rows and bytes, where the server has them."""
    return (
        "SELECT TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH "  # noqa: S608 - literals are quoted
        f"FROM information_schema.TABLES WHERE {_is(table)}"
    )


def columns(table: TableName) -> str:
    """Place, name, type, whether null is allowed, and what this user may do with it."""
    return (
        "SELECT ORDINAL_POSITION, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, PRIVILEGES "  # noqa: S608 - literals are quoted
        f"FROM information_schema.COLUMNS WHERE {_is(table)} ORDER BY ORDINAL_POSITION"
    )


def granted_by_column(table: TableName) -> str:
    """How many columns are granted one by one; where any are, others may be out of sight."""
    return (
        "SELECT COUNT(*) FROM information_schema.COLUMN_PRIVILEGES "  # noqa: S608 - literals are quoted
        f"WHERE PRIVILEGE_TYPE = 'SELECT' AND {_is(table)}"
    )


def keys(table: TableName) -> str:
    """Unique indexes and their columns in order."""
    return (
        "SELECT INDEX_NAME, COLUMN_NAME FROM information_schema.STATISTICS "  # noqa: S608 - literals are quoted
        f"WHERE NON_UNIQUE = 0 AND SUB_PART IS NULL AND {_is(table)} ORDER BY INDEX_NAME, SEQ_IN_INDEX"
    )


def foreign_keys(table: TableName) -> str:
    """Constraint, column, and database, table and column that it refers to."""
    return (
        "SELECT CONSTRAINT_NAME, COLUMN_NAME, "  # noqa: S608 - literals are quoted
        "REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME "
        f"FROM information_schema.KEY_COLUMN_USAGE WHERE {_is(table)} AND REFERENCED_TABLE_NAME IS NOT NULL "
        "ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION"
    )


def ends(table: TableName, column: str) -> str:
    """The smallest and the largest key: two look-ups in its index."""
    return f"SELECT MIN({quoted(column)}), MAX({quoted(column)}) FROM {written(table)}"  # noqa: S608 - names are quoted


def estimates(table: TableName, column: str, ranges: Sequence[tuple[int, int]]) -> str:
    """What the optimizer finds in the index for ranges of keys: a line a range, `rows` in it. No row is read."""
    parts = [
        f"SELECT 1 FROM {written(table)} WHERE {quoted(column)} BETWEEN {low} AND {high}"  # noqa: S608 - names are quoted
        for low, high in ranges
    ]
    return f"EXPLAIN {' UNION ALL '.join(parts)}"


def counted(table: TableName) -> str:
    """How many rows there are. MariaDB gives up after some seconds; MySQL has no word for the lesser of two limits, and
    keeps to the session's.
    """
    limit = f"/*M!100303 SET STATEMENT max_statement_time = LEAST(@@max_statement_time, {COUNT_SECONDS}) FOR */"
    return f"{limit} SELECT COUNT(*) FROM {written(table)}"  # noqa: S608 - names are quoted


def hidden(table: TableName) -> str:
    """Fails where a column may not be read. No row is read."""
    return f"SELECT * FROM {written(table)} LIMIT 0"  # noqa: S608 - names are quoted


def written(table: TableName) -> str:
    """A table's name as SQL."""
    return f"{quoted(table.schema)}.{quoted(table.name)}"


def _is(table: TableName) -> str:
    return f"TABLE_SCHEMA = {literal(table.schema)} AND TABLE_NAME = {literal(table.name)}"
