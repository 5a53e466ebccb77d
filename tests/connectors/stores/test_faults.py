"""What goes wrong with a store is told in its own words, asked again only where that may help, and leaves nothing."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import requests

from walkaround.connectors import connector_for, open_sample
from walkaround.connectors.address import address_of
from walkaround.connectors.spool import spool_folder
from walkaround.connectors.stores.connector import CONNECTOR, _looks
from walkaround.connectors.stores.opening import opened
from walkaround.connectors.stores.planning import plan_of
from walkaround.connectors.stores.target import target_of
from walkaround.connectors.stores.visit import Visit
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source

CSV = b"id,name\n" + b"".join(f"{number},name {number}\n".encode() for number in range(2_000))
TABLE = pa.table({"id": pa.array(range(40_000)), "name": [f"name {number}" for number in range(40_000)]})
DENIED = (403, "<Error><Code>AccessDenied</Code><Message>canary5ecretK3y may not</Message></Error>")
EXPIRED = (400, "<Error><Code>ExpiredToken</Code><Message>canary5ecretK3y has expired</Message></Error>")
SLOW = (503, "<Error><Code>SlowDown</Code></Error>")


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(TABLE, out, row_group_size=5_000)
    return out.getvalue()


def sample_of(uri: str, pauses: list[float], **asked: Any) -> Sample:
    """As the connector makes it, with pauses that are only written down."""
    source = Source("s", uri, sample=SampleRequest(**asked))
    target = target_of("s", address_of(source))
    visit = Visit("s", target, partial(opened, target, source.sample.seconds), sleep=pauses.append)
    visit.begin(source.sample.seconds)
    try:
        return CONNECTOR.read(plan_of(source, visit, _looks()))
    finally:
        visit.close()


def read(uri: str, **asked: Any) -> tuple[int, list[float]]:
    """How many rows came, and the pauses on the way."""
    pauses: list[float] = []
    return sum(batch.num_rows for batch in sample_of(uri, pauses, **asked).batches()), pauses


def failing(uri: str, **asked: Any) -> tuple[SourceError, list[float]]:
    """Why nothing came, and the pauses on the way."""
    pauses: list[float] = []
    with pytest.raises(SourceError) as caught:
        list(sample_of(uri, pauses, **asked).batches())
    assert caught.value.hint
    for words in (caught.value.message, caught.value.hint, repr(caught.value)):
        assert "canary" not in words
    return caught.value, pauses


@pytest.fixture
def spool() -> Path:
    return spool_folder()


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        (DENIED, "denied"),
        (EXPIRED, "login"),
        ((403, "<Error><Code>InvalidAccessKeyId</Code></Error>"), "login"),
        ((403, "<Error><Code>SignatureDoesNotMatch</Code></Error>"), "login"),
        ((401, ""), "login"),
        ((404, "<Error><Code>NoSuchBucket</Code></Error>"), "missing"),
    ],
)
def test_what_cannot_pass_is_asked_once(moody: Any, mood: Any, reason: str) -> None:
    """Bad credentials are tried once: more would lock the account. The answer's own words are not repeated."""
    moody.always = mood
    error, pauses = failing("s3://bucket/t.csv")
    assert error.reason == reason
    assert pauses == []
    assert len([path for _, path in moody.requests if "t.csv" in path and "list-type" not in path]) == 1
    assert "s3://bucket/t.csv" in error.message


def test_expired_in_the_middle_is_told(moody: Any) -> None:
    """Credentials that end while rows travel."""
    moody.put("t.csv", CSV)
    moody.moods = [None, EXPIRED]
    error, pauses = failing("s3://bucket/t.csv")
    assert (error.reason, pauses, len(moody.requests)) == ("login", [], 2)


