"""What goes wrong with PostgreSQL, told as what happened, to which source, and whom to ask for what."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pg_server import HOST, PORT, USER, Database, frame
from pg_wire import Proxy, refusing

from walkaround.connectors.postgres import CONNECTOR
from walkaround.connectors.spool import spool_folder
from walkaround.errors import SourceError
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source

SECRET = "s3cret-canary"  # noqa: S105 - no password of anybody's


def refused(uri: str, table: str = "public.t") -> SourceError:
    """How planning to read a table fails."""
    with pytest.raises(SourceError) as raised:
        CONNECTOR.plan(Source("crm", uri, table=table))
    shown = f"{raised.value.message} {raised.value.hint}"
    assert raised.value.message.startswith("crm: ")
    assert raised.value.hint
    assert SECRET not in shown
    return raised.value


@pytest.fixture
def rows(database: Database, table: str) -> str:
    """A table of 4,000 rows of a kilobyte."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS id, repeat(md5(g::text), 30) AS filler FROM generate_series(1, 4000) g; "
        f"ALTER TABLE {table} ADD PRIMARY KEY (id); ANALYZE {table}"
    )
    return f"public.{table}"


@pytest.mark.parametrize(
    ("code", "words", "reason", "hint"),
    [
        ("28P01", 'password authentication failed for user "ana"', "login", "password"),
        ("28000", 'role "ana" does not exist', "login", "user"),
        ("28000", 'no pg_hba.conf entry for host "10.0.0.1", user "ana", database "b", no encryption', "tls", "TLS"),
        (
            "28000",
            'no pg_hba.conf entry for host "10.0.0.1", user "ana", database "b", SSL encryption',
            "login",
            "host",
        ),
        ("53300", "sorry, too many clients already", "throttled", "later"),
        ("57P03", "the database system is starting up", "unreachable", "started"),
        ("42501", 'permission denied for database "b"', "denied", "GRANT CONNECT"),
        ("3D000", 'database "b" does not exist', "missing", "name of the database"),
    ],
)
def test_a_login_that_is_refused_is_tried_once(code: str, words: str, reason: str, hint: str) -> None:
    """Whatever the server refuses a login with, it is asked once, and the message says why."""
    with refusing(code, words, ask_password=True) as (port, tried):
        error = refused(f"postgresql://ana:{SECRET}@127.0.0.1:{port}/b")
    assert tried == [SECRET]
    assert (error.reason, words in error.message, hint in error.hint) == (reason, True, True)


