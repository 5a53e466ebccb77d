"""The guest's manners: what is sent is listed, nothing is written, nothing is left running, limits hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from my_server import PORT, Database, fresh
from my_wire import Proxy

from walkaround.connectors import connector_for, open_sample
from walkaround.connectors.address import address_of
from walkaround.connectors.mysql.dialect import MySql
from walkaround.connectors.sql.dialect import Limits
from walkaround.errors import SourceError
from walkaround.profiling import profile

Proxied = Callable[..., Proxy]
Guests = Callable[[str], str]
READS = ("SELECT ", "EXPLAIN SELECT ", "SET NAMES ", "SET SESSION ", "START TRANSACTION ", "ROLLBACK", "KILL QUERY ")


@pytest.fixture(scope="module")
def large(database: Database) -> Iterator[str]:
    """A table that takes a while to read: 400,000 rows in order of time."""
    name = fresh()
    database.run(
        f"CREATE TABLE {name} (id BIGINT PRIMARY KEY, at DATETIME, note VARCHAR(200)) ENGINE=InnoDB; "
        f"INSERT INTO {name} WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 999) "
        "SELECT a.n * 1000 + b.n + 1, '2024-01-01' + INTERVAL a.n HOUR, REPEAT('note ', 30) FROM d AS a, d AS b "
        "WHERE a.n < 400"
    )
    yield name
    database.run(f"DROP TABLE {name}")


def running(database: Database) -> list[str]:
    """Statements that the server works on for sessions of this database, other than this question."""
    told = database.run(
        "SELECT LEFT(INFO, 60) FROM information_schema.PROCESSLIST "
        f"WHERE DB = '{database.name}' AND INFO IS NOT NULL AND INFO NOT LIKE '%PROCESSLIST%'"
    )
    return told.splitlines()


def is_idle(database: Database, seconds: float = 3.0) -> bool:
    """Whether nothing runs, soon."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not running(database):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("method", ["key_ranges", "key_hash", "rows", "first", None])
def test_every_statement_is_listed_and_none_writes(
    database: Database, large: str, proxied: Proxied, method: str | None
) -> None:
    """What a proxy hears is what the facts list, word for word and in order; the driver adds nothing of its own."""
    proxy = proxied()
    rows = 20_000 if method else "full"
    sample = database.sample(
        large, database.uri(port=proxy.port), rows=rows, method=method, exact=("row_count", "nulls", "duplicates")
    )
    profile(sample, database.source(large))
    assert list(sample.facts.statements) == proxy.statements
    assert proxy.others == []
    assert all(statement.startswith(READS) for statement in proxy.statements)
    assert proxy.connections == 2


def test_the_plan_prints_what_reading_sends(database: Database, large: str, proxied: Proxied) -> None:
    """Each of its steps is sent, in that order; besides them the catalog is looked at again."""
    proxy = proxied()
    connector = connector_for(database.source(large, database.uri(port=proxy.port), rows=5_000))
    plan = connector.plan(database.source(large, database.uri(port=proxy.port), rows=5_000))
    before = len(proxy.statements)
    list(connector.read(plan).batches())
    sent = proxy.statements[before:]
    assert [statement for statement in sent if statement in plan.steps] == list(plan.steps)
    assert all("information_schema" in each or each.startswith(("EXPLAIN", "SELECT M", "SELECT V"))
               for each in sent if each not in plan.steps)  # fmt: skip


def test_the_session_is_a_guest(database: Database, large: str) -> None:
    """It is one snapshot, read-only, with time limits: the server says so itself, and refuses a write."""
    dialect, limits = MySql(), Limits(seconds=30)
    session = dialect.connect(address_of(database.source(large)), limits)
    try:
        for statement in dialect.opening(limits):
            session.ask(statement)
        assert session.ask(
            "SELECT @@tx_isolation, @@max_statement_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout, "
            "@@wait_timeout, @@time_zone, @@sql_mode, @@character_set_results"
        ) == [("REPEATABLE-READ", "30.000000", "5", "5", "60", "+00:00", "", "utf8mb4")]
        with pytest.raises(Exception, match="READ ONLY"):
            session.ask(f"DELETE FROM {large} LIMIT 1")
    finally:
        session.close()


def test_one_snapshot_is_read(database: Database, large: str) -> None:
    """Rows that are added while it is read are not in the sample, whichever of its statements they would fall to."""
    connector = connector_for(database.source(large))
    sample = connector.read(connector.plan(database.source(large, rows="full", exact=("row_count",))))
    adding = threading.Timer(0.3, database.run, [f"INSERT INTO {large} SELECT -id, at, note FROM {large} LIMIT 100"])
    adding.start()
    rows = sum(batch.num_rows for batch in sample.batches())
    adding.join()
    database.run(f"DELETE FROM {large} WHERE id < 0")
    assert rows == sample.facts.exact[0].value == 400_000


