"""Passwords, TLS, a replica, and a server that stops: on a server of the tests' own."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from pg_cluster import PASSWORD, Cluster, can_run, programs
from pg_server import frame

from walkaround.connectors.postgres import CONNECTOR
from walkaround.errors import SourceError
from walkaround.model.source import SampleRequest, Source

WRONG = "wr0ng-canary"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A server with TLS and passwords, and a table of 1,000 rows."""
    found = programs()
    if found is None or shutil.which("openssl") is None or not can_run():
        pytest.skip("initdb, openssl or a user to run PostgreSQL as is not there")
    made = Cluster.made(found)
    try:
        made.sql(
            f"CREATE ROLE ana LOGIN PASSWORD '{PASSWORD}'; "
            "CREATE TABLE t AS SELECT g AS id FROM generate_series(1, 1000) g; GRANT SELECT ON t TO ana; ANALYZE t; "
            "CREATE VIEW slow AS SELECT id, repeat('x', 10000) AS filler, pg_sleep(0.005)::text AS slept FROM t; "
            "GRANT SELECT ON slow TO ana"
        )
        yield made
    finally:
        made.remove()


def source(password: str, hosts: str, more: str = "", table: str = "public.t") -> Source:
    """The table of 1,000 rows, asked for by a user with a password."""
    uri = f"postgresql://ana:{password}@{hosts}/postgres{more}"
    return Source("crm", uri, table=table, sample=SampleRequest("full"))


def test_a_wrong_password_stands_once_in_the_server_s_log(cluster: Cluster) -> None:
    """The server has TLS, where libpq alone would try the password a second time; and no message repeats it."""
    failed = "FATAL:  password authentication failed"
    before = cluster.log().count(failed)
    with pytest.raises(SourceError) as raised:
        CONNECTOR.plan(source(WRONG, f"127.0.0.1:{cluster.port}"))
    assert raised.value.reason == "login"
    assert cluster.log().count(failed) - before == 1
    assert cluster.log().count("no pg_hba.conf entry") == 0
    assert WRONG not in f"{raised.value!r} {raised.value.message} {raised.value.hint}"


def test_tls_is_used_where_the_server_has_it(cluster: Cluster) -> None:
    """Nobody asked for it, and nothing is sent in the clear; a certificate that nobody vouches for is told."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(PASSWORD, f"127.0.0.1:{cluster.port}")))
    assert len(frame(sample)) == 1_000
    assert "SSL enabled" in cluster.log()
    verified = source(PASSWORD, f"127.0.0.1:{cluster.port}", f"?sslmode=verify-full&sslrootcert={cluster.folder}/none")
    with pytest.raises(SourceError) as raised:
        CONNECTOR.plan(verified)
    assert raised.value.reason == "tls"
    with pytest.raises(SourceError) as clear:
        CONNECTOR.plan(source(PASSWORD, f"127.0.0.1:{cluster.port}", "?sslmode=disable"))
    assert clear.value.reason == "tls"


def test_a_replica_is_preferred(cluster: Cluster) -> None:
    """Of several hosts the replica is read, whichever place it is named in, and the facts say so."""
    replica = cluster.replica()
    try:
        hosts = [f"127.0.0.1:{cluster.port}", f"127.0.0.1:{replica.port}"]
        for named in (hosts, hosts[::-1]):
            sample = CONNECTOR.read(CONNECTOR.plan(source(PASSWORD, ",".join(named))))
            assert len(frame(sample)) == 1_000
            assert "read from a replica" in sample.facts.notes
        primary = CONNECTOR.plan(source(PASSWORD, ",".join(hosts), "?target_session_attrs=primary"))
        assert "read from a replica" not in primary.facts.notes
    finally:
        replica.remove()


def test_a_server_that_stops_while_it_is_read(cluster: Cluster) -> None:
    """It is asked once more, and cannot be reached: so much is said, and what was read is not kept."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(PASSWORD, f"127.0.0.1:{cluster.port}", table="public.slow")))

    def stop() -> None:
        while cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state = 'active'") == "0":
            time.sleep(0.05)
        time.sleep(0.5)
        cluster.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        with pytest.raises(SourceError) as raised:
            frame(sample)
    finally:
        thread.join()
        cluster.start()
    assert raised.value.reason == "unreachable"
    assert PASSWORD not in raised.value.message
