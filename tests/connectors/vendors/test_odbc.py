"""ODBC: a driver in a process of its own. Live on PostgreSQL's driver where it, arrow-odbc and a server are there."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from walkaround.connectors.address import address_of
from walkaround.connectors.odbc import CONNECTOR, connection_string
from walkaround.connectors.odbc.session import CrashedError, OdbcSession, StuckError
from walkaround.errors import SourceError
from walkaround.model.source import SampleRequest, Source

HOST = os.environ.get("PGHOST", "127.0.0.1")
PORT = os.environ.get("PGPORT", "5432")
USER = os.environ.get("PGUSER", "postgres")
SECRET = "can4ry-s3cret"  # noqa: S105 - that is the point of it
DRIVER = "PostgreSQL Unicode"
EVERYTHING = {
    "i": ("int", "2147483647", 2147483647),
    "big": ("bigint", "'-9223372036854775808'", -(1 << 63)),
    "money": ("money", "1234.56", "$1,234.56"),
    "exact": ("numeric(20,2)", "90071992547409.93", Decimal("90071992547409.93")),
    "free": ("numeric", "'NaN'", "NaN"),
    "double": ("float8", "0.1", 0.1),
    "single": ("float4", "16777216", 16777216.0),
    "flag": ("bool", "true", "true"),
    "day": ("date", "'infinity'", "infinity"),
    "plain_day": ("date", "'2024-02-29'", dt.date(2024, 2, 29)),
    "moment": ("timestamp", "'2024-01-03 10:00:00.125'", dt.datetime(2024, 1, 3, 10, 0, 0, 125_000)),  # noqa: DTZ001
    "bits": ("bit(5)", "B'10101'", "10101"),
    "whole": ("json", '\'{"a":1,"a":1.10}\'', '{"a":1,"a":1.10}'),
    "id16": ("uuid", "'7f1e4f7e-52f5-4a0b-8e2b-0123456789ab'", "7f1e4f7e-52f5-4a0b-8e2b-0123456789ab"),
    "words": ("text", "'é €'", "é €"),
    "span": ("interval", "'1 mon 2 days'", "1 mon 2 days"),
    "list": ("int[]", "'{{1,2},{3,4}}'", "{{1,2},{3,4}}"),
}
"""Types that this driver, asked for values as they are, is known to get wrong or to abort at."""


def psql(statement: str) -> None:
    told = subprocess.run(
        ["psql", "-h", HOST, "-p", PORT, "-U", USER, "-d", "postgres", "-qXc", statement],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode == 2 and os.environ.get("CI") != "true":  # it could not connect
        pytest.skip(f"needs a PostgreSQL server: {told.stderr.strip()[:80]}")
    assert told.returncode == 0, told.stderr


@pytest.fixture(scope="module")
def table() -> Iterator[str]:
    """A table in PostgreSQL, seen through its ODBC driver."""
    if find_spec("arrow_odbc") is None:
        pytest.skip("needs arrow-odbc: pip install 'walkaround[odbc]'")
    if f"[{DRIVER}]" not in (Path("/etc/odbcinst.ini").read_text() if Path("/etc/odbcinst.ini").exists() else ""):
        pytest.skip("needs PostgreSQL's ODBC driver: apt-get install unixodbc odbc-postgresql")
    name = f"walkaround_{uuid.uuid4().hex[:12]}"
    columns = ", ".join(f"{column} {kind}" for column, (kind, _, _) in EVERYTHING.items())
    values = ", ".join(f"{said}::{kind}" for kind, said, _ in EVERYTHING.values())
    psql(f"CREATE TABLE {name} (id int PRIMARY KEY, {columns}, raw bytea)")
    try:
        psql(f"INSERT INTO {name} SELECT n, {values}, NULL FROM generate_series(1, 20000) n")  # noqa: S608 - names of our own
        yield name
    finally:
        psql(f"DROP TABLE {name}")


def source(table: str, **request: Any) -> Source:
    uri = f"odbc://{USER}:{SECRET}@/?Driver={DRIVER}&Server={HOST}&Port={PORT}&Database=postgres&UseDeclareFetch=1"
    return Source("s", uri, f"public.{table}", sample=SampleRequest(**request))


def test_values_are_what_is_stored(table: str) -> None:
    """Types at which this driver lies or aborts arrive as what is stored, or as the server's text."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(table, rows="full")))
    batches = list(sample.batches())
    assert sum(batch.num_rows for batch in batches) == 20_000
    row = batches[0].slice(0, 1).to_pylist()[0]
    assert {name: row[name] for name in EVERYTHING} == {name: value for name, (_, _, value) in EVERYTHING.items()}
    assert "raw" not in row
    assert [barrier.columns for barrier in sample.facts.barriers] == [("raw",)]


