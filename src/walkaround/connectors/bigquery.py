"""BigQuery, through Google's client. Its catalog is asked over the API, which costs nothing; its queries are priced by
a dry run before, and refused by the server above the budget of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.sql.catalog import seen
from walkaround.connectors.sql.connector import SqlConnector
from walkaround.connectors.sql.cursors import batches_of, steady
from walkaround.connectors.sql.dialect import APPLICATION, Ask, Limits, Session
from walkaround.connectors.sql.engine import Engine
from walkaround.connectors.sql.faults import Client, Rule, driver
from walkaround.connectors.sql.grammar import Grammar
from walkaround.connectors.sql.place import path_of
from walkaround.connectors.sql.shape import Shape, TableName

GRAMMAR: Final = Grammar(
    native=frozenset({"string", "int64", "integer", "float64", "float", "bool", "boolean", "date", "bytes"}),
    typed={"datetime": "timestamp[us]"},
    decimals=frozenset({"numeric", "bignumeric", "decimal", "bigdecimal"}),
    text="CAST({} AS STRING)",
    texts={
        "string": "{}",
        "bytes": "TO_HEX({})",
        "timestamp": "FORMAT_TIMESTAMP('%F %H:%M:%E6S+00', {}, 'UTC')",
        "datetime": "FORMAT_DATETIME('%F %H:%M:%E6S', {})",
        "geography": "ST_ASTEXT({})",
        **dict.fromkeys(("json", "record", "struct", "array", "range"), "TO_JSON_STRING({})"),
    },
    quotes="``",
    escapes="all",
    md5="CAST(CONCAT('0x', SUBSTR(TO_HEX(MD5({})), 1, 8)) AS INT64)",
    blocks="TABLESAMPLE SYSTEM ({percent} PERCENT)",
)

RULES: Final = (
    Rule("login", frozenset({"401", "RefreshError", "DefaultCredentialsError"}), words=r"could not.*credentials"),
    Rule(
        "timeout", words=r"bytesbilledlimitexceeded|maximum bytes billed|limit for bytes billed",
        says="a query would bill more bytes than the budget allows",
        hint="raise sample.max_bytes, or name sample.method: system",
    ),
    Rule("throttled", frozenset({"429"}), words=r"ratelimitexceeded|quotaexceeded|quota exceeded", passes=True),
    Rule("denied", frozenset({"403"})),
    Rule("missing", frozenset({"404"})),
    Rule("timeout", frozenset({"408", "504"}), words=r"job timed out|timed? ?out|operation timed"),
    Rule("unreachable", frozenset({"500", "502", "503"}), passes=True),
    Rule("unreachable", frozenset({"TransportError"}), words=r"max retries exceeded|name resolution"),
)  # fmt: skip
_DRY: Final = "DRY RUN "
_TABLE: Final = re.compile(r"^GET datasets/([^/]+)/tables(?:/(.+))?$")


class BigQueryTables:
    """The catalog, by requests to the API, of the project that the address names or of `project.dataset`."""

    def listed(self, ask: Ask, address: Address) -> list[TableName]:
        """The tables of the dataset that the address names, or of all datasets of the project."""
        dataset = next(iter(path_of(address)), None)
        datasets = [dataset] if dataset else [str(name) for (name,) in ask("GET datasets")]
        found = [(name, row) for name in datasets for row in ask(f"GET datasets/{name}/tables")]
        return sorted(TableName(name, str(table)) for name, (table,) in found)

    def looked(self, ask: Ask, table: TableName) -> Shape | None:
        """The table's resource: columns, rows and bytes, which are exact but for rows that are still streamed in."""
        answers = ask(f"GET datasets/{table.schema}/tables/{table.name}")
        if not answers:
            return None
        resource: dict[str, Any] = answers[0][0]
        fields = resource.get("schema", {}).get("fields", [])
        told = [(field["name"], _type(field), field.get("mode") != "REQUIRED") for field in fields]
        columns, barriers = seen(told, GRAMMAR, table)
        is_view = resource.get("type", "TABLE") not in ("TABLE", "SNAPSHOT", "CLONE")
        rows = None if is_view else int(resource.get("numRows") or 0)
        key = resource.get("tableConstraints", {}).get("primaryKey", {}).get("columns", [])
        return Shape(
            table,
            columns,
            rows,
            None if rows is None else "estimate",
            int(resource.get("numBytes") or 0),
            is_view,
            keys=tuple(key),
            barriers=barriers,
            notes=(
                "BigQuery has no read-only session: walkaround's account should have the role bigquery.dataViewer",
                "row access policies that hide rows from this account are not told to it",
            ),
        )


