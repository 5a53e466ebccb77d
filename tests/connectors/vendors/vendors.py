# ruff: noqa: D102, ARG002, ARG005, DTZ001 - fakes have the methods and arguments of the clients; times of a server have no zone
"""Vendors' servers as their documentation describes them, and clients that answer as theirs do, without a server.

A fake client writes down every login and statement. What a catalog answers is written here by hand from the vendor's
documentation of that catalog. A query for rows is answered from `ROWS`: a column that is asked for by its bare name
comes as the client's own type, anything else as text, as a cast would make it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import pyarrow as pa

SECRET = "can4ry-s3cret"  # noqa: S105 - that is the point of it
ROWS = {
    "id": [1, 2, 3],
    "name": ["ada", "bo", None],
    "amount": [Decimal("12.50"), Decimal("0.99"), None],
    "born": [dt.date(2024, 1, 3), dt.date(1999, 12, 31), None],
    "seen": [dt.datetime(2024, 1, 3, 10, 0, 0, 125_000), dt.datetime(1999, 1, 1), None],
    "score": [1.5, -2.25, None],
}
COUNT = 1_000_000
ASKED = re.compile(r'(?:SELECT |, )((?:(?! AS [`"\[]).)*?) AS [`"\[](c\d+|unit)[`"\]]')
"""An expression of a query for rows, and the name that it has in the answer."""


@dataclass
class Server:
    """What a vendor's server would be: it answers, and remembers."""

    answers: list[tuple[str, list[tuple[Any, ...]]]]
    logins: list[dict[str, Any]] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    closed: int = 0
    refuses: dict[str, Exception] = field(default_factory=dict)
    batches: int = 1

    def answer(self, statement: str) -> list[tuple[Any, ...]]:
        self.statements.append(statement)
        for part, error in self.refuses.items():
            if part in statement:
                raise error
        return next((rows for pattern, rows in self.answers if re.search(pattern, statement)), [])

    def table(self, statement: str) -> pa.Table:
        """The answer to a query for rows."""
        for part, error in self.refuses.items():
            if part in statement:
                raise error
        columns: dict[str, pa.Array] = {}
        for expression, alias in ASKED.findall(statement):
            name = next((name for name in ROWS if re.search(rf"\b{name}\b", expression, re.IGNORECASE)), "")
            bare = re.fullmatch(r'[`"\[]\w+[`"\]]', expression)
            if alias == "unit":
                columns[alias] = pa.array([1, 2, 3], pa.int64())
            else:
                columns[alias] = pa.array(ROWS[name] if bare else [_text(value) for value in ROWS[name]])
        return pa.table(columns)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


