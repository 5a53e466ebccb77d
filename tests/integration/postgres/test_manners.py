"""A guest on the server: what is sent, what it may, what it leaves behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from pg_server import Database, frame
from pg_wire import Proxy

from walkaround.connectors.address import address_of
from walkaround.connectors.postgres import CONNECTOR
from walkaround.connectors.sql.dialect import Limits
from walkaround.errors import SourceError
from walkaround.model.source import SampleRequest

COPIED = re.compile(r"COPY \((?P<query>.*)\) TO STDOUT \(FORMAT binary\)", re.DOTALL)
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|GRANT|REVOKE|VACUUM|ANALYZE|LOCK)\b")
READS = ("SELECT", "WITH", "EXPLAIN (FORMAT JSON) SELECT", "SET LOCAL", "BEGIN TRANSACTION", "ROLLBACK")


def heard(proxy: Proxy) -> set[str]:
    """What a client asked for; a query that is sent to be copied out is that query."""
    return {" ".join((COPIED.fullmatch(one) or [one, one])[1].split()) for one in proxy.statements}


def big(database: Database, table: str, rows: int = 300_000) -> str:
    """A table of rows that are a mebibyte a thousand."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS id, repeat(md5(g::text), 30) AS filler "
        f"FROM generate_series(1, {rows}) g; ALTER TABLE {table} ALTER filler SET STORAGE EXTERNAL; ANALYZE {table}"
    )
    return f"public.{table}"


def test_every_statement_is_listed_and_none_writes(
    database: Database, table: str, proxied: Callable[..., Proxy]
) -> None:
    """What a proxy hears is what the facts list, by any method, and all of it reads."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS id, g % 7 AS k, now() AS at FROM generate_series(1, 5000) g; "
        f"ALTER TABLE {table} ADD PRIMARY KEY (id); ANALYZE {table}"
    )
    for method in (None, "pages", "key_hash", "rows", "system", "first"):
        proxy = proxied()
        sample = database.sample(
            f"public.{table}",
            uri=database.uri(port=proxy.port),
            sample=SampleRequest(1000, method=method),
            exact=("row_count", "nulls", "duplicates"),
        )
        frame(sample)
        listed = {" ".join(one.split()) for one in sample.facts.statements}
        assert heard(proxy) == listed
        assert all(one.startswith(READS) for one in listed)
        assert not any(WRITES.search(one) for one in listed)


def test_the_plan_is_what_is_sent(database: Database, table: str, proxied: Callable[..., Proxy]) -> None:
    """The steps of a plan are sent word for word when it is read, and planning reads no row."""
    database.run(f"CREATE TABLE {table} AS SELECT g AS id FROM generate_series(1, 5000) g; ANALYZE {table}")
    proxy = proxied()
    source = database.source(f"public.{table}", uri=database.uri(port=proxy.port), sample={"rows": 100})
    plan = CONNECTOR.plan(source)
    assert not any(table in one for one in heard(proxy) if one.startswith('SELECT "id"'))
    frame(CONNECTOR.read(plan))
    assert {" ".join(step.split()) for step in plan.steps} <= heard(proxy)


def test_the_session_cannot_write_and_is_bounded(database: Database) -> None:
    """The transaction is read-only and of one snapshot, with timeouts, on one core, under our name."""
    source = database.source("t")
    session = CONNECTOR.dialect.connect(address_of(source), Limits(seconds=7.5))
    try:
        for statement in CONNECTOR.dialect.opening(Limits(seconds=7.5)):
            session.ask(statement)
        names = (
            "transaction_read_only", "transaction_isolation", "statement_timeout", "lock_timeout", "application_name",
            "idle_in_transaction_session_timeout", "max_parallel_workers_per_gather", "TimeZone", "client_encoding",
        )  # fmt: skip
        listed = ", ".join(f"current_setting('{name}')" for name in names)
        assert session.ask(f"SELECT {listed}") == [
            ("on", "repeatable read", "7500ms", "5s", "walkaround", "1min", "0", "UTC", "UTF8")
        ]
        with pytest.raises(Exception, match="read-only transaction"):
            session.ask("CREATE TABLE written (id int)")
    finally:
        session.close()


def test_a_user_without_the_right_to_write_suffices(database: Database, table: str, role: str) -> None:
    """SELECT on the table is all that a sample by pages needs."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS id FROM generate_series(1, 5000) g; ANALYZE {table}; "
        f"GRANT SELECT ON {table} TO {role}"
    )
    sample = database.sample(f"public.{table}", uri=database.uri(role), sample={"rows": 500, "method": "pages"})
    assert len(frame(sample)) > 300
    assert sample.drawn.method == "pages"