def test_real_keys_that_are_unknown_are_refused(s3_peer: Any) -> None:
    """By a server that looks at signatures."""
    s3_peer.put("t.csv", CSV)
    server = s3_peer.environment["AWS_ENDPOINT_URL"]
    requests.post(f"{server}/moto-api/reset-auth", data=b"0", timeout=10).raise_for_status()
    try:
        error, pauses = failing(f"{s3_peer.uri}/t.csv")
    finally:
        requests.post(f"{server}/moto-api/reset-auth", data=b"1000000", timeout=10).raise_for_status()
    assert (error.reason, pauses) == ("login", [])


def test_a_busy_store_is_asked_again_with_growing_pauses(moody: Any) -> None:
    """Throttled three times and then no more: all rows come."""
    moody.put("t.csv", CSV)
    moody.moods = [SLOW, SLOW, None, SLOW]
    rows, pauses = read("s3://bucket/t.csv")
    assert rows == 2_000
    assert pauses == pytest.approx([0.2, 0.6, 0.2])


@pytest.mark.parametrize(
    ("mood", "reason"), [(SLOW, "throttled"), ((429, ""), "throttled"), ((500, ""), "unreachable")]
)
def test_a_store_that_stays_busy_is_left_in_bounded_time(moody: Any, mood: Any, reason: str) -> None:
    """After five attempts and eight seconds of pauses."""
    moody.always = mood
    error, pauses = failing("s3://bucket/t.csv")
    assert error.reason == reason
    assert len(moody.requests) == 5
    assert sum(pauses) == pytest.approx(8.0)


