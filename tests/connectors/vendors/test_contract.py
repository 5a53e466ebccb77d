"""What every vendor's connector promises, held to a client that answers as the vendor's own would."""

from __future__ import annotations

import datetime as dt
import gc
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from walkaround.connectors.address import address_of
from walkaround.errors import SourceError, UsageError
from walkaround.model.fact import Fact
from walkaround.model.source import SampleRequest, Source

GOLDEN = Path(__file__).with_name("golden")
METHODS = ("full", "key_ranges", "key_hash", "rows", "system", "first")


def source(vendor: Any, vendors: ModuleType, **request: Any) -> Source:
    key = vendors.KEY.get(vendor.name, ("id",))
    return Source("s", vendor.uri, vendor.table, key=key, sample=SampleRequest(**{"rows": 500, **request}))


def golden(vendor: Any, vendors: ModuleType) -> str:
    """Every statement of every method, as the golden file has it."""
    lines: list[str] = []
    for method in METHODS:
        drawn = {"rows": "full"} if method == "full" else {"method": method}
        try:
            plan = vendor.connector.plan(source(vendor, vendors, **drawn))
        except UsageError as error:
            lines += [f"-- {method}: not offered, {error.hint}", ""]
            continue
        if method == "full":
            lines += ["-- looking", *(f"{said};" for said in plan.facts.statements), ""]
        lines += [f"-- {method}: {'; '.join(plan.cost)}", *(f"{step};" for step in plan.steps), ""]
    return "\n".join(lines)


