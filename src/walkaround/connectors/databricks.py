"""Databricks SQL, with Unity Catalog, through its own client, which fetches Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import THIS_TABLE, Catalog, standard_keys, standard_tables
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import ROWS, CursorSession, batches_of, cancelled
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

GRAMMAR: Final = Grammar(
    native=frozenset({
        "tinyint", "byte", "smallint", "short", "int", "integer", "bigint", "long",
        "float", "real", "double", "boolean", "string", "varchar", "char",
    }),
    typed={"date": "date32", "timestamp": "timestamp[us]", "timestamp_ntz": "timestamp[us]"},
    decimals=frozenset({"decimal", "dec", "numeric"}),
    text="CAST({} AS STRING)",
    texts={
        **dict.fromkeys(("string", "varchar", "char"), "{}"),
        "binary": "HEX({})",
        **dict.fromkeys(("struct", "array", "map", "variant"), "TO_JSON({})"),
        **dict.fromkeys(("geometry", "geography"), "ST_ASEWKT({})"),
    },
    quotes="``",
    escapes="texts",
    md5="CAST(CONV(SUBSTR(MD5({}), 1, 8), 16, 10) AS BIGINT)",
    bernoulli="TABLESAMPLE ({percent} PERCENT) REPEATABLE ({seed})",
)  # fmt: skip


CATALOG: Final = Catalog(
    GRAMMAR,
    tables=standard_tables(GRAMMAR),
    columns=(
        "SELECT column_name, full_data_type, is_nullable FROM information_schema.columns "  # noqa: S608 - a constant
        f"WHERE {THIS_TABLE} ORDER BY ordinal_position"
    ),
    size=f"SELECT NULL, NULL, table_type FROM information_schema.tables WHERE {THIS_TABLE}",  # noqa: S608 - a constant
    keys=standard_keys(),
    restricted=f"SELECT filter_name FROM information_schema.row_filters WHERE {THIS_TABLE}",  # noqa: S608 - a constant
    counts=True,
    notes=("Databricks has no read-only session: walkaround's principal should have the right to SELECT and no other",),
)

RULES: Final = (
    Rule("login", words=r"\b401\b|invalid access token|unauthenticated|error during request to server.*token"),
    Rule("denied", words=r"\b403\b|insufficient_permissions|permission_denied|does not have .*privilege"),
    Rule("missing", words=r"table_or_view_not_found|schema_not_found|no_such_catalog|\b404\b|resource_does_not_exist"),
    Rule("timeout", words=r"timed? ?out|statement_timeout"),
    Rule("throttled", words=r"\b429\b|\b503\b|too many requests|temporarily_unavailable", passes=True),
    Rule("unreachable", words=r"max retries exceeded|connection (refused|reset|aborted)|name resolution"),
)


def _read(error: BaseException) -> tuple[str, str]:
    return "", " ".join(str(part) for part in (error, getattr(error, "context", "")) if part)


def _begin(limits: Limits) -> tuple[str, ...]:
    return (f"SET STATEMENT_TIMEOUT = {max(1, int(limits.seconds))}", "SET TIME ZONE 'UTC'")


def _connect(address: Address, limits: Limits) -> Session:
    """A login with a token, which stands where a password does, or by the `auth_type` that the URI names. One attempt
    a request, and no telemetry.
    """
    del limits
    client = driver("databricks.sql")
    catalog, schema = [*path_of(address), None, None][:2]
    connection = client.connect(
        **named(
            server_hostname=address.parts.hostname,
            access_token=address.password,
            catalog=catalog,
            schema=schema,
            **options_of(address),
        ),
        user_agent_entry=APPLICATION,
        enable_telemetry=False,
        _retry_stop_after_attempts_count=1,
        _socket_timeout=CONNECT_SECONDS * 6,
    )
    return CursorSession(connection, _batches, cancelled)


def _batches(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    cursor.execute(statement)
    yield from batches_of(_tables_of(cursor), ())


def _tables_of(cursor: Any) -> Iterator[pa.Table]:
    table = cursor.fetchmany_arrow(ROWS)
    yield table
    while table.num_rows:
        table = cursor.fetchmany_arrow(ROWS)
        if table.num_rows:
            yield table


CONNECTOR = SqlConnector(
    Engine(
        kind="databricks",
        schemes=("databricks",),
        client=Client(("databricks",), "databricks", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
    )
)
