"""Snowflake, through its own client, which fetches Arrow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import THIS_TABLE, Catalog, standard_tables
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import CursorSession, batches_of
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, IDLE_SECONDS, LOCK_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

_TIME: Final = "TO_VARCHAR({}, 'YYYY-MM-DD HH24:MI:SS.FF9')"
_ZONED: Final = "TO_VARCHAR({}, 'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM')"

GRAMMAR: Final = Grammar(
    native=frozenset({"text", "varchar", "float", "boolean", "date"}),
    typed={"timestamp_ntz": "timestamp[ns]"},
    text="TO_VARCHAR({})",
    texts={
        **dict.fromkeys(("text", "varchar"), "{}"),
        "date": "TO_VARCHAR({}, 'YYYY-MM-DD')",
        "time": "TO_VARCHAR({}, 'HH24:MI:SS.FF9')",
        "timestamp_ntz": _TIME,
        **dict.fromkeys(("timestamp_ltz", "timestamp_tz"), _ZONED),
        "binary": "TO_VARCHAR({}, 'HEX')",
        **dict.fromkeys(("variant", "object", "array", "map"), "TO_JSON({})"),
        "vector": "TO_JSON({}::ARRAY)",
        **dict.fromkeys(("geography", "geometry"), "ST_ASWKT({})"),
    },
    mute=frozenset({"file"}),
    md5="TO_NUMBER(SUBSTR(MD5({}), 1, 8), 'XXXXXXXX')",
    bernoulli="SAMPLE BERNOULLI ({percent}) SEED ({seed})",
    blocks="SAMPLE SYSTEM ({percent}) SEED ({seed})",
    escapes="texts",
)


CATALOG: Final = Catalog(
    GRAMMAR,
    tables=standard_tables(GRAMMAR),
    columns=(
        "SELECT column_name, CASE WHEN data_type = 'NUMBER' "  # noqa: S608 - a constant
        "THEN 'NUMBER(' || numeric_precision || ',' || numeric_scale || ')' ELSE data_type END, is_nullable "
        f"FROM information_schema.columns WHERE {THIS_TABLE} ORDER BY ordinal_position"
    ),
    size=f"SELECT row_count, bytes, table_type FROM information_schema.tables WHERE {THIS_TABLE}",  # noqa: S608 - a constant
    keys="SHOW PRIMARY KEYS IN TABLE {table}",
    key_place=4,
    counts=True,
    notes=(
        "Snowflake has no read-only session: walkaround's role should have the right to SELECT and no other",
        "row access policies that hide rows from this role are not told to it",
    ),
)

RULES: Final = (
    Rule("login", frozenset({"390100", "390101", "390110", "390144", "390186", "390189", "390302", "250006"})),
    Rule("login", words=r"incorrect username or password|jwt token is invalid|\(28000\)"),
    Rule("denied", frozenset({"3001", "606", "390201"}), words=r"insufficient privileges|no active warehouse"),
    Rule("missing", frozenset({"2003", "2043"}), words=r"does not exist or not authorized"),
    Rule("timeout", frozenset({"604", "630", "1969"}), words=r"reached its (statement|warehouse) timeout"),
    Rule("throttled", frozenset({"290429", "390503"}), words=r"resource monitor|quota"),
    Rule("unreachable", frozenset({"250001", "250003", "251001", "290404", "290403"}), words=r"could not connect"),
)  # fmt: skip


def _read(error: BaseException) -> tuple[str, str]:
    number = getattr(error, "errno", None)
    return str(number).lstrip("0") if isinstance(number, int) and number > 0 else "", str(error)


def _begin(limits: Limits) -> tuple[str, ...]:
    return (
        f"ALTER SESSION SET QUERY_TAG = '{APPLICATION}'",
        f"ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = {max(1, int(limits.seconds))}",
        f"ALTER SESSION SET STATEMENT_QUEUED_TIMEOUT_IN_SECONDS = {IDLE_SECONDS}",
        f"ALTER SESSION SET LOCK_TIMEOUT = {LOCK_SECONDS}",
        "ALTER SESSION SET ABORT_DETACHED_QUERY = TRUE",
        "ALTER SESSION SET TIMEZONE = 'UTC'",
    )


def _connect(address: Address, limits: Limits) -> Session:
    """A login. Warehouse, role, authenticator and the file of a private key are parameters of the URI."""
    client = driver("snowflake.connector")
    database, schema = [*path_of(address), None, None][:2]
    connection = client.connect(
        **named(
            account=address.parts.hostname,
            user=address.user,
            password=address.password,
            database=database,
            schema=schema,
            **options_of(address),
        ),
        application=APPLICATION,
        login_timeout=CONNECT_SECONDS,
        network_timeout=int(limits.seconds),
        client_session_keep_alive=False,
        client_out_of_band_telemetry_enabled=False,
    )
    return CursorSession(connection, _batches, _stop)


def _batches(cursor: Any, statement: str) -> Iterator[pa.RecordBatch]:
    cursor.execute(statement)
    yield from batches_of(cursor.fetch_arrow_batches(), [column[0] for column in cursor.description])


def _stop(cursor: Any) -> tuple[str, ...]:
    if not cursor.sfqid:
        return ()  # the query was not answered yet: it is aborted as its session is closed
    cursor.abort_query(cursor.sfqid)
    return (f"abort query {cursor.sfqid}",)


CONNECTOR = SqlConnector(
    Engine(
        kind="snowflake",
        schemes=("snowflake",),
        client=Client(("snowflake",), "snowflake", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
    )
)