def test_a_reader_without_the_right_to_write_is_enough(database: Database, large: str, guest: Guests) -> None:
    """SELECT on the one table, and no other right."""
    sample = database.sample(large, guest(f"SELECT ON {database.name}.{large}"), rows=1_000)
    assert sum(batch.num_rows for batch in sample.batches()) == pytest.approx(1_000, rel=0.2)
    assert sample.facts.barriers == ()


def test_stopped_from_another_thread_it_stops_on_the_server(database: Database, large: str, proxied: Proxied) -> None:
    """A query that would take a while is gone in a moment, and what was sent for that is listed."""
    proxy = proxied(pause=0.05)
    sample = database.sample(large, database.uri(port=proxy.port), rows="full")
    failures: list[SourceError] = []

    def read() -> None:
        try:
            sample.fetch()
        except SourceError as error:
            failures.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    while not running(database):
        time.sleep(0.02)
    time.sleep(0.2)
    began = time.monotonic()
    sample.stop()
    assert is_idle(database, 1)
    assert time.monotonic() - began < 2
    reading.join(10)
    assert not reading.is_alive()
    assert [error.reason for error in failures] == ["timeout"]
    assert sum(statement.startswith("KILL QUERY") for statement in proxy.statements) == 1


READ = "list(CONNECTOR.read(CONNECTOR.plan(source)).batches())"
ASK = """
from walkaround.connectors.address import address_of
from walkaround.connectors.mysql.dialect import MySql
from walkaround.connectors.sql.dialect import Limits
from walkaround.connectors.sql.speaking import speaking
with speaking(MySql(), source, address_of(source), Limits(), []) as line:
    line.ask('SELECT SLEEP(20)')
"""


@pytest.mark.parametrize(("code", "asked"), [(READ, "SELECT `id` AS"), (ASK, "SELECT SLEEP(20)")], ids=["rows", "ask"])
def test_after_an_interrupt_nothing_is_left_running(
    database: Database, large: str, proxied: Proxied, code: str, asked: str
) -> None:
    """Ctrl-C in the middle of a read, or of a question, ends the program and the query, soon."""
    code = (
        "import sys\n"
        "from walkaround.connectors.mysql import CONNECTOR\n"
        "from walkaround.model.source import Source, SampleRequest\n"
        "source = Source('s', sys.argv[1], table=sys.argv[2], sample=SampleRequest('full'))\n"
    ) + code
    command = [sys.executable, "-c", code, database.uri(port=proxied(pause=0.05).port), large]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not any(asked in statement for statement in running(database)):
            time.sleep(0.05)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=10)
    assert told.rstrip().endswith("KeyboardInterrupt")
    assert "ignored" not in told
    assert process.returncode in (-signal.SIGINT, 130)
    assert is_idle(database)


def test_a_budget_of_bytes_stops_the_reading_at_once(database: Database, large: str, proxied: Proxied) -> None:
    """At 2 MB of 60; the server works on no longer, and the sample says what it is."""
    began, proxy = time.monotonic(), proxied()
    sample = database.sample(large, database.uri(port=proxy.port), rows="full", max_bytes=2_000_000)
    rows = sum(batch.num_rows for batch in sample.batches())
    assert 5_000 < rows < 30_000
    assert time.monotonic() - began < 3
    assert sample.drawn.method == "first"
    assert sample.drawn.probability is False
    assert sample.facts.notes[-1] == "reading stopped at its budget of 2,000,000 bytes"
    assert sample.facts.statements[-1].startswith("KILL QUERY ")
    assert list(sample.facts.statements) == proxy.statements
    assert is_idle(database)


def test_a_budget_of_seconds_is_the_servers_as_well(database: Database, large: str) -> None:
    """A statement that answers nothing for too long is ended by the server, and the finding says what to do."""
    database.run(f"CREATE OR REPLACE VIEW {large}_s AS SELECT id, SLEEP(2) AS slow FROM {large}")
    sample = database.sample(f"{large}_s", method="first", rows=10, max_seconds=1)
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        sample.fetch()
    assert time.monotonic() - began < 4
    assert caught.value.reason == "timeout"
    assert "max_seconds" in caught.value.hint
    assert is_idle(database)
    database.run(f"DROP VIEW {large}_s")