def _type(field: dict[str, Any]) -> str:
    """A field's type as SQL says it; a repeated one is an array, whatever of."""
    word = str(field["type"])
    if field.get("mode") == "REPEATED":
        return f"ARRAY<{word}>"
    numbers = [field[name] for name in ("precision", "scale") if name in field]
    if numbers:
        return f"{word}({','.join(map(str, numbers))})"
    return {"NUMERIC": "NUMERIC(38,9)"}.get(word, word)


class BigQuerySession:
    """Jobs with one set of credentials. Each is labelled, has a time limit and may bill no more than the budget."""

    def __init__(self, client: Any, jobs: Any, limits: Limits) -> None:
        self._client = client
        self._jobs = jobs
        self._limits = limits
        self._running: Any = None

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """A request to the API, a dry run of a query, or a query whose answer is small."""
        if statement.startswith("GET "):
            return self._told(statement)
        if statement.startswith(_DRY):
            return [(self._job(statement.removeprefix(_DRY), dry=True).total_bytes_processed,)]
        return [tuple(row.values()) for row in self._job(statement).result()]

    def _told(self, request: str) -> list[tuple[Any, ...]]:
        found = _TABLE.match(request)
        if found is None:
            return [(dataset.dataset_id,) for dataset in self._client.list_datasets(retry=None)]
        dataset, table = found.groups()
        if table is None:
            return [(entry.table_id,) for entry in self._client.list_tables(dataset, retry=None)]
        return [(self._client.get_table(f"{dataset}.{table}", retry=None).to_api_repr(),)]

    def _job(self, statement: str, *, dry: bool = False) -> Any:
        config = self._jobs(
            dry_run=dry,
            use_query_cache=not dry,
            labels={"application": APPLICATION},
            maximum_bytes_billed=self._limits.bytes,
            job_timeout_ms=int(self._limits.seconds * 1000),
        )
        return self._client.query(statement, job_config=config, job_retry=None)

    def stream(self, statement: str) -> Iterator[pa.RecordBatch]:
        """A query's rows; left early, its job is cancelled."""
        self._running = self._job(statement)
        try:
            rows = self._running.result()
            names = [field.name for field in rows.schema]
            yield from steady(batches_of(rows.to_arrow_iterable(), names))
            self._running = None
        finally:
            self.cancel()

    def cancel(self) -> tuple[str, ...]:
        """Cancel the job that runs."""
        job, self._running = self._running, None
        if job is None:
            return ()
        with suppress(Exception):
            job.cancel(retry=None)
            return (f"POST /projects/{job.project}/jobs/{job.job_id}/cancel",)
        return ()

    def close(self) -> None:
        """End the connection."""
        with suppress(Exception):
            self._client.close()


def _read(error: BaseException) -> tuple[str, str]:
    code = getattr(error, "code", None)
    number = getattr(code, "value", code)
    return str(number) if isinstance(number, int) else type(error).__name__, str(error)


def _begin(limits: Limits) -> tuple[str, ...]:
    del limits  # each job has its own
    return ()


def _connect(address: Address, limits: Limits) -> Session:
    """No login of its own: the file that the parameter `credentials` names, or Google's chain of credentials."""
    client = driver("google.cloud.bigquery")
    options = address.options
    said: dict[str, Any] = {"project": address.parts.hostname}
    if options.get("credentials"):
        accounts = driver("google.oauth2.service_account")
        said["credentials"] = accounts.Credentials.from_service_account_file(options["credentials"])
    if options.get("location"):
        said["location"] = options["location"]
    return BigQuerySession(client.Client(**said), client.QueryJobConfig, limits)


def _price(ask: Ask, statements: tuple[str, ...]) -> tuple[str, ...]:
    """The bytes that the queries would be billed for, by dry runs, which read nothing."""
    total = sum(int(ask(f"{_DRY}{statement}")[0][0] or 0) for statement in statements)
    return (f"{total:,} bytes billed, as a dry run tells",)


CONNECTOR = SqlConnector(
    Engine(
        kind="bigquery",
        schemes=("bigquery",),
        client=Client(("google", "requests"), "bigquery", _read),
        grammar=GRAMMAR,
        lookup=BigQueryTables(),
        log_in=_connect,
        begin=_begin,
        rules=RULES,
    ),
    price=_price,
)
