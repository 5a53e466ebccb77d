"""What goes wrong is a finding: what happened, to which source, and what to ask whom for."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from my_server import HOST, PASSWORD, PORT, USER, Database, fresh
from my_wire import Proxy

from walkaround.connectors import connector_for
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Sample

Guests = Callable[..., str]
Proxied = Callable[..., Proxy]


def failure(database: Database, table: str, uri: str = "", **more: object) -> SourceError:
    """The error that reading ends with."""
    with pytest.raises(SourceError) as caught:
        list(database.sample(table, uri, **more).batches())
    return caught.value


@pytest.fixture
def filled(database: Database, table: str) -> str:
    """A table of 30,000 rows."""
    database.run(
        f"CREATE TABLE {table} (id INT PRIMARY KEY, secret VARCHAR(100), v INT); INSERT INTO {table} "
        "WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 299) "
        "SELECT a.n * 100 + b.n + 1, REPEAT('canary', 15), b.n FROM d AS a, d AS b WHERE b.n < 100"
    )
    return table


def test_a_wrong_password_is_tried_once(database: Database, filled: str, guest: Guests, proxied: Proxied) -> None:
    """One login, no second one; the message has no password."""
    proxy = proxied()
    name = guest(f"SELECT ON {database.name}.*").split("//")[1].split(":")[0]
    before = int(database.run("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'").split()[-1] or 0)
    error = failure(database, filled, database.uri(name, "wr0ng-canary", proxy.port))
    after = int(database.run("SHOW GLOBAL STATUS LIKE 'Access_denied_errors'").split()[-1] or 0)
    assert error.reason == "login"
    assert name in error.message
    assert "wr0ng-canary" not in error.message + error.hint
    assert proxy.connections == 1
    assert proxy.statements == []
    assert after - before >= 1


def test_an_unknown_host_an_idle_port_and_an_unknown_database(database: Database, filled: str) -> None:
    """Each says what it is."""
    host = failure(database, filled, database.uri(host="no-such-host.invalid"))
    port = failure(database, filled, database.uri(port=1))
    named = failure(database, filled, database.uri().replace(database.name, "no_such_database"))
    assert (host.reason, port.reason, named.reason) == ("unreachable", "unreachable", "missing")
    assert "there is no host of that name" in host.hint
    assert "host and port" in port.hint
    assert "no_such_database" in named.message


def test_an_unknown_table_and_one_that_is_not_granted(database: Database, filled: str, guest: Guests) -> None:
    """The server hides what may not be seen, so both are the same, and the words say so."""
    near = failure(database, filled[:-1])
    assert near.reason == "missing"
    assert near.hint == f"did you mean {filled}?" or filled in near.hint
    other = fresh()
    database.run(f"CREATE TABLE {other} (a INT)")
    hidden = failure(database, filled, guest(f"SELECT ON {database.name}.{other}"))
    database.run(f"DROP TABLE {other}")
    assert hidden.reason == "missing"
    assert "may not see it" in hidden.message


def test_a_database_that_is_not_granted(database: Database, filled: str, guest: Guests) -> None:
    """The login works, the database does not."""
    error = failure(database, filled, guest(""))
    assert error.reason == "denied"
    assert "SELECT" in error.hint


def test_columns_that_may_not_be_read_are_a_barrier(database: Database, filled: str, guest: Guests) -> None:
    """The others are read. A column that another right makes visible is named, the rest are mentioned."""
    uri = guest(f"SELECT (id, v) ON {database.name}.{filled}")
    sample = database.sample(filled, uri, rows="full")
    (first, *_) = sample.batches()
    assert first.schema.names == ["id", "v"]
    (barrier,) = sample.facts.barriers
    assert barrier.reason == "denied"
    assert "some columns of" in barrier.message
    assert "GRANT SELECT ON" in barrier.hint
    named = database.sample(
        filled, guest(f"SELECT (id, v), INSERT (secret) ON {database.name}.{filled}"), rows="full"
    ).facts.barriers[0]
    assert named.columns == ("secret",)
    assert "GRANT SELECT (secret)" in named.hint


def test_all_columns_granted_one_by_one_are_no_barrier(database: Database, filled: str, guest: Guests) -> None:
    """Whoever may read each may read all."""
    uri = guest(f"SELECT (id, secret, v) ON {database.name}.{filled}")
    assert database.sample(filled, uri, rows="full").facts.barriers == ()


def test_a_connection_that_is_killed_is_tried_again(database: Database, filled: str, proxied: Proxied) -> None:
    """Three times in all, then the finding says that the connection was lost."""
    proxy = proxied(cut_after=600_000)
    error = failure(database, filled, database.uri(port=proxy.port), rows="full")
    assert error.reason == "unreachable"
    assert "lost" in error.message
    assert proxy.connections >= 4  # a plan and three readings


def test_a_reset_that_passes_leaves_one_whole_sample(database: Database, filled: str, proxied: Proxied) -> None:
    """The second attempt begins anew: no row is lost, none is read twice."""
    proxy = proxied(cut_after=600_000)
    connector = connector_for(database.source(filled))
    sample = connector.read(connector.plan(database.source(filled, database.uri(port=proxy.port), rows="full")))
    mend = threading.Timer(0.4, setattr, [proxy, "cut_after", None])
    mend.start()
    ids = [id_ for batch in sample.batches() for id_ in batch.column(0).to_pylist()]
    mend.join()
    assert sorted(ids) == list(range(1, 30_001))


def test_a_server_that_ends_the_session_is_a_lost_connection(database: Database, filled: str) -> None:
    """KILL in the middle of a read is noticed, and the reading is tried again."""
    database.run(f"CREATE OR REPLACE VIEW {filled}_k AS SELECT id, SLEEP(0.01) AS s FROM {filled}")
    sample = database.sample(f"{filled}_k", method="first", rows=30)
    killed: list[str] = []

    def kill() -> None:
        while not killed:
            killed.extend(
                database.run(
                    f"SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT%{filled}\\_k%LIMIT 30'"
                ).split()
            )
        database.run(f"KILL {killed[0]}")

    killing = threading.Thread(target=kill)
    killing.start()
    rows = sum(batch.num_rows for batch in sample.batches())
    killing.join()
    database.run(f"DROP VIEW {filled}_k")
    assert rows == 30
    assert sum("START TRANSACTION" in statement for statement in sample.facts.statements) == 3  # plan, killed, again


@pytest.mark.parametrize(
    ("change", "words"),
    [("DROP TABLE {}", "was dropped"), ("ALTER TABLE {} DROP COLUMN v", "changed"),
     ("ALTER TABLE {} MODIFY v BIGINT", "changed")],
)  # fmt: skip
def test_a_table_that_changes_between_plan_and_reading(
    database: Database, filled: str, change: str, words: str
) -> None:
    """It is said, and no row is read."""
    sample = database.sample(filled)
    database.run(change.format(filled))
    with pytest.raises(SourceError, match=words) as caught:
        list(sample.batches())
    assert caught.value.reason == "changed"
    assert caught.value.hint == "run it again"


def test_a_table_that_somebody_locks_is_waited_for_only_briefly(database: Database, filled: str) -> None:
    """Five seconds, then a finding; the guest queues behind nobody for long."""
    sample: Sample = database.sample(filled)
    locking = subprocess.Popen(
        ["mariadb", "--protocol=tcp", "-h", HOST, "-P", str(PORT), "-u", USER, database.name, "-e",
         f"LOCK TABLES {filled} WRITE; SELECT SLEEP(9.125)"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(0.5)
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        sample.fetch()
    assert 3 < time.monotonic() - began < 8
    assert caught.value.reason == "timeout"
    assert "lock" in caught.value.message
    database.run(
        "KILL "
        + database.run("SELECT ID FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(9.125)'").strip()
    )
    locking.wait()


def test_too_many_connections_of_a_user(database: Database, filled: str, guest: Guests) -> None:
    """The server's limit is told as such."""
    uri = guest(f"SELECT ON {database.name}.*", "WITH MAX_QUERIES_PER_HOUR 3")
    error = failure(database, filled, uri)
    assert error.reason == "throttled"