def test_a_host_that_is_not_there_is_unreachable(moody: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the address."""
    with requests.Session() as session:
        session.get(moody.address, timeout=5)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert failing("s3://bucket/t.csv")[0].reason == "unreachable"
    assert failing("http://127.0.0.1:1/t.csv")[0].reason == "unreachable"


def test_a_connection_that_breaks_in_the_middle_is_taken_up_again(moody: Any) -> None:
    """Of a text and of a typed file: what came half is asked for once more."""
    moody.put("t.csv", CSV)
    moody.put("t.parquet", parquet())
    for key, rows in (("t.csv", 2_000), ("t.parquet", 40_000)):
        moody.moods = [None, "reset"]
        came, pauses = read(f"s3://bucket/{key}")
        assert (came, len(pauses)) == (rows, 1), key


def test_a_connection_that_always_breaks_is_unreachable(moody: Any, spool: Path) -> None:
    """And nothing half-read is left."""
    moody.put("t.csv", CSV)
    before = set(spool.iterdir())
    moody.moods = [None]
    moody.always = "reset"
    assert failing("s3://bucket/t.csv")[0].reason == "unreachable"
    assert set(spool.iterdir()) == before


@pytest.mark.parametrize("heeds", [True, False])
@pytest.mark.parametrize("key", ["t.csv", "t.parquet"])
def test_an_object_that_changes_while_it_is_read_is_told(moody: Any, spool: Path, key: str, heeds: bool) -> None:  # noqa: FBT001 - a parameter
    """By a store that heeds the tag, and by one that does not; nothing half-read is left."""
    content = {"t.csv": CSV * 1_000, "t.parquet": parquet()}[key]
    moody.heeds = heeds
    moody.put(key, content)
    before = set(spool.iterdir())
    moody.moods = [None] * (2 if key == "t.csv" else 3) + [lambda: moody.put(key, content, "two")]
    error, pauses = failing(f"s3://bucket/{key}")
    assert (error.reason, pauses) == ("changed", [])
    assert moody.moods == []
    assert set(spool.iterdir()) == before


def test_a_store_that_hangs_is_left_when_its_time_is_up(moody: Any) -> None:
    """`max_seconds` bounds a single request as well."""
    moody.always = "hang"
    began = time.monotonic()
    error, _ = failing("s3://bucket/t.csv", max_seconds=1.0)
    assert error.reason == "timeout"
    assert time.monotonic() - began < 5


def test_reading_can_be_stopped_from_another_thread(moody: Any) -> None:
    """The request under way is the last."""
    moody.put("t.csv", CSV * 2_000)
    sample = sample_of("s3://bucket/t.csv", [])
    moody.moods = [sample.stop]
    with pytest.raises(SourceError, match="was stopped"):
        sample.fetch()
    assert len(moody.requests) == 2


def test_more_than_reading_may_cost_is_refused_before_it_travels(moody: Any) -> None:
    """A text is read whole or not at all."""
    moody.put("t.csv", CSV)
    error, _ = failing("s3://bucket/t.csv", max_bytes=1_000)
    assert error.reason == "budget"
    assert f"{len(CSV):,} bytes" in error.message
    assert len(moody.requests) == 1


def test_what_only_servers_do_is_refused(moody: Any) -> None:
    """Rather than ignored."""
    del moody
    for source in (
        Source("s", "s3://bucket/t.csv", exact=("nulls",)),
        Source("s", "s3://bucket/t.csv", sample=SampleRequest(method="pages")),
        Source("s", "s3://bucket/t.csv?regoin=x"),
        Source("s", "s3:///t.csv"),
    ):
        with pytest.raises(UsageError):
            connector_for(source).plan(source)


FULL = """
import os, resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from walkaround.connectors import open_sample
from walkaround.connectors.spool import spool_folder
from walkaround.errors import SourceError
from walkaround.model.source import SampleRequest, Source
for uri in sys.argv[1:]:
    sample = open_sample(Source("s", uri, sample=SampleRequest(rows="full")))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
    try:
        list(sample.batches())
    except SourceError as error:
        print(error.reason, "|", error.message, "|", error.hint)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(os.listdir(spool_folder()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files have no limit there")
def test_a_full_disk_is_told_and_nothing_is_left(moody: Any) -> None:
    """While a text is fetched, and while the rows of a typed file are kept."""
    moody.put("t.csv", CSV)
    moody.put("t.parquet", parquet())
    command = [sys.executable, "-c", FULL, "s3://bucket/t.csv", "s3://bucket/t.parquet"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert [line.split(" |")[0] for line in lines[::2]] == ["disk", "disk"]
    assert lines[1::2] == ["[]", "[]"]


def test_a_web_server_says_why(moody: Any) -> None:
    """Each status its reason; only what can pass is asked for again."""
    for status, reason, attempts in (
        (401, "login", 1), (403, "denied", 1), (404, "missing", 1), (410, "missing", 1), (418, "unreadable", 1),
        (429, "throttled", 5), (500, "unreachable", 5), (503, "throttled", 5),
    ):  # fmt: skip
        moody.requests.clear()
        moody.always = (status, "canary5ecretK3y")
        error, _ = failing(f"{moody.address}/bucket/t.csv?sig=canary5ecretK3y")
        assert (error.reason, len(moody.requests)) == (reason, attempts), status


def test_a_web_server_that_leads_in_circles_is_left(moody: Any) -> None:
    """After five steps."""
    moody.always = (302, "", {"Location": "/bucket/t.csv"})
    assert failing(f"{moody.address}/bucket/t.csv")[0].reason == "unreachable"
    assert len(moody.requests) == 6


def test_a_web_server_that_leads_on_is_followed(moody: Any) -> None:
    """To where the object is."""
    moody.put("t.csv", CSV)
    there = (302, "", {"Location": "/bucket/t.csv"})
    moody.moods = [there, None, there, None]
    assert read(f"{moody.address}/other.csv")[0] == 2_000


def test_a_web_server_with_ranges_gives_parts(moody: Any) -> None:
    """Of a typed file the footer comes with the plan, and then the rest."""
    moody.put("t.parquet", parquet())
    sample = sample_of(f"{moody.address}/bucket/t.parquet", [])
    assert sample.facts.rows_total == 40_000
    assert sum(batch.num_rows for batch in sample.batches()) == 40_000


@pytest.mark.parametrize("ranges", [True, False])
def test_what_a_web_server_packs_unasked_is_unpacked(moody: Any, ranges: bool) -> None:  # noqa: FBT001 - a parameter
    """Its own word for the size is of the packed bytes."""
    moody.ranges, moody.packed = ranges, True
    moody.put("t.csv", gzip.compress(CSV))
    assert read(f"{moody.address}/bucket/t.csv")[0] == 2_000


def test_a_web_server_that_breaks_off_is_told(moody: Any) -> None:
    """One without ranges begins anew, and what came half is forgotten; it is given up in the end."""
    moody.ranges = False
    moody.put("t.csv", CSV)
    moody.moods = [None, "reset", "reset"]
    assert read(f"{moody.address}/bucket/t.csv") == (2_000, pytest.approx([0.2, 0.6]))
    moody.moods = [None]
    moody.always = "reset"
    assert failing(f"{moody.address}/bucket/t.csv")[0].reason == "unreachable"


def test_requests_are_listed_up_to_the_fiftieth(moody: Any) -> None:
    """And counted from there; one that is repeated is another request."""
    target = target_of("s", address_of(Source("s", "s3://bucket/t.csv")))
    visit = Visit("s", target, partial(opened, target, 10.0), sleep=lambda _: None)
    moody.put("t.csv", CSV)
    moody.moods = [SLOW]
    item = visit.look("t.csv")
    for place in range(60):
        visit.get(item, place, place + 2)
    visit.close()
    assert len(moody.requests) == 62
    assert visit.said[:3] == (*["GET s3://bucket/t.csv bytes 0-0"] * 2, "GET s3://bucket/t.csv bytes 0-1")
    assert visit.said[50:] == ("and 12 more requests; 120 bytes in all",)


def test_a_web_page_is_no_table(moody: Any) -> None:
    """A login page under the address of an export."""
    moody.put("t.csv", b"<!doctype html><html><body>log in</body></html>")
    assert failing(f"{moody.address}/bucket/t.csv")[0].reason == "not_what_it_says"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_web_server_whose_object_changes_is_told(moody: Any, ranges: bool) -> None:  # noqa: FBT001 - a parameter
    """With ranges and without."""
    moody.ranges = ranges
    moody.put("t.csv", CSV)
    moody.moods = [None, lambda: moody.put("t.csv", CSV, "two")]
    assert failing(f"{moody.address}/bucket/t.csv")[0].reason == "changed"


def test_a_wrong_password_of_sftp_is_tried_once(
    sftp_peer: Any, sftp_logins: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One login; the password is not told."""
    sftp_peer.put("t.csv", CSV)
    before = len(sftp_logins)
    monkeypatch.setenv("SFTP_PASSWORD", "canary-but-wrong")
    error, pauses = failing(f"{sftp_peer.uri}/t.csv?known_hosts=${{SFTP_KNOWN_HOSTS}}")
    assert (error.reason, pauses) == ("login", [])
    assert sftp_logins[before:] == ["ana"]


def test_a_host_of_sftp_that_is_not_known_is_not_trusted(sftp_peer: Any) -> None:
    """No password goes to it."""
    sftp_peer.put("t.csv", CSV)
    error, pauses = failing(f"{sftp_peer.uri}/t.csv")
    assert (error.reason, pauses) == ("tls", [])


def test_a_table_of_a_lake_is_not_read_as_its_files(s3_peer: Any) -> None:
    """They hold rows that were deleted."""
    s3_peer.put("lake/_delta_log/00000000000000000000.json", b"{}")
    s3_peer.put("lake/part-0.parquet", parquet())
    error, _ = failing(f"{s3_peer.uri}/lake/")
    assert "Delta Lake" in error.message
    assert open_sample(Source("s", f"{s3_peer.uri}/lake/part-0.parquet")).facts.rows_total == 40_000
