"""Windows of offsets, and what a log can do to whoever reads it, on a log that is simulated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from walkaround.connectors.address import address_of
from walkaround.connectors.kafka import Kafka
from walkaround.connectors.kafka.client import BrokerLog
from walkaround.connectors.kafka.log import GoneError, Message
from walkaround.connectors.kafka.target import Target, target_of
from walkaround.connectors.kafka.windows import Span, Window, drawn, first, passes, whole
from walkaround.errors import SourceError
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source


@dataclass
class Recorded:
    """A log of one topic: the offsets of each partition that hold a message. `asked` is what was read of it."""

    held: dict[int, list[int]]
    ends: dict[int, tuple[int, int]]
    moved: dict[int, int] = field(default_factory=dict)
    after: Callable[[], None] = lambda: None
    asked: list[Window] = field(default_factory=list)
    closed: int = 0

    def topics(self) -> dict[str, tuple[int, ...]]:
        """The one topic."""
        return {"orders": tuple(self.ends)}

    def span(self, topic: str, partition: int) -> Span:
        """Its offsets, as far as they were not deleted since."""
        del topic
        low, high = self.ends[partition]
        return Span(partition, max(low, self.moved.get(partition, 0)) if self.asked else low, high)

    def read(self, topic: str, window: Window, wait: float) -> Iterator[Sequence[Message]]:
        """A hundred messages at a time."""
        del topic, wait
        self.asked.append(window)
        if window.start < self.moved.get(window.partition, 0):
            raise GoneError
        offsets = [offset for offset in self.held[window.partition] if window.start <= offset < window.end]
        for start in range(0, len(offsets), 100):
            self.after()
            yield [
                Message(window.partition, offset, None, None, json.dumps({"id": offset}).encode())
                for offset in offsets[start : start + 100]
            ]

    def close(self) -> None:
        """Counted."""
        self.closed += 1


def sample_of(log: Recorded, **asked: Any) -> Sample:
    connector = Kafka(lambda *_: log)
    return connector.read(connector.plan(Source("orders", "kafka://b/orders", sample=SampleRequest(**asked))))


def ids(sample: Sample) -> list[int]:
    return [value for batch in sample.batches() for value in batch.column("id").to_pylist()]


SPANS = (Span(0, 100, 4_100), Span(1, 0, 0), Span(2, 7, 9_007), Span(3, 0, 37))


def test_windows_take_as_many_offsets_as_are_wanted() -> None:
    """Of one width, one of each stratum, within what the partitions keep, and none twice."""
    windows = drawn(SPANS, 1_000, 7)
    offsets = [(window.partition, offset) for window in windows for offset in range(window.start, window.end)]
    assert len(offsets) == len(set(offsets)) == 1_000
    assert {window.unit for window in windows} == set(range(100))
    kept = {span.partition: span for span in SPANS}
    assert all(kept[partition].low <= offset < kept[partition].high for partition, offset in offsets)


def test_every_offset_is_as_likely_as_any_other() -> None:
    """Over 400 seeds each offset of 1,000 is met in about a tenth of the samples, at the ends of partitions as well."""
    spans = (Span(0, 0, 333), Span(1, 0, 667))
    met: Counter[tuple[int, int]] = Counter()
    for seed in range(400):
        for window in drawn(spans, 100, seed):
            met.update((window.partition, offset) for offset in range(window.start, window.end))
    assert len(met) == 1_000
    # Binomial: 40 of 400, standard deviation 6; offsets of a window share its luck, so 100 chances for an extreme.
    assert min(met.values()) > 40 - 5 * 6
    assert max(met.values()) < 40 + 5 * 6


def test_passes_are_spread_over_the_topic_and_lose_nothing() -> None:
    """Each pass has every eighth stratum; together they are all windows."""
    windows = drawn((Span(0, 0, 10_000),), 1_000, 7)
    shares = tuple(passes(windows))
    assert len(shares) == 8
    assert {window.unit for share in shares for window in share} == {window.unit for window in windows}
    assert all(share[0].start < 1_000 and share[-1].start > 9_000 for share in shares)


def test_all_of_it_is_a_window_of_each_partition() -> None:
    """Partitions without messages have none."""
    assert [(window.partition, window.start, window.end) for window in whole(SPANS)] == [
        (0, 100, 4_100), (2, 7, 9_007), (3, 0, 37),
    ]  # fmt: skip


def test_the_first_are_the_oldest_of_each_partition() -> None:
    """In proportion to what it has."""
    windows = first((Span(0, 5, 105), Span(1, 0, 300)), 40)
    assert [(window.partition, window.start, window.end) for window in windows] == [(0, 5, 15), (1, 0, 30)]


def test_gaps_of_a_compacted_topic_are_counted() -> None:
    """Where two offsets of three hold no message, the rows in all are estimated from those that do."""
    log = Recorded({0: list(range(0, 30_000, 3))}, {0: (0, 30_000)})
    sample = sample_of(log, rows=3_000)
    assert len(ids(sample)) == pytest.approx(1_000, abs=60)
    assert sample.facts.rows_total == pytest.approx(10_000, abs=600)
    note = next(note for note in sample.facts.notes if "compacted" in note)
    assert "of 3,000 offsets that were read hold no message" in note
    assert log.closed == 2


def test_a_topic_whose_beginning_is_deleted_meanwhile_is_read_from_there() -> None:
    """Retention moves on while we read: what is gone is said, and the rest is there."""
    log = Recorded({0: list(range(1_000))}, {0: (0, 1_000)}, moved={0: 250})
    sample = sample_of(log, rows="full")
    assert ids(sample) == list(range(250, 1_000))
    assert "250 offsets were deleted by the broker while the topic was read" in sample.facts.notes


def test_windows_that_are_gone_are_left_out() -> None:
    """The sample of what is left is still one."""
    log = Recorded({0: list(range(10_000))}, {0: (0, 10_000)}, moved={0: 5_000})
    sample = sample_of(log, rows=1_000)
    found = ids(sample)
    assert min(found) >= 5_000
    assert len(found) == pytest.approx(500, abs=11)
    assert sample.drawn.probability


def test_stopped_from_another_thread_it_leaves_the_brokers() -> None:
    """Nothing is kept, and the connection is closed."""
    log = Recorded({0: list(range(10_000))}, {0: (0, 10_000)})
    sample = sample_of(log, rows="full")
    log.after = sample.stop
    with pytest.raises(SourceError, match="stopped") as caught:
        sample.fetch()
    assert caught.value.reason == "timeout"
    assert log.closed == 2


def test_an_interrupt_closes_the_connection() -> None:
    """Ctrl-C in the middle of a read leaves nobody connected, and no file."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    log = Recorded({0: list(range(10_000))}, {0: (0, 10_000)}, after=interrupt)
    with pytest.raises(KeyboardInterrupt):
        sample_of(log, rows="full").fetch()
    assert log.closed == 2


