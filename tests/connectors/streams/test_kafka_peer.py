"""Kafka's protocol, spoken with the brokers that librdkafka brings along for tests."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import select
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from walkaround.connectors import connector_for, open_sample
from walkaround.connectors.kafka import Kafka
from walkaround.connectors.kafka import brokers as brokers_of
from walkaround.connectors.kafka.log import Log, Message
from walkaround.connectors.kafka.windows import Window
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import STRATUM, UNIT
from walkaround.model.source import SampleRequest, Source

if importlib.util.find_spec("confluent_kafka") is None:
    pytest.skip("needs the extra kafka", allow_module_level=True)
import confluent_kafka

Write = Callable[..., Source]


def brokers() -> Any:
    """One broker, and who writes to it; both are gone with the last reference."""
    quiet = logging.getLogger("tests.kafka")
    quiet.propagate = False
    quiet.addHandler(logging.NullHandler())
    held = confluent_kafka.Producer(
        {"test.mock.num.brokers": 1, "linger.ms": 1, "batch.num.messages": 200}, logger=quiet
    )
    held.list_topics(timeout=5)
    return held


@pytest.fixture(scope="module")
def producer() -> Iterator[Any]:
    """Brokers of all tests of a module."""
    held = brokers()
    yield held
    held.flush(5)


@pytest.fixture
def written(producer: Any) -> Write:
    """Writes values to a topic of its own, round the four partitions, and names it as a source."""
    topic = f"t{uuid.uuid4().hex}"
    broker = next(iter(producer.list_topics(timeout=5).brokers.values()))

    def write(values: list[bytes | None], query: str = "", **sample: Any) -> Source:
        for number, value in enumerate(values):
            producer.produce(topic, value, key=f"k{number}", partition=number % 4, timestamp=1_700_000_000_000 + number)
        assert producer.flush(10) == 0
        return Source("orders", f"kafka://{broker.host}:{broker.port}/{topic}{query}", sample=SampleRequest(**sample))

    return write


def orders(count: int) -> list[bytes | None]:
    return [
        json.dumps({"id": number, "amount": number / 4, "late": number >= count // 2}).encode()
        for number in range(count)
    ]


def rows(source: Source) -> list[dict[str, Any]]:
    return [row for batch in open_sample(source).batches() for row in batch.to_pylist()]


def test_objects_are_rows_with_the_types_of_json(written: Write) -> None:
    """A topic that is small is read whole: each object a row, whole numbers whole, and how many there are is exact."""
    source = written(orders(1000))
    sample = open_sample(source)
    held = [row for batch in sample.batches() for row in batch.to_pylist()]
    assert sorted(held, key=lambda row: row["id"])[3] == {"id": 3, "amount": 0.75, "late": False}
    assert len(held) == 1000
    assert (sample.drawn.method, sample.drawn.fraction) == ("full", 1.0)
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (1000, "exact")
    assert [(column.name, column.type) for column in sample.facts.columns] == [
        ("id", "int64"), ("amount", "double"), ("late", "bool"),
    ]  # fmt: skip


def test_windows_are_drawn_by_seed_over_all_partitions(written: Write) -> None:
    """Of a larger topic each stratum gives a window; the same seed gives the same rows, another seed others."""
    source = written(orders(8000), rows=1000)
    one, again = rows(source), rows(source)
    other = rows(Source("orders", source.uri, sample=SampleRequest(rows=1000, seed=8)))
    assert one == again != other
    assert len({row["id"] for row in one}) == len(one) == 1000
    assert {row["id"] % 4 for row in one} == {0, 1, 2, 3}
    assert sum(row["late"] for row in one) == pytest.approx(500, abs=15)
    assert [row[UNIT] for row in one] == [row[STRATUM] for row in one]
    assert len({row[UNIT] for row in one}) == 100


def test_a_sample_says_what_it_cannot_tell(written: Write) -> None:
    """Its share of the topic, that rows of it are an estimate, and that duplicates are not to be counted."""
    sample = open_sample(written(orders(8000), rows=1000))
    sample.fetch()
    assert sample.drawn.method == "windows"
    assert sample.drawn.fraction == pytest.approx(0.125)
    assert sample.drawn.cannot_tell == ("duplicate rows",)
    assert sample.drawn.probability
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (8000, "estimate")


def test_a_plan_has_every_window_and_is_what_is_sent(written: Write) -> None:
    """Offsets of each partition, word for word what the report lists once they were read."""
    source = written(orders(4000), rows=100)
    plan = connector_for(source).plan(source)
    topic = plan.source.table
    assert [step.split(" offsets ")[0] for step in plan.steps] == [f"FETCH {topic}[{number}]" for number in range(4)]
    assert sum(len(step.split(" offsets ")[1].split(", ")) for step in plan.steps) == 10
    assert plan.cost == ("100 of 4,000 offsets in 10 windows of 4 partitions; brokers send whole batches",)
    sample = connector_for(source).read(plan)
    sample.fetch()
    assert sample.facts.statements == (
        "METADATA of all topics", f"LIST OFFSETS {topic} earliest and latest", *plan.steps,
    )  # fmt: skip


def test_what_is_no_object_is_text_with_its_place(written: Write) -> None:
    """Values that are no JSON objects come as text, with key, partition, offset and time."""
    (row, *_) = rows(written([b"plain", "caf\u00e9".encode(), b"3", b"[1]"]))
    assert row == {
        "key": "k0", "value": "plain", "partition": 0, "offset": 0, "timestamp": "2023-11-14T22:13:20.000+00:00",
    }  # fmt: skip


def test_tombstones_and_broken_values_are_counted(written: Write) -> None:
    """A message without a value is blank, one that is no object is rejected: none is lost in silence."""
    values = [*orders(20), None, b"{broken", b'{"id": 1, "id": 2}', b'{\n  "id": 99\n}', b"caf\xe9"]
    sample = open_sample(written(values))
    found = [row["id"] for batch in sample.batches() for row in batch.to_pylist()]
    assert sorted(found) == [*range(20), 99]
    assert (sample.records.rows, sample.records.physical, sample.records.blank) == (21, 25, 1)
    assert sample.records.rejected == {"malformed": 2, "repeated key": 1}
    assert "1 messages have no value: each says that its key was deleted" in sample.facts.notes


def test_key_and_time_come_along_where_they_are_wanted(written: Write) -> None:
    """`with` names them, and their columns say whose they are."""
    (row, *_) = rows(written(orders(8), "?with=key,timestamp"))
    assert row == {
        "kafka_key": "k0", "kafka_timestamp": "2023-11-14T22:13:20.000+00:00", "id": 0, "amount": 0.0, "late": False,
    }  # fmt: skip


def test_a_frame_of_a_schema_registry_is_taken_off_json(written: Write) -> None:
    """JSON behind a zero and the number of a schema is JSON; Avro there is not read as rubbish but refused."""
    framed = [b"\0\0\0\0\7" + (value or b"") for value in orders(8)]
    assert len(rows(written(framed))) == 8


def test_binary_values_are_refused(written: Write) -> None:
    """Avro and Protobuf make no columns, and the error says so."""
    with pytest.raises(SourceError, match="neither JSON nor text") as caught:
        rows(written([b"\0\0\0\0\7\x02\x06\xff\xfe" for _ in range(10)]))
    assert caught.value.reason == "not_what_it_says"


def test_a_budget_of_bytes_keeps_whole_passes(written: Write) -> None:
    """Reading stops there; what is left is a smaller sample of the same design, and a note says why."""
    sample = open_sample(written(orders(8000), rows=4000, max_bytes=100_000))
    held = [row for batch in sample.batches() for row in batch.to_pylist()]
    assert len(held) in range(1000, 3000, 500)
    assert sample.drawn.probability
    assert "reading stopped at its budget of 100,000 bytes" in sample.facts.notes
    assert sum(row["late"] for row in held) == pytest.approx(len(held) / 2, rel=0.05)


def test_a_whole_topic_that_costs_too_much_is_a_beginning(written: Write) -> None:
    """From its first messages nothing is inferred."""
    sample = open_sample(written(orders(8000), rows="full", max_bytes=20_000))
    sample.fetch()
    assert (sample.drawn.method, sample.drawn.probability) == ("first", False)


def test_no_group_is_joined_and_no_offset_committed(written: Write) -> None:
    """The brokers know of no group after a reading, and of no offset of it."""
    source = written(orders(100))
    rows(source)
    broker = source.uri.split("/")[2]
    topic = source.uri.rpartition("/")[2]
    asking = confluent_kafka.Consumer(
        {"bootstrap.servers": broker, "group.id": "walkaround"}, logger=logging.getLogger("tests.kafka")
    )
    places = [confluent_kafka.TopicPartition(topic, number) for number in range(4)]
    committed = asking.committed(places, timeout=5)
    asking.close()
    assert [place.offset for place in committed] == [confluent_kafka.OFFSET_INVALID] * 4


def test_a_topic_that_is_not_there_is_not_made(written: Write, producer: Any) -> None:
    """The error says what is near, and asking made no topic."""
    source = written(orders(4))
    near = Source("orders", source.uri[:-1])
    with pytest.raises(SourceError, match="there is no topic") as caught:
        open_sample(near)
    assert (caught.value.reason, caught.value.hint) == ("missing", f"did you mean {source.uri.rpartition('/')[2]}?")
    assert near.uri.rpartition("/")[2] not in producer.list_topics(timeout=5).topics


def test_topics_are_tables(written: Write) -> None:
    """A broker without a topic lists what it has, so that patterns of tables can choose."""
    source = written(orders(4))
    whole, _, topic = source.uri.rpartition("/")
    bare = Source("orders", whole)
    assert topic in list(connector_for(bare).datasets(bare))
    assert len(rows(Source("orders", whole, table=topic))) == 4


def test_brokers_that_do_not_answer_are_unreachable() -> None:
    """A closed port is told within seconds, without the password."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = Source("orders", f"kafka://ana:canary-7@127.0.0.1:{port}/t?security.protocol=PLAINTEXT")
    with pytest.raises(SourceError, match="could not be reached") as caught:
        open_sample(source)
    assert caught.value.reason == "unreachable"
    assert "canary-7" not in f"{caught.value.message}{caught.value.hint}"


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("kafka:///t", "names no broker"),
        ("kafka://b/t?sasl.mechanims=PLAIN", "sasl.mechanims is no parameter"),
        ("kafka://b/t?enable.auto.commit=true", "is no parameter"),
        ("kafka://b/t?with=headers", "headers is nothing that with can be"),
    ],
)
def test_a_uri_that_is_wrong_is_a_usage_error(uri: str, words: str) -> None:
    """What a URI cannot say is refused before anybody is asked; committing offsets is such a thing."""
    with pytest.raises(UsageError, match=words):
        open_sample(Source("orders", uri))


