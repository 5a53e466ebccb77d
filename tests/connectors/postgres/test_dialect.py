"""What PostgreSQL is asked and told, without a server: addresses, queries and errors, word for word."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from walkaround.connectors.address import address_of
from walkaround.connectors.postgres import CONNECTOR
from walkaround.connectors.postgres.conninfo import conninfos
from walkaround.connectors.sql.connector import statements
from walkaround.connectors.sql.drawing import Wanted
from walkaround.connectors.sql.shape import Heap, ServerColumn, Shape, TableName
from walkaround.model.source import Source

TABLE = TableName("sales", 'Or"ders')
SHAPE = Shape(
    TABLE,
    (
        ServerColumn("id", "bigint"),
        ServerColumn("at", "timestamp with time zone"),
        ServerColumn("sum", "numeric(12,2)"),
    ),
    rows=4_000,
    rows_are="estimate",
    heaps=(Heap(TABLE, 40), Heap(TableName("sales", "old"), 8)),
    keys=("id",),
    facets=(("encoding", "UTF8"), ("kind", "r")),
)
INSIDE = """isfinite("at") AND "at" >= '0001-01-01' AND "at" < '10000-01-01'"""
ASKED = (
    f'SELECT "id" AS "c0", CASE WHEN {INSIDE} THEN "at" END AS "c1", '
    f'CASE WHEN NOT ({INSIDE}) THEN "at"::text END AS "c2", "sum"::text AS "c3"'
)
QUOTED = '"sales"."Or""ders"'


def asked(method: str, wanted: Wanted) -> list[str]:
    """The queries of a draw."""
    dialect = CONNECTOR.dialect
    draw = dialect.draw(method, SHAPE, wanted)  # type: ignore[arg-type]
    assert draw is not None
    return list(statements(dialect, [dialect.project(column, SHAPE) for column in SHAPE.columns], draw))


KEY = """('x' || substr(md5("id"::text || '|7'), 1, 8))::bit(32)::bigint"""
HASHED = f', {KEY} AS "unit" FROM {QUOTED} WHERE {KEY} < 10737418'
UNIT = ', tableoid::bigint * 4294967296 + (ctid::text::point)[0]::bigint AS "unit"'


@pytest.mark.parametrize(
    ("method", "ending"),
    [
        ("key_hash", HASHED),
        ("rows", f" FROM {QUOTED} TABLESAMPLE BERNOULLI (0.25) REPEATABLE (7)"),
        ("system", f"{UNIT} FROM {QUOTED} TABLESAMPLE SYSTEM (0.25) REPEATABLE (7)"),
        ("first", f" FROM {QUOTED} LIMIT 10"),
    ],
)
def test_a_method_is_one_query(method: str, ending: str) -> None:
    """Names are quoted, columns are asked for by their type, and the seed stands in the query."""
    assert asked(method, Wanted(10, 7, "t", ("id",))) == [ASKED + ending]


def test_pages_are_asked_for_by_their_addresses() -> None:
    """Heap by heap, each page once, at every place that a row of 8,192 bytes can have, and pages numbered through."""
    sent = asked("pages", Wanted(4_000, 7, "t"))
    assert len(sent) == 16
    assert sent[0] == (
        f'{ASKED}, (ctid::text::point)[0]::bigint AS "unit" FROM ONLY {QUOTED} WHERE ctid = ANY (ARRAY(SELECT '  # noqa: S608 - a constant
        "('(' || p || ',' || o || ')')::tid FROM unnest('{0,8,16,24,32}'::bigint[]) p, generate_series(1, 291) o))"
    )
    assert '(ctid::text::point)[0]::bigint + 40 AS "unit" FROM ONLY "sales"."old"' in sent[1]


def test_a_view_and_a_key_that_is_not_there_offer_less() -> None:
    """No pages of a view, no hash of a key that cannot be read, and no range of keys anywhere."""
    view = Shape(TABLE, SHAPE.columns, rows=4_000, is_view=True, facets=(("encoding", "UTF8"), ("kind", "v")))
    wanted = Wanted(10, 7, "t", ("hidden",))
    offered = [
        method
        for method in ("pages", "key_ranges", "key_hash", "rows", "system", "first")
        if CONNECTOR.dialect.draw(method, view, wanted) is not None  # type: ignore[arg-type]
    ]
    assert offered == ["rows", "first"]


def test_what_libpq_is_given() -> None:
    """Our own parameters are taken out, the user's stand, TLS is asked for first, of several hosts a replica."""
    first, second = conninfos(
        address_of(Source("s", "postgres://ana:a%2Bb@h1,h2:6432/crm?table=t&connect_timeout=3#x"))
    )
    assert first == (
        "postgresql://ana:a%2Bb@h1,h2:6432/crm?connect_timeout=3&application_name=walkaround&keepalives_idle=10&"
        "keepalives_interval=5&keepalives_count=3&tcp_user_timeout=30000&gssencmode=disable&"
        "target_session_attrs=prefer-standby&sslmode=require&client_encoding=UTF8"
    )
    assert second == first.replace("sslmode=require", "sslmode=disable")
    (told,) = conninfos(address_of(Source("s", "postgresql:///crm?host=/run/pg&sslmode=verify-full")))
    assert told.startswith("postgresql:///crm?host=/run/pg&sslmode=verify-full&")
    assert "prefer-standby" not in told


FOREIGN = "[libpq] Execution error [PGRES_FATAL_ERROR]: FEHLER:  doppelt »x« 'ana@x.example' 42\nDETAIL:  ana"
LOST = "PQgetCopyData() failed: server closed the connection unexpectedly"
LATE = "connection to server at 10.0.0.1, port 5432 failed: timeout expired"
CONFLICT = "canceling statement due to conflict with recovery"


@pytest.mark.parametrize(
    ("words", "reason", "passes", "shown"),
    [
        (FOREIGN, "unreadable", False, "doppelt »x« ... ..."),
        (f"[libpq] {LOST}\n\tThis", "unreachable", True, LOST),
        (f"IO: [libpq] Failed to connect: {LATE}\n", "unreachable", True, LATE),
        (f"ERROR:  {CONFLICT}", "changed", True, CONFLICT),
    ],
)
def test_errors_without_a_code(words: str, reason: str, passes: bool, shown: str) -> None:  # noqa: FBT001 - a case's column
    """They are told by their text; what may be a value is left out; only what can pass is tried again."""
    fault = CONNECTOR.dialect.fault(OSError(words))
    assert fault is not None
    assert (fault.reason, fault.passes, fault.words) == (reason, passes, shown)


def test_errors_of_this_machine_are_not_the_server_s() -> None:
    """A full disk, or a bug of ours, is none of PostgreSQL's errors."""
    assert CONNECTOR.dialect.fault(OSError(28, "No space left on device")) is None
    assert CONNECTOR.dialect.fault(ValueError("x")) is None


def test_the_driver_loads_where_it_is_used() -> None:
    """Naming the connector loads no driver."""
    code = "import sys; import walkaround.connectors.postgres; sys.exit(any('adbc' in name for name in sys.modules))"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})