def test_an_empty_topic_is_told() -> None:
    """It has nothing to judge."""
    with pytest.raises(SourceError, match="holds no messages") as caught:
        sample_of(Recorded({0: []}, {0: (9, 9)}))
    assert caught.value.reason == "empty"


class Refused(Exception):  # noqa: N818 - stands for the client's own
    """What librdkafka raises: its name is all that we look at."""

    def __init__(self, name: str) -> None:
        super().__init__(self)
        self._name = name

    def name(self) -> str:
        """The name of the error."""
        return self._name


class Client:
    """A client library whose brokers answer every question with an error, after one that is only called out."""

    KafkaException = Refused

    def __init__(self, heard: str, raised: str) -> None:
        self._heard, self._raised = heard, raised
        self.asked = 0
        self.settings: dict[str, Any] = {}

    def Consumer(self, settings: dict[str, Any], logger: object) -> Client:  # noqa: N802 - the library's name
        """Itself."""
        del logger
        self.settings = settings
        return self

    def list_topics(self, timeout: float) -> None:
        """An error."""
        del timeout
        self.asked += 1
        raise Refused(self._raised)

    def poll(self, timeout: float) -> None:
        """Calls out what was heard."""
        del timeout
        for heard in self._heard.split():
            self.settings["error_cb"](Refused(heard))

    def close(self) -> None:
        """Nothing is open."""


