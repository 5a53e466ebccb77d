"""Amazon Redshift, through its own client: rows as the server's text, by a cursor of the server."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import Catalog, standard_keys
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import ROWS, CursorSession, text_batch
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

GRAMMAR: Final = Grammar(
    native=frozenset({"character varying", "character", "varchar", "char", "bpchar", "text"}),
    typed={
        **dict.fromkeys(("smallint", "integer", "bigint"), "int64"),
        "real": "float32", "double precision": "float64",
        "date": "date32", "timestamp without time zone": "timestamp[us]",
    },
    text="CAST({} AS VARCHAR(65535))",
    texts={
        **dict.fromkeys(("character varying", "character", "varchar", "char", "bpchar", "text"), "{}"),
        "boolean": "CASE WHEN {} THEN 'true' WHEN NOT {} THEN 'false' END",
        "super": "JSON_SERIALIZE({})",
        **dict.fromkeys(("varbyte", "binary varying"), "TO_HEX({})"),
        **dict.fromkeys(("geometry", "geography"), "ST_ASEWKT({})"),
    },
    mute=frozenset({"hllsketch"}),
    md5="STRTOL(SUBSTRING(MD5({}), 1, 8), 16)",
)  # fmt: skip


def _tables(address: Address) -> str:
    del address
    return (
        "SELECT schema_name, table_name FROM svv_all_tables WHERE database_name = CURRENT_DATABASE() "
        "AND schema_name NOT LIKE 'pg\\\\_%' AND schema_name <> 'information_schema'"
    )


CATALOG: Final = Catalog(
    GRAMMAR,
    tables=_tables,
    columns=(
        "SELECT column_name, CASE WHEN data_type = 'numeric' "
        "THEN 'numeric(' || numeric_precision || ',' || numeric_scale || ')' ELSE data_type END, is_nullable "
        "FROM svv_all_columns WHERE database_name = CURRENT_DATABASE() "
        "AND schema_name = {schema} AND table_name = {name} ORDER BY ordinal_position"
    ),
    size=(
        "SELECT CAST(c.reltuples AS BIGINT), NULL, CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END "
        "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = {schema} AND c.relname = {name}"
    ),
    keys=standard_keys(),
    counts=True,
    notes=(
        "a query is sent as DECLARE ... CURSOR FOR it, and read by FETCH FORWARD, so that budgets are kept meanwhile",
        "row-level security that hides rows from this user is not told to it",
    ),
)  # fmt: skip

RULES: Final = (
    Rule("login", frozenset({"28000", "28P01"}), words=r"password authentication failed|iam.*(denied|failed)"),
    Rule("tls", words=r"no encryption|does not support ssl|certificate"),
    Rule("denied", frozenset({"42501"})),
    Rule("missing", frozenset({"42P01", "3D000", "3F000", "42703"})),
    Rule("timeout", frozenset({"57014", "55P03"})),
    Rule("throttled", frozenset({"53300", "53400", "1203"}), passes=True),
    Rule("unreachable", frozenset({"57P01", "57P03", "08006"}), words=r"connection.*(closed|reset)", passes=True),
    Rule("unreachable", words=r"communication error|server refuses|timed out"),
)  # fmt: skip


def _read(error: BaseException) -> tuple[str, str]:
    told = next(iter(error.args), "")
    return (str(told.get("C", "")), str(told.get("M", ""))) if isinstance(told, dict) else ("", str(told))


def _begin(limits: Limits) -> tuple[str, ...]:
    return (
        f"SET statement_timeout TO {int(limits.seconds * 1000)}",
        f"SET query_group TO '{APPLICATION}'",
        "SET timezone TO 'UTC'",
        "SET datestyle TO 'ISO'",
        "SET extra_float_digits TO 2",
        "BEGIN READ ONLY",
    )


def _connect(address: Address, limits: Limits) -> Session:
    """A login. With `iam=true` the client takes AWS's own chain of credentials (`cluster_identifier`, `profile`)."""
    del limits
    switches = {"true": True, "false": False}
    client = driver("redshift_connector")
    settings = named(
        host=address.parts.hostname,
        port=address.parts.port or 5439,
        database=next(iter(path_of(address)), None),
        user=address.user,
        password=address.password,
        application_name=APPLICATION,
        timeout=CONNECT_SECONDS,
        **{name: switches.get(value, value) for name, value in options_of(address).items()},
    )

    def connected() -> Any:
        connection = client.connect(**settings)
        connection.autocommit = True  # the transaction is ours to begin
        return connection

    first = connected()
    return CursorSession(first, _batches, lambda _: _stopped(first, connected), rests=True)


def _batches(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    """By a cursor of the server. Its name is of its query: the client remembers the columns of a FETCH by its text."""
    name = f"walkaround_{hashlib.blake2b(statement.encode(), digest_size=4).hexdigest()}"
    cursor.execute(f"DECLARE {name} CURSOR FOR {statement}")
    try:
        some = False
        while True:
            cursor.execute(f"FETCH FORWARD {ROWS} FROM {name}")
            rows = cursor.fetchall()
            if rows or not some:
                yield text_batch([column[0] for column in cursor.description], rows)
            some = True
            if len(rows) < ROWS:
                return
    finally:
        with suppress(Exception):  # of a transaction that has failed, nothing is left to close
            cursor.execute(f"CLOSE {name}")


def _stopped(first: Any, connected: Callable[[], Any]) -> tuple[str, ...]:
    """The query stopped by a second session of the same user, as this one is busy."""
    key = getattr(first, "_backend_key_data", None)
    if not key:
        return ()
    statement = f"SELECT pg_cancel_backend({struct.unpack('!i', bytes(key)[:4])[0]})"
    second = connected()
    try:
        second.cursor().execute(statement)
    finally:
        second.close()
    return (statement,)


CONNECTOR = SqlConnector(
    Engine(
        kind="redshift",
        schemes=("redshift",),
        client=Client(("redshift_connector",), "redshift", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
        end=("ROLLBACK",),
    )
)
