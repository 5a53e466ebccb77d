"""Trino, through its own client: rows as the server's text."""

from __future__ import annotations

from typing import Final

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import THIS_TABLE, Catalog, standard_tables
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import CursorSession, cancelled, rows_as_text
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of

_JSON: Final = "JSON_FORMAT(CAST({} AS JSON))"

GRAMMAR: Final = Grammar(
    native=frozenset({"varchar", "char"}),
    typed={
        **dict.fromkeys(("tinyint", "smallint", "integer", "bigint"), "int64"),
        "real": "float32", "double": "float64", "boolean": "bool",
        "date": "date32", "timestamp": "timestamp[us]",
    },
    decimals=frozenset({"decimal"}),
    text="CAST({} AS VARCHAR)",
    texts={
        **dict.fromkeys(("varchar", "char"), "{}"),
        "varbinary": "TO_HEX({})",
        "json": "JSON_FORMAT({})",
        **dict.fromkeys(("array", "map", "row"), _JSON),
        **dict.fromkeys(("geometry", "sphericalgeography"), "ST_ASTEXT({})"),
    },
    mute=frozenset({"hyperloglog", "p4hyperloglog", "qdigest", "tdigest", "setdigest"}),
    md5="FROM_BASE(SUBSTR(TO_HEX(MD5(TO_UTF8({}))), 1, 8), 16)",
    blocks="TABLESAMPLE SYSTEM ({percent})",
)  # fmt: skip


CATALOG: Final = Catalog(
    GRAMMAR,
    tables=standard_tables(GRAMMAR),
    columns=(
        "SELECT column_name, data_type, is_nullable FROM information_schema.columns "  # noqa: S608 - a constant
        f"WHERE {THIS_TABLE} ORDER BY ordinal_position"
    ),
    size=f"SELECT NULL, NULL, table_type FROM information_schema.tables WHERE {THIS_TABLE}",  # noqa: S608 - a constant
    counts=True,
    notes=(
        "Trino is asked without a transaction: walkaround's user should have the right to SELECT and no other",
        "row filters that hide rows from this user are not told to it",
    ),
)

RULES: Final = (
    Rule("login", words=r"\b401\b|unauthorized|authentication failed|invalid credentials"),
    Rule("denied", frozenset({"PERMISSION_DENIED"}), words=r"\b403\b"),
    Rule("missing", frozenset({"TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND", "COLUMN_NOT_FOUND"})),
    Rule("timeout", frozenset({"EXCEEDED_TIME_LIMIT", "EXCEEDED_CPU_LIMIT", "EXCEEDED_SCAN_LIMIT", "ABANDONED_QUERY"})),
    Rule("throttled", frozenset({"QUERY_QUEUE_FULL", "CLUSTER_OUT_OF_MEMORY", "NO_NODES_AVAILABLE"}), passes=True),
    Rule("unreachable", frozenset({"SERVER_STARTING_UP", "SERVER_SHUTTING_DOWN"}), words=r"\b50[234]\b", passes=True),
    Rule("tls", words=r"tls/ssl is required|certificate"),
    Rule("unreachable", words=r"failed to (establish|connect)|max retries exceeded|connection refused"),
)  # fmt: skip


def _read(error: BaseException) -> tuple[str, str]:
    return str(getattr(error, "error_name", "") or ""), str(error)


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # the client sends the time limit with every query
    return ()


def _connect(address: Address, limits: Limits) -> Session:
    """A session over HTTPS with a password, or with a JWT that the parameter `access_token` holds."""
    client = driver("trino.dbapi")
    catalog, schema = [*path_of(address), None, None][:2]
    options = options_of(address, "access_token")
    token = address.options.get("access_token")
    auth = driver("trino.auth").JWTAuthentication(token) if token else None
    if address.password:
        auth = driver("trino.auth").BasicAuthentication(address.user, address.password)
    connection = client.connect(
        **named(port=address.parts.port, catalog=catalog, schema=schema, auth=auth),
        host=address.parts.hostname,
        user=address.user or APPLICATION,
        http_scheme=options.pop("http_scheme", "https" if auth else "http"),
        source=APPLICATION,
        session_properties={"query_max_run_time": f"{max(1, int(limits.seconds))}s", **options},
        timezone="UTC",
        max_attempts=1,
        request_timeout=CONNECT_SECONDS * 3,
    )
    return CursorSession(connection, rows_as_text, cancelled)


CONNECTOR = SqlConnector(
    Engine(
        kind="trino",
        schemes=("trino",),
        client=Client(("trino", "requests"), "trino", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
    )
)