class Fragile:
    """A log whose brokers stop after the first messages."""

    def __init__(self, log: Log, stop: Callable[[], None]) -> None:
        self._log, self._stop = log, stop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    def read(self, topic: str, window: Window, wait: float) -> Iterator[Sequence[Message]]:
        """As the log does, once."""
        for messages in self._log.read(topic, window, wait):
            yield messages[:1]
            self._stop()


def test_brokers_that_stop_in_the_middle_are_told() -> None:
    """Half of a topic is no sample: the source is unreachable, and that within the time that it may cost."""
    held = [brokers()]
    broker = next(iter(held[0].list_topics(timeout=5).brokers.values()))
    for number in range(20_000):
        held[0].produce("orders", json.dumps({"id": number}), partition=number % 4)
    assert held[0].flush(10) == 0
    narrow = Kafka(lambda name, target, narrow: Fragile(brokers_of(name, target, narrow), held.clear))
    sample = SampleRequest(rows=1_000, max_seconds=4)
    plan = narrow.plan(Source("orders", f"kafka://{broker.host}:{broker.port}/orders", sample=sample))
    began = time.monotonic()
    with pytest.raises(SourceError, match="could not be reached") as caught:
        narrow.read(plan).fetch()
    assert caught.value.reason == "unreachable"
    assert time.monotonic() - began < 6