def test_what_is_sent_is_the_golden_text(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """The plan prints, word for word, what each method sends; a change of it shows in review."""
    del server
    assert golden(vendor, vendors) == (GOLDEN / f"{vendor.name}.sql").read_text(encoding="utf-8")


def test_every_statement_is_of_the_vendor_s_language(vendor: Any) -> None:
    """A parser of the vendor's dialect, which is not ours, reads every statement."""
    sqlglot = pytest.importorskip("sqlglot")
    for line in (GOLDEN / f"{vendor.name}.sql").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(
            ("--", "GET ", "DRY RUN ", "SHOW ", "SET ", "ALTER SESSION", "IF ", "BEGIN READ")
        ):
            sqlglot.parse_one(line.rstrip(";"), read=vendor.sqlglot)


def test_every_statement_only_reads(vendor: Any) -> None:
    """Nothing that is sent writes."""
    may = ("SELECT ", "SHOW PRIMARY KEYS", "SET ", "ALTER SESSION SET ", "BEGIN READ ONLY", "ROLLBACK", "GET ", "IF ")
    for line in (GOLDEN / f"{vendor.name}.sql").read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith(("--", *may, "DRY RUN SELECT "))


def test_rows_arrive_as_they_are_stored(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """Whole numbers, text, decimals, dates, times and floats come as such, whatever way the client hands them over."""
    connector = vendor.connector
    sample = connector.read(connector.plan(source(vendor, vendors, method="first")))
    rows = [row for batch in sample.batches() for row in batch.to_pylist()]
    for name, stored in vendors.ROWS.items():
        values = stored
        if (vendor.name, name) == ("oracle", "born"):  # Oracle's DATE has a time of day
            values = [value and dt.datetime.combine(value, dt.time()) for value in stored]
        assert [{key.lower(): value for key, value in row.items()}[name] for row in rows] == values
    assert (sample.drawn.method, sample.drawn.rows, sample.drawn.probability) == ("first", 3, False)
    assert server.closed == len(server.logins)


def test_all_that_was_sent_is_listed(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """The facts of the sample list what the client was handed, in order, and nothing else."""
    connector = vendor.connector
    sample = connector.read(connector.plan(source(vendor, vendors, method="first")))
    list(sample.batches())
    if vendor.name == "redshift":  # as its note says: DECLARE and FETCH around each query
        sent = [re.sub(r"^DECLARE walkaround_\w{8} CURSOR FOR ", "", word) for word in server.statements]
        assert any("DECLARE ... CURSOR FOR" in note for note in sample.facts.notes)
        assert tuple(word for word in sent if not word.startswith(("FETCH", "CLOSE"))) == sample.facts.statements
    elif vendor.name == "bigquery":
        queries = [word for word in server.statements if "SELECT" in word]
        assert [word for word in sample.facts.statements if "SELECT" in word] == queries
    else:
        assert tuple(server.statements) == sample.facts.statements


def test_a_sample_is_drawn_again_alike(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """The same seed sends the same queries, another seed others, of the method that is chosen first."""
    del server
    connector = vendor.connector
    steps = [connector.plan(source(vendor, vendors, seed=seed)).steps for seed in (7, 7, 8)]
    assert steps[0] == steps[1] != steps[2]


def test_facts_are_counted_where_they_are_asked_for(vendor: Any, server: Any) -> None:
    """The row count is asked of the server, and said to be exact."""
    if vendor.name == "bigquery":
        pytest.skip("its fake answers no counts")
    asked = Source("s", vendor.uri, vendor.table, sample=SampleRequest(rows=500, method="first"), exact=("row_count",))
    sample = vendor.connector.read(vendor.connector.plan(asked))
    list(sample.batches())
    assert sample.facts.exact == (Fact("row_count", (), 1_000_000.0, 1_000_000, basis="exact"),)
    assert any(word.startswith("SELECT COUNT(*) FROM") for word in server.statements)


def test_leaving_early_stops_the_server(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """A budget of bytes that is reached in the first batch stops the query, and the sample says so."""
    server.batches = 50
    connector = vendor.connector
    if vendor.name == "bigquery":
        session = connector.dialect.connect(address_of(source(vendor, vendors)), _limits(vendor, vendors))
        stream = session.stream(connector.plan(source(vendor, vendors, method="first")).steps[-1])
        next(stream)
        stream.close()
    else:
        sample = connector.read(connector.plan(source(vendor, vendors, method="first", max_bytes=10)))
        list(sample.batches())
        assert any("budget of 10 bytes" in note for note in sample.facts.notes)
    said = [*server.stopped, *(word for word in server.statements if "cancel" in word)]
    if vendor.name in ("oracle", "redshift"):  # between two fetches nothing runs: the transaction is ended
        assert server.stopped == []
        assert server.statements[-1] == "ROLLBACK"
    else:
        assert vendor.stops in said


def test_an_interrupt_stops_the_server(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """Ctrl-C while the server works stops what runs there, and is not swallowed."""
    connector = vendor.connector
    asked = source(vendor, vendors, method="first")
    statement = next(step for step in connector.plan(asked).steps if "c0" in step)
    session = connector.dialect.connect(address_of(asked), _limits(vendor, vendors))
    server.refuses = {"c0": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        list(session.stream(statement))
    session.close()
    if vendor.name not in ("mssql", "clickhouse"):  # with these the connection, which is closed, is what stops it
        assert vendor.stops in [*server.stopped, *(word for word in server.statements if "cancel" in word)]
    assert server.closed >= 2


def _limits(vendor: Any, vendors: ModuleType) -> Any:
    from walkaround.connectors.sql.connector import limits_of  # noqa: PLC0415 - of this test alone

    return limits_of(source(vendor, vendors))


def test_one_login_is_tried(vendor: Any, vendors: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused login is reported as such after one attempt."""
    made = vendor.server()
    vendors.put(monkeypatch, vendor, made, vendor.login())
    (problem,) = vendor.connector.check(source(vendor, vendors))
    assert (problem.reason, len(made.logins)) == ("login", 1)
    assert problem.hint


@pytest.mark.parametrize("reason", ["denied", "timeout"])
def test_faults_have_reasons(vendor: Any, vendors: ModuleType, server: Any, reason: str) -> None:
    """What the server refuses while rows are read is put under its reason."""
    connector = vendor.connector
    plan = connector.plan(source(vendor, vendors, method="first"))
    server.refuses = {"c0": getattr(vendor, reason)()}
    with pytest.raises(SourceError) as caught:
        list(connector.read(plan).batches())
    assert caught.value.reason == reason
    assert caught.value.hint


def test_a_server_that_is_not_there_is_unreachable(
    vendor: Any, vendors: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket's error, however deep in the client's, is told as such."""
    error = vendors.raised(f"{vendor.modules[0]}.errors", "OperationalError", "it failed")
    error.__cause__ = ConnectionRefusedError()
    vendors.put(monkeypatch, vendor, vendor.server(), error)
    (problem,) = vendor.connector.check(source(vendor, vendors))
    assert problem.reason == "unreachable"


def test_values_in_a_server_s_words_are_not_repeated(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """What a server says of a value that it could not convert quotes it; only the kind of the error is told."""
    connector = vendor.connector
    plan = connector.plan(source(vendor, vendors, method="first"))
    words = "cannot convert 'ana@example.org' to a number"
    server.refuses = {"c0": vendors.raised(f"{vendor.modules[0]}.errors", "DataError", words)}
    with pytest.raises(SourceError) as caught:
        list(connector.read(plan).batches())
    assert caught.value.reason == "unreadable"
    assert "ana@example.org" not in f"{caught.value.message} {caught.value.hint}"


def test_no_secret_is_told(vendor: Any, vendors: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the plan nor the error of a client that repeats the password holds it."""
    made = vendor.server()
    vendors.put(monkeypatch, vendor, made)
    plan = vendor.connector.plan(source(vendor, vendors, method="first"))
    address = address_of(plan.source)
    assert vendors.SECRET not in f"{plan}{address!r}{plan.facts!r}{vendor.connector!r}"
    error = vendor.login()
    error.args = (f"refused {vendors.SECRET}", *error.args[1:])
    vendors.put(monkeypatch, vendor, made, error)
    (problem,) = vendor.connector.check(source(vendor, vendors))
    assert vendors.SECRET not in f"{problem.message}{problem.hint}{problem!r}"


def test_a_client_that_is_not_installed_is_asked_for(
    vendor: Any, vendors: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the extra that brings it."""
    for name in vendor.modules:
        monkeypatch.setitem(sys.modules, name, None)
    (problem,) = vendor.connector.check(source(vendor, vendors))
    assert problem.reason == "driver"
    assert problem.hint == f"pip install 'walkaround[{vendor.extra or vendor.name}]'"


def test_tables_are_listed(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """By schema and name."""
    del server
    assert vendor.table in list(vendor.connector.datasets(source(vendor, vendors)))


def test_columns_that_cannot_be_read_are_barriers(vendor: Any, vendors: ModuleType, server: Any) -> None:
    """A column without the right to read it, or of a type without a text, is left out and said."""
    del server
    barriers = vendor.connector.plan(source(vendor, vendors)).facts.barriers
    expected = {"mssql": ("denied", ("salary",)), "oracle": ("unreadable", ("SHAPE",))}
    assert [(barrier.reason, barrier.columns) for barrier in barriers] == [
        expected[name] for name in (vendor.name,) if name in expected
    ]


def test_no_client_is_loaded_before_it_is_used(vendors: ModuleType) -> None:
    """Listing the connectors imports none of the vendors' libraries."""
    names = sorted({module.partition(".")[0] for vendor in vendors.VENDORS for module in vendor.modules})
    script = (
        "import sys; from walkaround.connectors import connectors; connectors(); "
        f"print([name for name in {[*names, 'pymongo', 'bson', 'arrow_odbc']!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
    gc.collect()


def test_a_query_above_the_budget_of_bytes_is_told_as_such(vendors: ModuleType) -> None:
    """BigQuery refuses it; that is no matter of time, whatever reason it is filed under."""
    vendor = next(vendor for vendor in vendors.VENDORS if vendor.name == "bigquery")
    words = "400 Query exceeded limit for bytes billed: 1000. 10485760 or higher required."
    fault = vendor.connector.dialect.fault(vendors.raised("google.api_core.exceptions", "BadRequest", words, code=400))
    assert fault.words.startswith("a query would bill more bytes than the budget allows")
    assert "max_bytes" in fault.hint