class Cursor:
    """Every way in which clients hand over rows."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: list[tuple[str]] | None = None
        self.sfqid = "01-query"
        self._rows: list[tuple[Any, ...]] = []
        self._tables: list[pa.Table] = []

    def execute(self, statement: str, **settings: Any) -> Cursor:
        del settings
        server = self.connection.server
        if ASKED.search(statement):
            server.statements.append(statement)
            table = server.table(statement)
            self._tables = [table] * server.batches
            self._rows = [tuple(row.values()) for table in self._tables for row in table.to_pylist()]
            self.description = [(name,) for name in table.column_names]
        elif statement.startswith("FETCH"):
            server.statements.append(statement)
        else:
            self._rows = server.answer(statement)
            width = len(self._rows[0]) if self._rows else 3
            self.description = [(f"x{place}",) for place in range(width)]
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    def arrow_reader(self, batch_size: int) -> Any:
        tables = (batch for table in self._tables for batch in table.to_batches(max_chunksize=batch_size))
        return _Reader(tables, self.connection.server)

    def fetch_arrow_batches(self) -> Iterator[pa.Table]:
        yield from self._tables

    def fetchmany_arrow(self, size: int) -> pa.Table:
        del size
        return self._tables.pop(0) if self._tables else pa.table({})

    def abort_query(self, query: str) -> None:
        self.connection.server.stopped.append(query)

    def cancel(self) -> None:
        self.connection.server.stopped.append("cancel")

    def close(self) -> None:
        pass


class _Reader:
    def __init__(self, batches: Iterator[pa.RecordBatch], server: Server) -> None:
        self._batches, self._server, self._done = batches, server, False

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        yield from self._batches
        self._done = True

    def close(self) -> None:
        if not self._done:
            self._server.stopped.append("SQLCancel")


class Connection:
    """A connection of any client."""

    _backend_key_data = b"\x00\x00\x00\x2a\x00\x00\x00\x01"  # process 42

    def __init__(self, server: Server) -> None:
        self.server = server

    def cursor(self) -> Cursor:
        return Cursor(self)

    def fetch_df_batches(self, statement: str, size: int, *, fetch_decimals: bool) -> Iterator[pa.Table]:
        assert size
        assert fetch_decimals
        self.server.statements.append(statement)
        for _ in range(self.server.batches):
            yield self.server.table(statement)

    def cancel(self) -> None:
        self.server.stopped.append("cancel")

    def close(self) -> None:
        self.server.closed += 1

    # clickhouse-connect
    def query(self, statement: str) -> Any:
        return SimpleNamespace(result_rows=self.server.answer(statement))

    def query_arrow_stream(self, statement: str, *, use_strings: bool) -> Any:
        assert use_strings
        self.server.statements.append(statement)
        return _Stream(self.server, [self.server.table(statement)] * self.server.batches)


class _Stream:
    def __init__(self, server: Server, tables: list[pa.Table]) -> None:
        self._server, self._tables = server, tables

    def __enter__(self) -> Iterator[pa.Table]:
        while self._tables:
            yield self._tables.pop(0)

    def __exit__(self, *error: object) -> None:
        if self._tables:
            self._server.stopped.append("closed")
            self._tables = []


class BigQuery:
    """google.cloud.bigquery, as far as it is used."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def list_datasets(self, retry: None) -> list[Any]:
        return [SimpleNamespace(dataset_id="crm")]

    def list_tables(self, dataset: str, retry: None) -> list[Any]:
        self._server.answer(f"GET {dataset}")
        return [SimpleNamespace(table_id="orders")]

    def get_table(self, table: str, retry: None) -> Any:
        self._server.answer(f"GET {table}")
        return SimpleNamespace(to_api_repr=lambda: BIGQUERY_TABLE)

    def query(self, statement: str, job_config: Any, job_retry: None) -> Any:
        assert job_config.maximum_bytes_billed == 2 << 30
        assert job_config.job_timeout_ms == 300_000
        assert job_config.labels == {"application": "walkaround"}
        self._server.statements.append(f"{'DRY RUN ' if job_config.dry_run else ''}{statement}")
        return _Job(self._server, statement)

    def close(self) -> None:
        self._server.closed += 1


class _Job:
    project, job_id, total_bytes_processed = "billing", "job-1", 4_194_304

    def __init__(self, server: Server, statement: str) -> None:
        self._server, self._statement = server, statement

    def result(self) -> Any:
        if not ASKED.search(self._statement):
            return [{"n": 1}]
        table = self._server.table(self._statement)
        fields = [SimpleNamespace(name=name) for name in table.column_names]
        batches = table.to_batches() * self._server.batches
        return SimpleNamespace(schema=fields, to_arrow_iterable=lambda: iter(batches))

    def cancel(self, retry: None) -> None:
        self._server.stopped.append(self.job_id)


BIGQUERY_TABLE = {
    "type": "TABLE", "numRows": str(COUNT), "numBytes": "80000000",
    "tableConstraints": {"primaryKey": {"columns": ["id"]}},
    "schema": {"fields": [
        {"name": "id", "type": "INTEGER", "mode": "REQUIRED"},
        {"name": "name", "type": "STRING"},
        {"name": "amount", "type": "NUMERIC", "precision": "12", "scale": "2"},
        {"name": "born", "type": "DATE"},
        {"name": "seen", "type": "DATETIME"},
        {"name": "score", "type": "FLOAT"},
    ]},
}  # fmt: skip


def _columns(**types: str) -> list[tuple[Any, ...]]:
    return [(name, kind, "YES") for name, kind in types.items()]


def raised(package: str, name: str, *arguments: Any, **attributes: Any) -> Exception:
    """An error as the client library would raise it."""
    kind = type(name, (Exception,), {"__module__": package})
    error = kind(*arguments)
    for key, value in attributes.items():
        setattr(error, key, value)
    return error


@dataclass(frozen=True)
class Vendor:
    """A connector with the client that it would load, and what its server answers."""

    name: str
    uri: str
    table: str
    modules: tuple[str, ...]
    answers: tuple[tuple[str, list[tuple[Any, ...]]], ...]
    stops: str
    sqlglot: str
    login: Callable[[], Exception]
    denied: Callable[[], Exception]
    timeout: Callable[[], Exception]
    extra: str = ""

    @property
    def connector(self) -> Any:
        return importlib.import_module(f"walkaround.connectors.{self.name}").CONNECTOR

    def installed(self, server: Server, error: Exception | None = None) -> dict[str, ModuleType]:
        """The modules of the client, as `sys.modules` has them where it is installed."""

        def connect(**settings: Any) -> Any:
            server.logins.append(settings)
            if error is not None:
                raise error
            return BigQuery(server) if self.name == "bigquery" else Connection(server)

        made = {name: ModuleType(name) for name in self.modules}
        for module in made.values():
            vars(module).update(
                connect=connect, get_client=connect, Client=connect, pooling=lambda enabled: None,
                QueryJobConfig=SimpleNamespace, BasicAuthentication=lambda user, password: ("basic", user),
            )  # fmt: skip
        return made

    def server(self) -> Server:
        return Server(list(self.answers))