def test_tls_that_the_server_does_not_have(database: Database, filled: str) -> None:
    """Asked for, it is not done without."""
    if database.run("SELECT @@have_ssl").strip() != "DISABLED":
        pytest.skip("this server has TLS")
    error = failure(database, filled, f"{database.uri()}?ssl-mode=required")
    assert error.reason == "tls"


def test_a_view_whose_table_is_gone(database: Database, filled: str) -> None:
    """The server's own words name the view."""
    database.run(f"CREATE VIEW {filled}_g AS SELECT * FROM {filled}; DROP TABLE {filled}")
    error = failure(database, f"{filled}_g")
    database.run(f"DROP VIEW {filled}_g")
    assert error.reason in {"missing", "denied"}
    assert f"{filled}_g" in error.message


def test_an_unknown_option_says_what_was_meant(database: Database, filled: str) -> None:
    """Before anybody is connected to."""
    with pytest.raises(UsageError) as caught:
        database.sample(filled, f"{database.uri()}?ssl-moed=required")
    assert caught.value.hint == "did you mean ssl-mode?"


def test_a_canary_in_the_password_is_in_no_trace(database: Database) -> None:
    """Not in a repr, not in an error, not in what a traceback shows of values."""
    code = (
        "import sys, os\n"
        "from walkaround.connectors.mysql import CONNECTOR\n"
        "from walkaround.connectors.mysql.login import login_of\n"
        "from walkaround.connectors.address import address_of\n"
        "from walkaround.model.source import Source\n"
        "source = Source('s', 'mysql://nobody:${SECRET}@' + sys.argv[1], table='t')\n"
        "print(repr(source), repr(address_of(source)), repr(login_of(address_of(source), os.environ)))\n"
        "print(CONNECTOR.check(source))\n"
        "CONNECTOR.plan(source)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, f"{HOST}:{PORT}/{database.name}"],
        env={"SECRET": "canary-in-the-coal", "MYSQL_PWD": "canary-in-the-mine", "PATH": "/usr/bin"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "login" in told.stderr or "Access denied" in told.stderr
    assert "canary" not in told.stdout + told.stderr
    assert PASSWORD == "" or PASSWORD not in told.stdout + told.stderr