def target(uri: str) -> Target:
    return target_of("orders", address_of(Source("orders", uri), {}))


@pytest.mark.parametrize(
    ("heard", "raised", "reason"),
    [
        ("_AUTHENTICATION", "_TRANSPORT", "login"),
        ("_SSL", "_TRANSPORT", "tls"),
        ("_RESOLVE _ALL_BROKERS_DOWN", "_TRANSPORT", "unreachable"),
        ("_ALL_BROKERS_DOWN", "_TRANSPORT", "unreachable"),
        ("_TRANSPORT", "TOPIC_AUTHORIZATION_FAILED", "denied"),
    ],
)
def test_errors_of_brokers_have_our_words(
    monkeypatch: pytest.MonkeyPatch, heard: str, raised: str, reason: str
) -> None:
    """The gravest of what was said is what went wrong; nobody asks twice after it, and no secret is in the words."""
    client = Client(heard, raised)
    monkeypatch.setattr("walkaround.connectors.kafka.client.needed", lambda *_: client)
    log = BrokerLog("orders", target("kafka://ana:canary-7@b:9093/orders"), narrow=True)
    with pytest.raises(SourceError) as caught:
        log.topics()
    log.close()
    assert caught.value.reason == reason
    assert client.asked == 1
    assert "canary-7" not in f"{caught.value.message}{caught.value.hint}{target('kafka://ana:canary-7@b/o')!r}"


def test_a_user_is_let_in_over_an_encrypted_way() -> None:
    """User and password make SASL over TLS, unless the URI says otherwise; neither can be talked into committing."""
    assert dict(target("kafka://ana:pw@b1:9093,b2:9093/orders").settings) == {
        "sasl.username": "ana", "sasl.password": "pw", "security.protocol": "SASL_SSL", "sasl.mechanisms": "PLAIN",
    }  # fmt: skip
    other = target("kafka://ana:pw@b/o?security.protocol=SASL_PLAINTEXT&sasl.mechanism=SCRAM-SHA-512")
    assert other.settings["security.protocol"] == "SASL_PLAINTEXT"
    assert "sasl.mechanisms" not in other.settings
    assert target("kafka://b1:9093,b2:9093/orders").brokers == "b1:9093,b2:9093"


def test_a_sample_of_windows_is_worth_its_rows() -> None:
    """Of a million messages in order of time in four partitions of unlike size, over 40 seeds: the design effect is far
    below 1 for what goes with time, and at most 1.5 for what does not.
    """
    spans = (Span(0, 0, 400_000), Span(1, 0, 300_000), Span(2, 0, 250_000), Span(3, 0, 50_000))
    held = {}
    chance = np.random.default_rng(1)
    time = np.concatenate([np.linspace(0, 1, span.offsets) for span in spans])
    for name, values in {"time": time, "old": time < 0.3, "any": chance.integers(0, 97, 1_000_000)}.items():
        held[name] = np.asarray(values, np.float64)
    before = {0: 0, 1: 400_000, 2: 700_000, 3: 950_000}
    errors: dict[str, list[float]] = {name: [] for name in held}
    for seed in range(40):
        windows = drawn(spans, 10_000, seed)
        at = np.concatenate([np.arange(each.start, each.end) + before[each.partition] for each in windows])
        assert len(at) == 10_000
        for name, values in held.items():
            errors[name].append(float(values[at].mean() - values.mean()))
    effects = {name: np.mean(np.square(errors[name])) / (values.var() / 10_000) for name, values in held.items()}
    assert effects["time"] < 0.1
    assert effects["old"] < 0.1
    assert effects["any"] < 1.5


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is this machine that has no room; the brokers are left, and nothing is kept."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    monkeypatch.setattr("walkaround.connectors.kafka.reading.spooled", lambda _: full)
    log = Recorded({0: list(range(20_000))}, {0: (0, 20_000)})
    with pytest.raises(SourceError, match="could not be kept") as caught:
        sample_of(log, rows="full").fetch()
    assert caught.value.reason == "disk"
    assert log.closed == 2
    assert not full.is_symlink()
