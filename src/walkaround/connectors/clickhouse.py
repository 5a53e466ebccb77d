"""ClickHouse, through clickhouse-connect, which fetches Arrow over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import Catalog
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import batches_of, steady
from walkaround.connectors.sql.dialect import APPLICATION, CONNECT_SECONDS, Limits, Session
from walkaround.connectors.sql.drawing import DUPLICATES, Draw, Piece, Wanted
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import named, options_of, path_of
from walkaround.connectors.sql.shape import Shape
from walkaround.model.source import Method

GRAMMAR: Final = Grammar(
    native=frozenset({
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float32", "float64", "bool", "string",
    }),
    typed={"date": "date32", "date32": "date32", "datetime": "timestamp[s]", "datetime64": "timestamp[ns]"},
    decimals=frozenset({"decimal"}),
    text="toString({})",
    texts={
        "string": "{}",
        **dict.fromkeys(("datetime", "datetime64"), "toString({}, 'UTC')"),
        **dict.fromkeys(("array", "map", "tuple", "nested", "json", "variant", "dynamic"), "toJSONString({})"),
    },
    mute=frozenset({"aggregatefunction", "simpleaggregatefunction"}),
    escapes="all",
    md5="reinterpretAsUInt32(reverse(substring(MD5({}), 1, 4)))",
    character="char({})",
)  # fmt: skip


def _tables(address: Address) -> str:
    inside = path_of(address)[:1]
    where = (
        f"database = {GRAMMAR.literal(inside[0])}"
        if inside
        else "database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')"
    )
    return f"SELECT database, name FROM system.tables WHERE {where} AND NOT is_temporary"  # noqa: S608 - it is a literal


CATALOG: Final = Catalog(
    GRAMMAR,
    tables=_tables,
    columns=(
        "SELECT name, type, type LIKE 'Nullable%' FROM system.columns "
        "WHERE database = {schema} AND table = {name} AND default_kind <> 'EPHEMERAL' ORDER BY position"
    ),
    size=(
        "SELECT total_rows, total_bytes, engine, sampling_key FROM system.tables "
        "WHERE database = {schema} AND name = {name}"
    ),
    counts=True,
    facets=("sampling_key",),
    notes=(
        "readonly=2 and the time limit are sent with each query as settings",
        "row policies that hide rows from this user are not told to it",
    ),
)

RULES: Final = (
    Rule("login", frozenset({"516", "192", "193", "194"}), words=r"authentication failed"),
    Rule("denied", frozenset({"497", "291"}), words=r"not enough privileges"),
    Rule("denied", frozenset({"164"}), hint="ask for a profile with readonly=2, so that time limits may be sent"),
    Rule("missing", frozenset({"60", "81", "47"}), words=r"unknown_table|unknown_database"),
    Rule("timeout", frozenset({"159", "160", "209"}), words=r"timeout_exceeded|timed out"),
    Rule("throttled", frozenset({"202", "201", "241"}), words=r"too_many_simultaneous_queries", passes=True),
    Rule("unreachable", frozenset({"210"}), words=r"connection (refused|reset|aborted)|name resolution|max retries"),
    Rule("tls", words=r"certificate|ssl"),
)  # fmt: skip


class ClickHouseSession:
    """HTTP requests with one login. Left early, the answer is closed, at which the server stops."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._running: Any = None

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Send a statement whose answer is small."""
        return [tuple(row) for row in self._client.query(statement).result_rows]

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """Send a query; left early, it is stopped."""
        context = self._client.query_arrow_stream(statement, use_strings=True)
        with context as tables:
            self._running = context
            some = False
            for batch in steady(batches_of(tables, ())):
                if batch.num_columns:
                    some = True
                    yield batch
            if not some:  # without rows the client hands over no schema; the whole answer has one
                yield from batches_of([self._client.query_arrow(statement, use_strings=True)], ())
            self._running = None

    def cancel(self) -> tuple[str, ...]:
        """Close the answer that is being read."""
        running, self._running = self._running, None
        if running is not None:
            with suppress(Exception):
                running.__exit__(None, None, None)
        return ()

    def close(self) -> None:
        """End the connection."""
        with suppress(Exception):
            self._client.close()


def _read(error: BaseException) -> tuple[str, str]:
    return str(getattr(error, "code", None) or ""), str(error)


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # the client sends the settings with every query
    return ()


def _connect(address: Address, limits: Limits) -> Session:
    """A login; the first query of the client's own asks for the server's version and settings."""
    client = driver("clickhouse_connect")
    parts = address.parts
    options = options_of(address)
    secure = options.pop("secure", "true" if parts.port in (8443, 443) else "false") == "true"
    settings = {
        "readonly": 2,
        "max_execution_time": max(1, int(limits.seconds)),
        "cancel_http_readonly_queries_on_client_close": 1,
        "log_comment": APPLICATION,
    }
    connected = client.get_client(
        **named(
            host=parts.hostname,
            port=parts.port,
            username=address.user,
            password=address.password,
            database=next(iter(path_of(address)), None),
            **options,
        ),
        secure=secure,
        settings=settings,
        client_name=APPLICATION,
        connect_timeout=CONNECT_SECONDS,
        send_receive_timeout=max(1, int(limits.seconds)),
        query_retries=0,
    )
    return ClickHouseSession(connected)


def _by_sampling_key(method: Method, shape: Shape, wanted: Wanted, table: str) -> Draw | None:
    """The engine's own sample, of a table that was made with SAMPLE BY: a stretch of the sampling key's hashes, so each
    value of that key, and so each unit, is in it with all of its rows or with none.
    """
    key = shape.facet("sampling_key")
    if method != "system" or not key or not shape.rows:
        return None
    share = min(1.0, wanted.rows / shape.rows)
    offset = wanted.chance.random() * (1 - share)
    source = f"{table} SAMPLE {share:.9f} OFFSET {offset:.9f}"
    unit = f"reinterpretAsInt64(cityHash64({key}))"
    cost = (f"the stretch of its sampling key that holds {100 * share:.3g} % of it",)
    pieces = (Piece(source, unit=unit),)
    return Draw("system", pieces, wanted.rows, share, cost=cost, cannot_tell=DUPLICATES)


CONNECTOR = SqlConnector(
    Engine(
        kind="clickhouse",
        schemes=("clickhouse",),
        client=Client(("clickhouse_connect",), "clickhouse", _read),
        grammar=GRAMMAR,
        lookup=CATALOG,
        log_in=_connect,
        begin=_begin,
        rules=RULES,
        own_draw=_by_sampling_key,
    )
)