def test_a_refused_password_is_not_sent_again_without_tls(tmp_path: Path) -> None:
    """On a server with TLS too there is one attempt: libpq alone would send the password once more in the clear."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    words = 'password authentication failed for user "ana"'
    with refusing("28P01", words, ask_password=True, context=context) as (port, tried):
        error = refused(f"postgresql://ana:{SECRET}@127.0.0.1:{port}/b")
        assert tried == [SECRET]
        assert error.reason == "login"
        verified = refused(f"postgresql://ana:{SECRET}@localhost:{port}/b?sslmode=verify-full&sslrootcert=/dev/null")
    assert tried == [SECRET]
    assert verified.reason == "tls"


def test_an_unknown_host_and_a_closed_port() -> None:
    """Neither is taken for a wrong password."""
    host = refused(f"postgresql://ana:{SECRET}@nowhere.invalid/b")
    port = refused(f"postgresql://ana:{SECRET}@127.0.0.1:1/b")
    assert (host.reason, "host's name" in host.hint) == ("unreachable", True)
    assert (port.reason, "port" in port.hint) == ("unreachable", True)


def test_a_uri_that_libpq_cannot_read_is_not_repeated() -> None:
    """Its parameters may hold what nobody should see."""
    error = refused(f"postgresql://ana:{SECRET}@127.0.0.1:5432/b?nonsense={SECRET}")
    assert error.reason == "unreachable"
    assert "cannot be used" in error.message
    assert SECRET not in error.message + error.hint


def test_tls_that_the_server_has_not(database: Database) -> None:
    """A server without TLS is not read by a user who asks for it."""
    if HOST.startswith("/"):
        pytest.skip("a socket has no TLS to ask for")
    if database.run("SHOW ssl") == "on":
        pytest.skip("this server has TLS")
    assert refused(database.uri(more="&sslmode=require")).reason == "tls"


def test_a_database_and_a_table_that_are_not_there(database: Database, rows: str) -> None:
    """Each is named, and what comes near to it."""
    gone = refused(Database("walkaround_nowhere").uri())
    assert (gone.reason, "walkaround_nowhere" in gone.message) == ("missing", True)
    near = refused(database.uri(), rows[:-1] + "_")
    assert (near.reason, near.hint) == ("missing", f"did you mean {rows}?")


def test_a_table_and_a_column_without_the_right_to_read_them(database: Database, rows: str, role: str) -> None:
    """A table says which GRANT it needs; of a column that is denied so much is said, and the others are read."""
    denied = refused(database.uri(role), rows)
    assert (denied.reason, "GRANT SELECT" in denied.hint, role in denied.hint) == ("denied", True, True)
    database.run(f"GRANT SELECT (id) ON {rows} TO {role}")
    sample = database.sample(rows, uri=database.uri(role), sample={"rows": 100})
    (barrier,) = sample.facts.barriers
    name = rows.removeprefix("public.")
    assert (barrier.reason, barrier.columns) == ("denied", ("filler",))
    assert f'GRANT SELECT ("filler") ON "public"."{name}" TO "{role}"' in barrier.hint
    assert frame(sample).columns == ["id"]
    assert sample.drawn.method == "key_hash"


def test_row_level_security_is_told(database: Database, rows: str, role: str) -> None:
    """The server hides rows without an error; the facts say that it does, and leaves are not read around it."""
    database.run(
        f"GRANT SELECT ON {rows} TO {role}; ALTER TABLE {rows} ENABLE ROW LEVEL SECURITY; "
        f"CREATE POLICY part ON {rows} USING (id <= 10)"
    )
    source = database.source(rows, uri=database.uri(role))
    (told,) = CONNECTOR.check(source)
    assert (told.reason, "row-level security" in told.message, "BYPASSRLS" in told.hint) == ("restricted", True, True)
    sample = CONNECTOR.read(CONNECTOR.plan(source))
    assert sorted(frame(sample)["id"]) == list(range(1, 11))


def test_a_table_that_is_dropped_or_altered_after_planning(database: Database, rows: str) -> None:
    """What was planned is not what is there: nothing is read of it."""
    plan = CONNECTOR.plan(database.source(rows))
    database.run(f"ALTER TABLE {rows} ADD added int")
    with pytest.raises(SourceError, match=r"columns of .* changed") as altered:
        frame(CONNECTOR.read(plan))
    database.run(f"DROP TABLE {rows}")
    with pytest.raises(SourceError, match="was dropped") as dropped:
        frame(CONNECTOR.read(plan))
    assert (altered.value.reason, dropped.value.reason) == ("changed", "changed")


def test_a_right_that_is_revoked_after_planning(database: Database, rows: str, role: str) -> None:
    """The rows of a table that may no longer be read are not read."""
    database.run(f"GRANT SELECT ON {rows} TO {role}")
    plan = CONNECTOR.plan(database.source(rows, uri=database.uri(role)))
    database.run(f"REVOKE SELECT ON {rows} FROM {role}; GRANT SELECT (id) ON {rows} TO {role}")
    with pytest.raises(SourceError) as raised:
        frame(CONNECTOR.read(plan))
    assert raised.value.reason in ("changed", "denied")


def test_a_statement_that_takes_too_long(database: Database, table: str) -> None:
    """The server ends it, and the message says what to allow."""
    database.run(f"CREATE VIEW {table} AS SELECT g, pg_sleep(0.1)::text AS slept FROM generate_series(1, 100) g")
    sample = database.sample(f"public.{table}", sample=SampleRequest("full", max_seconds=0.5))
    began = time.monotonic()
    with pytest.raises(SourceError) as raised:
        frame(sample)
    assert (raised.value.reason, "max_seconds" in raised.value.hint) == ("timeout", True)
    assert time.monotonic() - began < 3


def test_a_lock_is_waited_for_five_seconds(database: Database, rows: str) -> None:
    """A guest does not queue behind a lock, where everybody else would queue behind it."""
    with locked(database, rows):
        began = time.monotonic()
        error = refused(database.uri(), rows)
        waited = time.monotonic() - began
    assert (error.reason, "lock" in error.hint) == ("timeout", True)
    assert 4 < waited < 9


def test_a_value_that_cannot_be_computed_is_not_repeated(database: Database, table: str) -> None:
    """A view whose expression fails says so without the value that it fails on."""
    database.run(
        f"CREATE VIEW {table} AS SELECT CASE WHEN g > 9000 THEN '{SECRET}' ELSE g::text END::int AS n "
        "FROM generate_series(1, 10000) g"
    )
    with pytest.raises(SourceError) as raised:
        frame(database.sample(f"public.{table}"))
    assert raised.value.reason == "unreadable"
    assert SECRET not in str(raised.value)
    assert "invalid input syntax" in str(raised.value)


@pytest.fixture
def slow(database: Database, table: str, role: str) -> Sample:
    """A full sample of 1,000 rows of ten kilobytes that come one each millisecond, by a user of its own."""
    database.run(
        f"CREATE VIEW {table} AS SELECT g AS id, repeat(md5(g::text), 300) AS filler, pg_sleep(0.001)::text AS slept "
        f"FROM generate_series(1, 1000) g; GRANT SELECT ON {table} TO {role}"
    )
    return database.sample(f"public.{table}", uri=database.uri(role), sample={"rows": "full"})


def test_a_session_that_is_ended_once_is_begun_again(database: Database, slow: Sample, role: str) -> None:
    """A reading whose backend was terminated is read again from its beginning, and has every row once."""
    ended = Ending(database, role, 1)
    assert sorted(frame(slow)["id"]) == list(range(1, 1001))
    assert ended.join() == 1
    begun = [one for one in slow.facts.statements if one.startswith("BEGIN")]
    assert len(begun) == 3  # of the plan, and of both readings


def test_a_server_that_ends_every_session(database: Database, slow: Sample, role: str) -> None:
    """After three readings that were ended it is a finding, and nothing of them is kept."""
    before = set(spool_folder().iterdir())
    ended = Ending(database, role, 3)
    with pytest.raises(SourceError) as raised:
        frame(slow)
    assert (raised.value.reason, ended.join()) == ("unreachable", 3)
    assert set(spool_folder().iterdir()) == before


def test_a_connection_that_is_reset_again_and_again(
    database: Database, rows: str, proxied: Callable[..., Proxy]
) -> None:
    """Three readings are tried, a moment apart; then it is said that the line broke."""
    plan = CONNECTOR.plan(database.source(rows, uri=database.uri(port=proxied().port)))
    proxy = proxied(cut_after=3 << 20)
    source = database.source(rows, uri=database.uri(port=proxy.port), sample={"rows": "full"})
    sample = CONNECTOR.read(CONNECTOR.plan(source))
    planned = proxy.startups
    with pytest.raises(SourceError) as raised:
        frame(sample)
    assert raised.value.reason == "unreachable"
    assert proxy.startups - planned == 3 * planned
    assert plan.rows is None


class Ending:
    """Ends the first so many sessions of a user in the middle of their reading."""

    def __init__(self, database: Database, role: str, times: int) -> None:
        self._ended = 0
        self._statement = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            f"WHERE usename = '{role}' AND state = 'active' AND query LIKE 'COPY (SELECT \"id\"%'"
        )
        self._database, self._times = database, times
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        end = time.monotonic() + 20
        while self._ended < self._times and time.monotonic() < end:
            self._ended += int(self._database.run(self._statement))

    def join(self) -> int:
        """How many were ended, once all are."""
        self._thread.join()
        return self._ended


@contextmanager
def locked(database: Database, table: str) -> Iterator[None]:
    """Somebody else holds the table."""
    name = f"holder_{uuid.uuid4().hex[:8]}"
    command = ["psql", "-XqAt", "-h", HOST, "-p", str(PORT), "-U", USER, "-d", database.name, "-f", "-"]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None
    assert holder.stdout is not None
    holder.stdin.write(f"BEGIN; LOCK TABLE {table}; SELECT '{name}';\n")
    holder.stdin.flush()
    assert holder.stdout.readline().strip() == name
    try:
        yield
    finally:
        holder.communicate("ROLLBACK;\n")


FULL = """
import resource, sys
from pathlib import Path
from walkaround.connectors import open_sample
from walkaround.connectors.spool import spool_folder
from walkaround.errors import SourceError
from walkaround.model.source import Source
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))
try:
    list(open_sample(Source("events", sys.argv[1], table=sys.argv[2])).batches())
except SourceError as error:
    print(error.reason, list(spool_folder().iterdir()), error.hint)
"""


def test_a_full_disk_is_told_and_nothing_half_written_is_left(database: Database, table: str) -> None:
    """A file of the spool that cannot grow past 64 KiB stands for the disk."""
    database.run(f"CREATE TABLE {table} AS SELECT g, repeat('x', 100) AS t FROM generate_series(1, 5000) g")
    told = subprocess.run(
        [sys.executable, "-c", FULL, database.uri(), f"public.{table}"], capture_output=True, text=True, check=False
    )
    assert told.stdout.startswith("disk [] make room"), told.stdout + told.stderr