def test_rows_are_drawn_by_ranges_of_the_key(table: str) -> None:
    """Where the server tells its key, seeded ranges of it are read; the same seed reads the same rows."""
    drawn = []
    for seed in (7, 7, 8):
        sample = CONNECTOR.read(CONNECTOR.plan(source(table, rows=500, seed=seed)))
        drawn.append([value for batch in sample.batches() for value in batch.column("id").to_pylist()])
        assert (sample.drawn.method, sample.drawn.rows) == ("key_ranges", 500)
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_budget_ends_the_process(table: str) -> None:
    """Reading stops at its bytes, and the sample says so."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(table, rows="full", max_bytes=1_000)))
    rows = sum(batch.num_rows for batch in sample.batches())
    assert 0 < rows < 20_000
    assert any("budget of 1,000 bytes" in note for note in sample.facts.notes)


def test_a_driver_that_dies_is_a_finding(table: str) -> None:
    """The process of the driver is aborted in the middle of a read; ours is told, and goes on."""
    asked = source(table)
    session = CONNECTOR.dialect.connect(address_of(asked), _limits())
    try:
        stream = session.stream(f"SELECT a.words AS c0 FROM {table} a, {table} b")  # noqa: S608 - names of our own
        next(stream)
        os.kill(session._process.pid, signal.SIGABRT)
        with pytest.raises(CrashedError, match="SIGABRT") as caught:
            list(stream)
    finally:
        session.close()
    fault = CONNECTOR.dialect.fault(caught.value)
    assert (fault.reason, fault.passes) == ("driver", False)


def test_no_secret_is_an_argument(table: str) -> None:
    """The login goes through a pipe: the process listing does not show it."""
    session = CONNECTOR.dialect.connect(address_of(source(table)), _limits())
    try:
        listed = Path(f"/proc/{session._process.pid}/cmdline").read_bytes()
        assert SECRET.encode() not in listed
    finally:
        session.close()
    assert not Path(f"/proc/{session._process.pid}").exists()


def test_a_missing_table_and_a_missing_driver_are_told_apart(table: str) -> None:
    """By reason; no secret is in either."""
    (problem,) = CONNECTOR.check(source(f"{table}_nope"))
    assert problem.reason == "missing"
    uri = f"odbc://{USER}:{SECRET}@/?Driver=Nobody&Server={HOST}"
    (other,) = CONNECTOR.check(Source("s", uri, "public.t"))
    assert other.reason == "driver"
    assert SECRET not in f"{problem.message}{other.message}"


def _limits() -> Any:
    from walkaround.connectors.sql.dialect import Limits  # noqa: PLC0415 - of two tests alone

    return Limits(30.0, 1 << 30)


def _session(program: str, grace: float = 10.0) -> OdbcSession:
    return OdbcSession(1, 1_000, (sys.executable, "-c", program), grace)


@pytest.mark.parametrize(("program", "said"), [
    ("import os; os.abort()", "SIGABRT"),
    ("import sys; sys.stdin.readline(); print('{\"bytes\": 100}'); sys.exit(3)", "exit 3"),
    ("import sys; sys.stdin.readline(); print('what a driver prints', end=''); sys.exit(1)", "exit 1"),
])  # fmt: skip
def test_a_process_that_ends_is_a_crash(program: str, said: str) -> None:
    """However it ends, and whatever it had begun to say."""
    session = _session(program)
    with pytest.raises(CrashedError, match=said):
        session.ask("SELECT 1")
    session.close()


def test_a_driver_that_hangs_is_ended() -> None:
    """After its time limit and some grace its process is killed, and the reason is a timeout."""
    session = _session("import time; time.sleep(60)", grace=-0.8)
    with pytest.raises(StuckError) as caught:
        session.ask("SELECT 1")
    session.close()
    fault = CONNECTOR.dialect.fault(caught.value)
    assert fault.reason == "timeout"


def test_the_library_is_asked_for() -> None:
    """Where arrow-odbc is not installed, the worker says so, and the error names the extra."""
    session = _session('import sys; sys.stdin.readline(); print(\'{"missing": "arrow_odbc"}\', flush=True)')
    with pytest.raises(ModuleNotFoundError) as caught:
        session.ask("SELECT 1")
    session.close()
    fault = CONNECTOR.dialect.fault(caught.value)
    assert (fault.reason, fault.hint) == ("driver", "pip install 'walkaround[odbc]'")


def test_a_connection_string_is_made_of_the_uri() -> None:
    """A data source's name keeps its letter case, values with signs of their own are put in braces, the password and
    what is ours stay out of it.
    """
    uri = f"odbc://ana:{SECRET}@SalesDB?Database=crm;x&Driver=A%20B&table=t&longest_text=99"
    address = address_of(Source("s", uri))
    assert connection_string(address) == "DSN=SalesDB;Database={crm;x};Driver={A B};"


def test_faults_have_reasons() -> None:
    """By SQLSTATE, else by the driver's words."""
    from walkaround.connectors.odbc.session import OdbcError  # noqa: PLC0415 - of this test alone

    said = "ODBC emitted an error calling 'SQLExecDirect':\nState: {}, Native error: 1, Message: {}"
    reasons = {
        ("28000", "[Driver] Login failed for user"): "login",
        ("08001", "password authentication failed for user"): "login",
        ("42501", "permission denied for table t"): "denied",
        ("HYT00", "Timeout expired"): "timeout",
        ("08S01", "Communication link failure"): "unreachable",
        ("22018", "invalid character value 'ana@example.org'"): "unreadable",
    }
    for (state, words), reason in reasons.items():
        fault = CONNECTOR.dialect.fault(OdbcError(said.format(state, words)))
        assert fault.reason == reason
        assert "ana@example.org" not in fault.words
    assert SourceError("s", "driver", "x").exit_code == 3