def test_an_interrupt_ends_the_command(written: Write, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a read: exit 130 at once, and no file of the spool is left."""
    uri = written(orders(20_000)).uri
    slow = "import walkaround.connectors.kafka.reading as r, time; take = r.Reading._take\n"
    slow += "def later(*a): print('reading', flush=True); time.sleep(0.3); take(*a)\n"
    slow += "r.Reading._take = later\nfrom walkaround.cli import main; import sys; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", slow, "profile", uri], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def counted(written: Write) -> Iterator[tuple[str, list[int]]]:
    """An address before the brokers, and the connections that were made to it."""
    host, port = written(orders(4)).uri.split("/")[2].split(":")
    made: list[int] = []

    class Between(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            made.append(1)
            with socket.create_connection((host, int(port))) as far:
                ends = {self.request: far, far: self.request}
                while True:
                    for end in select.select(list(ends), [], [])[0]:
                        try:
                            data = end.recv(1 << 16)
                        except ConnectionError:
                            return
                        if not data:
                            return
                        ends[end].sendall(data)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Between) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}", made
        server.shutdown()
        thread.join()


def test_a_refused_login_is_tried_once(counted: tuple[str, list[int]]) -> None:
    """Brokers that know of no logins refuse one: the client connects once, and the finding says what to look at."""
    address, made = counted
    with pytest.raises(SourceError, match="login was refused") as caught:
        open_sample(Source("orders", f"kafka://ana:canary-7@{address}/t?security.protocol=SASL_PLAINTEXT"))
    assert caught.value.reason == "login"
    assert "canary-7" not in f"{caught.value.message}{caught.value.hint}"
    assert made == [1]


def test_an_encrypted_way_to_brokers_without_one_is_no_way(counted: tuple[str, list[int]]) -> None:
    """They hang up, and the hint names the setting."""
    address, _ = counted
    with pytest.raises(SourceError) as caught:
        open_sample(Source("orders", f"kafka://{address}/t?security.protocol=SSL"))
    assert caught.value.reason in ("unreachable", "tls")
    assert "security.protocol" in caught.value.hint


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("security.protocol=SASL_PLAINTEXT&sasl.mechanism=NOPE", "NOPE"),
        ("ssl.ca.location=/nowhere&security.protocol=SSL", "ssl.ca.location"),
    ],
)
def test_settings_that_the_client_refuses_are_named(query: str, words: str) -> None:
    """Nobody is asked with them."""
    with pytest.raises(SourceError, match=words):
        open_sample(Source("orders", f"kafka://127.0.0.1:1/t?{query}"))