def test_the_query_of_somebody_else_is_never_stopped(database: Database, large: str) -> None:
    """Where the session's number is another's on the server that answers, nothing is killed."""
    other = subprocess.Popen(
        ["mariadb", "--protocol=tcp", "-h", "127.0.0.1", "-P", str(PORT), "-u", "root", database.name,
         "-e", "SELECT SLEEP(1.5), 'of somebody else'"], stdout=subprocess.PIPE, text=True,
        env={**os.environ},
    )  # fmt: skip
    while not (
        thread := database.run(
            "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE '%of somebody else%' "
            "AND INFO NOT LIKE '%PROCESSLIST%'"
        ).strip()
    ):
        time.sleep(0.05)
    session = MySql().connect(address_of(database.source(large)), Limits())
    stream = session.stream(f"SELECT id FROM {large}")
    next(stream)
    session._connection.server_thread_id = (int(thread),)  # type: ignore[attr-defined]
    (asked,) = session.cancel()
    assert "PROCESSLIST" in asked
    stream.close()  # type: ignore[attr-defined]
    session.close()
    told, _ = other.communicate(timeout=5)
    assert told.splitlines()[1].startswith("0\t")  # SLEEP answers 1 where it was interrupted


def test_it_says_who_it_is(database: Database, large: str, proxied: Proxied) -> None:
    """Each login names the program, for whoever looks at the server's sessions."""
    proxy = proxied()
    list(open_sample(database.source(large, database.uri(port=proxy.port), rows=100)).batches())
    assert len(proxy.logins) == 2
    assert all(b"program_name\x0awalkaround" in login for login in proxy.logins)


def test_facts_of_the_whole_table_are_the_servers_own(database: Database, table: str) -> None:
    """Rows, nulls and repeated keys: counted by hand here. Text counts as it is stored."""
    database.run(
        f"CREATE TABLE {table} (id INT PRIMARY KEY, k VARCHAR(5), v INT); INSERT INTO {table} VALUES "
        "(1, 'a', 1), (2, 'a', NULL), (3, 'A', NULL), (4, 'a ', 4), (5, NULL, 5), (6, 'b', 6)"
    )
    sample = database.sample(table, key=("k",), exact=("row_count", "nulls", "duplicates"))
    sample.fetch()
    assert [(fact.name, fact.columns, fact.count, fact.of) for fact in sample.facts.exact] == [
        ("row_count", (), 6, None), ("null_rate", ("id",), 0, 6), ("null_rate", ("k",), 1, 6),
        ("null_rate", ("v",), 2, 6), ("repeated_key_rate", ("k",), 1, 5),
    ]  # fmt: skip


def test_a_view_is_counted_and_drawn(database: Database, large: str) -> None:
    """What the optimizer expects of a view is off by any factor: a few groups of many rows are read whole."""
    database.run(
        f"CREATE VIEW {large}_f AS SELECT * FROM {large} WHERE id <= 1500; "
        f"CREATE VIEW {large}_g AS SELECT MOD(id, 3) AS m, COUNT(*) AS n FROM {large} GROUP BY MOD(id, 3)"
    )
    drawn = database.sample(f"{large}_f", rows=500)
    groups = database.sample(f"{large}_g", rows=500)
    assert 400 < sum(batch.num_rows for batch in drawn.batches()) < 600
    assert drawn.drawn.method == "rows"
    assert [row["n"] for batch in groups.batches() for row in batch.to_pylist()] == [133_333, 133_334, 133_333]
    assert groups.drawn.method == "full"
    database.run(f"DROP VIEW {large}_f, {large}_g")


def test_what_the_catalog_says(database: Database, table: str) -> None:
    """Keys, foreign keys, types without the values that they list, and what kind of server it is."""
    database.run(
        f"CREATE TABLE {table}_p (a INT PRIMARY KEY) ENGINE=InnoDB; CREATE TABLE {table} (id INT PRIMARY KEY, p INT, "
        f"e ENUM('x','y') NOT NULL, FOREIGN KEY (p) REFERENCES {table}_p (a)) ENGINE=InnoDB"
    )
    connector = connector_for(database.source(table))
    facts = connector.describe(database.source(table))
    assert facts.key == ("id",)
    assert [(each.columns, each.table, each.to) for each in facts.foreign_keys] == [
        (("p",), f"{database.name}.{table}_p", ("a",))
    ]
    assert [column.type.split("(")[0] for column in facts.columns] == ["int", "int", "enum"]
    assert "x" not in facts.columns[2].type
    assert f"{database.name}.{table}" in list(connector.datasets(database.source(table)))
    assert connector.check(database.source(table)) == ()
    database.run(f"DROP TABLE {table}; DROP TABLE {table}_p")