VENDORS = (
    Vendor(
        "mssql",
        f"mssql://ana:{SECRET}@db.example:1433/crm?encrypt=yes",
        "dbo.orders",
        ("mssql_python",),
        (
            (r"o\.is_ms_shipped", [("dbo", "orders"), ("dbo", "orders_v")]),
            (r"HAS_PERMS_BY_NAME", [
                ("id", "int", False, 1), ("name", "nvarchar", True, 1), ("amount", "decimal(12,2)", True, 1),
                ("born", "date", True, 1), ("seen", "datetime2", True, 1), ("score", "float", True, 1),
                ("salary", "money", True, 0),
            ]),
            (r"SUM\(p\.rows\)", [(COUNT, None, "USER_TABLE")]),
            (r"is_primary_key", [("id",)]),
            (r"sys\.foreign_keys", [("fk", "name", "dbo.people", "name")]),
            (r"MIN\(\[id\]\)", [(1, COUNT)]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "SQLCancel",
        "tsql",
        lambda: raised("mssql_python.exceptions", "OperationalError", "x", ddbc_error="Login failed for user 'ana'."),
        lambda: raised(
            "mssql_python.exceptions", "ProgrammingError", "x",
            ddbc_error="The SELECT permission was denied on the object 'orders'",
        ),
        lambda: raised("mssql_python.exceptions", "OperationalError", "x", ddbc_error="Query timeout expired"),
    ),
    Vendor(
        "oracle",
        f"oracle://ana:{SECRET}@db.example:1521/CRM",
        "SALES.ORDERS",
        ("oracledb",),
        (
            (r"FROM all_objects WHERE", [("SALES", "ORDERS")]),
            (r"FROM all_tab_columns", [
                ("ID", "NUMBER(10,0)", "N"), ("NAME", "VARCHAR2", "Y"), ("AMOUNT", "NUMBER(12,2)", "Y"),
                ("BORN", "DATE", "Y"), ("SEEN", "TIMESTAMP(6)", "Y"), ("SCORE", "BINARY_DOUBLE", "Y"),
                ("SHAPE", "OBJECT", "Y"),
            ]),
            (r"LEFT JOIN all_tables", [(COUNT, 80_000_000, "TABLE")]),
            (r"constraint_type = 'P'", [("ID",)]),
            (r"MIN\(\"ID\"\)", [(1, COUNT)]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "cancel",
        "oracle",
        lambda: raised("oracledb.exceptions", "DatabaseError", SimpleNamespace(full_code="ORA-01017")),
        lambda: raised("oracledb.exceptions", "DatabaseError", SimpleNamespace(full_code="ORA-01031")),
        lambda: raised("oracledb.exceptions", "DatabaseError", SimpleNamespace(full_code="DPY-4024")),
    ),
    Vendor(
        "snowflake",
        f"snowflake://ana:{SECRET}@acme-eu/CRM/PUBLIC?warehouse=WH&role=READER",
        "PUBLIC.ORDERS",
        ("snowflake", "snowflake.connector"),
        (
            (r"^SELECT table_schema", [("PUBLIC", "ORDERS")]),
            (r"information_schema\.columns", _columns(
                ID="NUMBER(38,0)", NAME="TEXT", AMOUNT="NUMBER(12,2)", BORN="DATE", SEEN="TIMESTAMP_NTZ", SCORE="FLOAT"
            )),
            (r"^SELECT row_count", [(COUNT, 80_000_000, "BASE TABLE")]),
            (r"^SHOW PRIMARY KEYS", [("2026-01-01", "CRM", "PUBLIC", "ORDERS", "ID", 1, "pk", "false", None)]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "01-query",
        "snowflake",
        lambda: raised("snowflake.connector.errors", "DatabaseError", "Incorrect username", errno=390100),
        lambda: raised("snowflake.connector.errors", "ProgrammingError", "Insufficient privileges", errno=3001),
        lambda: raised("snowflake.connector.errors", "ProgrammingError", "Statement reached its timeout", errno=630),
    ),
    Vendor(
        "redshift",
        f"redshift://ana:{SECRET}@dw.example:5439/crm",
        "public.orders",
        ("redshift_connector",),
        (
            (r"FROM svv_all_tables", [("public", "orders")]),
            (r"FROM svv_all_columns", _columns(
                id="bigint", name="character varying", amount="numeric(12,2)", born="date",
                seen="timestamp without time zone", score="double precision",
            )),
            (r"c\.reltuples", [(COUNT, None, "TABLE")]),
            (r"PRIMARY KEY", [("id",)]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "SELECT pg_cancel_backend(42)",
        "redshift",
        lambda: raised("redshift_connector.error", "ProgrammingError", {"C": "28000", "M": "password authentication"}),
        lambda: raised("redshift_connector.error", "ProgrammingError", {"C": "42501", "M": "permission denied"}),
        lambda: raised("redshift_connector.error", "ProgrammingError", {"C": "57014", "M": "canceled"}),
    ),
    Vendor(
        "databricks",
        f"databricks://token:{SECRET}@adb.example/main/crm?http_path=/sql/1.0/warehouses/a",
        "crm.orders",
        ("databricks", "databricks.sql"),
        (
            (r"^SELECT table_schema", [("crm", "orders")]),
            (r"full_data_type", _columns(
                id="bigint", name="string", amount="decimal(12,2)", born="date", seen="timestamp_ntz", score="double"
            )),
            (r"^SELECT NULL, NULL", [(None, None, "MANAGED")]),
            (r"PRIMARY KEY", [("id",)]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "cancel",
        "databricks",
        lambda: raised("databricks.sql.exc", "RequestError", "Error during request to server. 401", context={}),
        lambda: raised("databricks.sql.exc", "ServerOperationError", "[INSUFFICIENT_PERMISSIONS] no", context={}),
        lambda: raised("databricks.sql.exc", "ServerOperationError", "Query timed out after 300 seconds", context={}),
    ),
    Vendor(
        "trino",
        f"trino://ana:{SECRET}@trino.example:443/hive/crm",
        "crm.orders",
        ("trino", "trino.dbapi", "trino.auth"),
        (
            (r"^SELECT table_schema", [("crm", "orders")]),
            (r"data_type, is_nullable", _columns(
                id="bigint", name="varchar", amount="decimal(12,2)", born="date", seen="timestamp(3)", score="double"
            )),
            (r"^SELECT NULL, NULL", [(None, None, "BASE TABLE")]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "cancel",
        "trino",
        lambda: raised("trino.exceptions", "HttpError", "error 401: b'Unauthorized'"),
        lambda: raised("trino.exceptions", "TrinoUserError", "Access Denied", error_name="PERMISSION_DENIED"),
        lambda: raised("trino.exceptions", "TrinoQueryError", "exceeded", error_name="EXCEEDED_TIME_LIMIT"),
    ),
    Vendor(
        "clickhouse",
        f"clickhouse://ana:{SECRET}@ch.example:8443/crm",
        "crm.orders",
        ("clickhouse_connect",),
        (
            (r"^SELECT database, name", [("crm", "orders")]),
            (r"FROM system\.columns", [
                ("id", "UInt64", 0), ("name", "Nullable(String)", 1), ("amount", "Nullable(Decimal(12, 2))", 1),
                ("born", "Nullable(Date32)", 1), ("seen", "Nullable(DateTime64(3))", 1),
                ("score", "Nullable(Float64)", 1),
            ]),
            (r"^SELECT total_rows", [(COUNT, 80_000_000, "MergeTree", "intHash32(id)")]),
            (r"^SELECT COUNT\(\*\) FROM", [(COUNT,)]),
        ),
        "closed",
        "clickhouse",
        lambda: raised("clickhouse_connect.driver.exceptions", "DatabaseError", "Authentication failed", code=516),
        lambda: raised("clickhouse_connect.driver.exceptions", "DatabaseError", "Not enough privileges", code=497),
        lambda: raised("clickhouse_connect.driver.exceptions", "DatabaseError", "Timeout exceeded", code=159),
    ),
    Vendor(
        "bigquery",
        f"bigquery://billing/crm?location=EU&api_token={SECRET}",
        "crm.orders",
        ("google", "google.cloud", "google.cloud.bigquery"),
        (),
        "job-1",
        "bigquery",
        lambda: raised("google.auth.exceptions", "DefaultCredentialsError", "Your default credentials were not found."),
        lambda: raised("google.api_core.exceptions", "Forbidden", "403 Access Denied", code=403),
        lambda: raised("google.api_core.exceptions", "GatewayTimeout", "504 timed out", code=504),
    ),
)  # fmt: skip
KEY = {"oracle": ("ID",), "snowflake": ("ID",)}


def put(monkeypatch: Any, vendor: Vendor, server: Server, error: Exception | None = None) -> None:
    """Install a vendor's fake client for the time of a test."""
    for name, module in vendor.installed(server, error).items():
        monkeypatch.setitem(sys.modules, name, module)
