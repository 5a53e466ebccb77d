"""SQL Server and Azure SQL, through Microsoft's own client, which fetches Arrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import Catalog
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import ROWS, CursorSession, batches_of
from walkaround.connectors.sql.dialect import CONNECT_SECONDS, LOCK_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

_ISO: Final = "CONVERT(varchar(40), {}, 121)"
"""The style that writes dates and times as ISO 8601 does, with all digits of the fraction."""
_HEX: Final = "CONVERT(varchar(max), CAST({} AS varbinary(max)), 2)"

GRAMMAR: Final = Grammar(
    native=frozenset({
        "tinyint", "smallint", "int", "bigint", "bit", "real", "float", "date",
        "char", "varchar", "text", "nchar", "nvarchar", "ntext",
    }),
    typed={"datetime": "timestamp[ms]", "smalldatetime": "timestamp[s]", "datetime2": "timestamp[ns]"},
    decimals=frozenset({"decimal", "numeric"}),
    text="CAST({} AS nvarchar(max))",
    texts={
        **dict.fromkeys(("char", "varchar", "nchar", "nvarchar"), "{}"),
        **dict.fromkeys(("date", "time", "datetime", "datetime2", "datetimeoffset"), _ISO),
        "smalldatetime": "CONVERT(varchar(40), {}, 120)",
        **dict.fromkeys(("money", "smallmoney"), "CONVERT(varchar(40), {}, 2)"),
        **dict.fromkeys(("real", "float"), "CONVERT(varchar(40), {}, 3)"),
        **dict.fromkeys(("tinyint", "smallint", "int", "bigint", "bit"), "CAST({} AS varchar(50))"),
        **dict.fromkeys(("decimal", "numeric"), "CAST({} AS varchar(50))"),
        **dict.fromkeys(("binary", "varbinary", "timestamp", "image"), _HEX),
        **dict.fromkeys(("geometry", "geography", "hierarchyid"), "{}.ToString()"),
    },
    quotes="[]",
    md5="CONVERT(bigint, SUBSTRING(HASHBYTES('MD5', CAST({} AS varchar(8000))), 1, 4))",
    join=" + ",
    character="CHAR({})",
    first="ORDER BY (SELECT NULL) OFFSET 0 ROWS FETCH NEXT {rows} ROWS ONLY",
    blocks="TABLESAMPLE SYSTEM ({percent} PERCENT) REPEATABLE ({seed})",
)  # fmt: skip

_OBJECT: Final = (
    "FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id {} WHERE s.name = {schema} AND o.name = {name}"
)


def _tables(address: Address) -> str:
    del address
    return (
        "SELECT s.name, o.name FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id "
        "WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0"
    )


def _of_table(what: str, joins: str, tail: str = "") -> str:
    return f"SELECT {what} {_OBJECT.replace('{}', joins, 1)}{tail}"


_TYPE: Final = (
    "CASE WHEN TYPE_NAME(c.system_type_id) IN ('decimal', 'numeric') "
    "THEN CONCAT(TYPE_NAME(c.system_type_id), '(', c.precision, ',', c.scale, ')') "
    "ELSE COALESCE(TYPE_NAME(c.system_type_id), TYPE_NAME(c.user_type_id)) END"
)
_MAY: Final = "HAS_PERMS_BY_NAME(QUOTENAME(s.name) + '.' + QUOTENAME(o.name), 'OBJECT', 'SELECT', c.name, 'COLUMN')"

CATALOG: Final = Catalog(
    GRAMMAR,
    tables=_tables,
    columns=_of_table(
        f"c.name, {_TYPE}, c.is_nullable, {_MAY}",
        "JOIN sys.columns c ON c.object_id = o.object_id",
        " ORDER BY c.column_id",
    ),
    size=_of_table(
        "SUM(p.rows), NULL, MAX(o.type_desc)",
        "LEFT JOIN sys.partitions p ON p.object_id = o.object_id AND p.index_id IN (0, 1)",
    ),
    keys=_of_table(
        "c.name",
        "JOIN sys.indexes i ON i.object_id = o.object_id AND i.is_primary_key = 1 "
        "JOIN sys.index_columns k ON k.object_id = o.object_id AND k.index_id = i.index_id "
        "JOIN sys.columns c ON c.object_id = o.object_id AND c.column_id = k.column_id",
        " ORDER BY k.key_ordinal",
    ),
    foreign=_of_table(
        "f.name, COL_NAME(k.parent_object_id, k.parent_column_id), "
        "CONCAT(OBJECT_SCHEMA_NAME(k.referenced_object_id), '.', OBJECT_NAME(k.referenced_object_id)), "
        "COL_NAME(k.referenced_object_id, k.referenced_column_id)",
        "JOIN sys.foreign_keys f ON f.parent_object_id = o.object_id "
        "JOIN sys.foreign_key_columns k ON k.constraint_object_id = f.object_id",
        " ORDER BY f.name, k.constraint_column_id",
    ),
    restricted=_of_table(
        "p.predicate_type_desc",
        "JOIN sys.security_predicates p ON p.target_object_id = o.object_id "
        "JOIN sys.security_policies y ON y.object_id = p.object_id AND y.is_enabled = 1",
        " AND p.predicate_type_desc = 'FILTER'",
    ),
    counts=True,
    ranges=True,
    notes=("SQL Server has no read-only session: walkaround's user should have the right to SELECT and no other",),
)  # fmt: skip

RULES: Final = (
    Rule("login", words=r"login failed|\(18456\)|password.*expired|cannot open database .* requested by the login"),
    Rule("tls", words=r"ssl provider|certificate|encryption not supported"),
    Rule("denied", words=r"permission was denied|\(229\)|\(230\)|not able to access the database"),
    Rule("missing", words=r"invalid object name|base table or view not found|invalid column name"),
    Rule("timeout", words=r"query timeout expired|lock request time out|timeout expired"),
    Rule("throttled", words=r"resource id .* limit|deadlock victim|\(40501\)|\(49918\)", passes=True),
    Rule("unreachable", words=r"communication link failure", passes=True),
    Rule("unreachable", words=r"tcp provider|server is not found|login timeout"),
)


def _read(error: BaseException) -> tuple[str, str]:
    return "", str(getattr(error, "ddbc_error", "") or error)


_SNAPSHOT: Final = (
    "IF EXISTS (SELECT 1 FROM sys.databases WHERE database_id = DB_ID() AND snapshot_isolation_state = 1) "
    "SET TRANSACTION ISOLATION LEVEL SNAPSHOT"
)
"""Readers of a snapshot wait for nobody; a database has to allow it."""


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # the client sends the time limit with every statement
    return (
        "SET NOCOUNT ON",
        f"SET LOCK_TIMEOUT {LOCK_SECONDS * 1000}",
        "SET DEADLOCK_PRIORITY LOW",
        _SNAPSHOT,
    )


def _connect(address: Address, limits: Limits) -> Session:
    """A login without retries, at a readable secondary where there is one."""
    client = driver("mssql_python")
    client.pooling(enabled=False)
    parts = address.parts
    settings = named(
        server=f"{parts.hostname},{parts.port}" if parts.port else parts.hostname,
        database=next(iter(path_of(address)), None),
        uid=address.user,
        pwd=address.password,
        applicationintent="ReadOnly",
        connectretrycount="0",
    )
    settings |= {re.sub(r"[_ ]", "", name.lower()): value for name, value in options_of(address).items()}
    connection = client.connect(autocommit=False, timeout=CONNECT_SECONDS, **settings)
    connection.timeout = int(limits.seconds)
    return CursorSession(connection, _batches, _stop, {"use_prepare": False})


def _batches(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    cursor.execute(statement, use_prepare=False)
    with closing(cursor.arrow_reader(batch_size=ROWS)) as reader:  # closing it cancels what still runs
        yield from batches_of(reader, [column[0] for column in cursor.description])


def _stop(cursor: Any) -> tuple[str, ...]:
    cursor.close()
    return ()


CONNECTOR = SqlConnector(
    Engine(
        kind="sqlserver",
        schemes=("mssql", "sqlserver"),
        client=Client(("mssql_python",), "mssql", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
        end=("IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION",),
    )
)