def test_an_interrupt_leaves_nothing_running(database: Database, table: str) -> None:
    """Ctrl-C in the middle of a read ends the process as an interrupt, and the statement on the server."""
    name = big(database, table)
    # Slow to make, so that it is under way for long: each row sleeps.
    database.run(
        f"CREATE VIEW slow_{table} AS SELECT id, filler, pg_sleep(0.001)::text AS slept FROM {table} WHERE id > 0"
    )
    script = (
        "import sys\n"
        "from walkaround.connectors.postgres import CONNECTOR\n"
        "from walkaround.model.source import SampleRequest, Source\n"
        f"source = Source('s', {database.uri()!r}, table='public.slow_{table}', sample=SampleRequest('full'))\n"
        "sample = CONNECTOR.read(CONNECTOR.plan(source))\n"
        "print('reading', flush=True)\n"
        "for batch in sample.batches(): pass\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    until(lambda: running(database, f"slow_{table}") == 1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert errors.strip().endswith("KeyboardInterrupt")
    until(lambda: running(database, f"slow_{table}") == 0, seconds=2)
    assert name


def test_a_stop_from_another_thread_ends_the_statement(database: Database, table: str) -> None:
    """`stop` cancels on the server what another thread reads, which then says that it was stopped."""
    database.run(f"CREATE VIEW {table} AS SELECT g, pg_sleep(0.01)::text AS slept FROM generate_series(1, 100000) g")
    sample = database.sample(f"public.{table}", sample={"rows": "full"})
    raised: list[BaseException] = []

    def fetch() -> None:
        try:
            sample.fetch()
        except SourceError as error:
            raised.append(error)

    thread = threading.Thread(target=fetch)
    thread.start()
    until(lambda: running(database, table) == 1)
    sample.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert [type(error).__name__ for error in raised] == ["FaultyError"]
    assert running(database, table) == 0


def test_a_budget_of_bytes_stops_the_server(database: Database, table: str) -> None:
    """A full read that grows too large is left at once: the rows so far are the first ones, and nothing is inferred."""
    sample = database.sample(big(database, table, 40_000), sample={"rows": "full", "max_bytes": 3 << 20})
    assert 1_000 < len(frame(sample)) < 8_000
    assert sample.drawn.method == "first"
    assert not sample.drawn.probability
    assert any("budget of 3,145,728 bytes" in note for note in sample.facts.notes)
    assert running(database, table) == 0


def test_a_sample_that_is_stopped_is_a_smaller_sample(database: Database, table: str) -> None:
    """Of a sample by pages whole statements are kept, each of which covers the table evenly."""
    name = big(database, table, 40_000)
    sample = database.sample(name, sample={"rows": 20_000, "max_bytes": 8 << 20, "method": "pages"})
    rows = frame(sample)
    assert 2_000 < len(rows) < 12_000
    assert sample.drawn.method == "pages"
    assert sample.drawn.probability
    assert float(rows["id"].mean() or 0) == pytest.approx(20_000, rel=0.1)


def running(database: Database, table: str) -> int:
    """Statements of ours that run on a table."""
    return int(
        database.run(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'walkaround' AND state = 'active' "
            f"AND datname = current_database() AND query LIKE '%{table}%'"
        )
    )


def until(true: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
