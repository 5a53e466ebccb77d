"""Client: Kafka through confluent-kafka, as a guest who joins no group, commits no offset and makes no topic."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from walkaround.connectors.extras import needed
from walkaround.connectors.kafka.log import GoneError, Message
from walkaround.connectors.kafka.target import Target
from walkaround.connectors.kafka.windows import Span, Window
from walkaround.errors import AccessReason, SourceError

CONNECT_SECONDS: Final = 10.0
_STEP: Final = 0.2
"""Seconds after which we look whether to go on waiting."""
_EARLY: Final = 0.3
_AGAIN: Final = 1.0
"""Seconds after which the client connects anew, whatever it is told of pauses. Until then we look at shorter intervals
whether it was refused; a login that is refused later than that may be a second one by then."""
_AT_ONCE: Final = 5_000
_QUEUE: Final = 1_000
"""Messages that the client fetches ahead of us in a window; a window is seldom longer."""
_PIECE: Final = 64 << 10
"""Bytes that a fetch for a window asks for; a broker sends at least one whole batch."""

_FAULTS: Final[tuple[tuple[AccessReason, tuple[str, ...], str, str], ...]] = (
    ("login", ("_AUTHENTICATION", "SASL_AUTHENTICATION_FAILED", "UNSUPPORTED_SASL_MECHANISM", "ILLEGAL_SASL_STATE"),
     "the login was refused", "look at user, password and sasl.mechanism"),
    ("tls", ("_SSL",), "no encrypted connection could be made", "look at the certificates, and at security.protocol"),
    ("denied", ("TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED"),
     "this user may not read it", "ask for the rights READ and DESCRIBE on the topic"),
    ("denied", ("GROUP_AUTHORIZATION_FAILED",),
     "this user may not use the group, whose name the client asks for though nothing joins it",
     "name one that it may use: ?group=NAME"),
    ("missing", ("UNKNOWN_TOPIC_OR_PART", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"),
     "there is no such topic, or this user may not see it", "look at its name, or ask for the right DESCRIBE on it"),
    ("unreachable", ("_RESOLVE",), "a broker's name could not be resolved", "look at the names of the brokers"),
    ("throttled", ("THROTTLING_QUOTA_EXCEEDED",), "the brokers ask for fewer requests", "run it later"),
    ("unreachable", ("_TRANSPORT", "_ALL_BROKERS_DOWN", "BROKER_NOT_AVAILABLE", "NETWORK_EXCEPTION"),
     "the brokers could not be reached",
     "look at host and port, at security.protocol, and at the addresses that the brokers advertise"),
    ("timeout", ("_TIMED_OUT", "REQUEST_TIMED_OUT", "_TIMED_OUT_QUEUE"),
     "the brokers did not answer in time", "run it later, or raise sample.max_seconds"),
)  # fmt: skip
"""Names of librdkafka's errors, the gravest first: a refused login also ends in brokers that cannot be reached."""
_FINAL: Final = frozenset(name for reason, names, _, _ in _FAULTS if reason in ("login", "tls") for name in names) | {
    "TOPIC_AUTHORIZATION_FAILED"
}
"""What ends a reading at once; anything else may pass while we wait."""


class BrokerLog:
    """A log on brokers."""

    def __init__(self, source: str, target: Target, *, narrow: bool) -> None:
        """`narrow` where windows are read: then the client fetches little ahead."""
        self._source, self._target = source, target
        self._kafka = needed(source, "confluent_kafka", "kafka")
        self._said: list[str] = []
        try:
            self._consumer = self._kafka.Consumer(
                {**target.settings, **_manners(target, narrow=narrow), "error_cb": self._hear}, logger=_quiet()
            )
        except self._kafka.KafkaException as error:
            words = target.address.scrubbed(str(error.args[0].str())) if error.args else "a setting is wrong"
            message = f"{target.address.shown}: {words}"
            raise SourceError(source, "driver", message, "look at the parameters of the URI") from None

    def topics(self) -> dict[str, tuple[int, ...]]:
        """All topics, asked for without a name: to name one can make it, on brokers that are set up so."""
        held = self._ask(lambda seconds: self._consumer.list_topics(timeout=seconds))
        return {name: tuple(sorted(topic.partitions)) for name, topic in sorted(held.topics.items())}

    def span(self, topic: str, partition: int) -> Span:
        """The watermarks of a partition."""
        place = self._kafka.TopicPartition(topic, partition)
        low, high = self._ask(
            lambda seconds: self._consumer.get_watermark_offsets(place, timeout=seconds, cached=False)
        )
        return Span(partition, low, high)

    def read(self, topic: str, window: Window, wait: float) -> Iterator[Sequence[Message]]:
        """The messages of a window, until one beyond it, or the end of the partition, is met."""
        self._consumer.assign([self._kafka.TopicPartition(topic, window.partition, window.start)])
        left, last = window.end - window.start, time.monotonic()
        while left > 0:
            arrived = self._consumer.consume(min(left, _AT_ONCE), _STEP)
            self._refused()
            good: list[Message] = []
            for message in arrived:
                error = message.error()
                if error is not None:
                    left = self._ended(error)
                    break
                left = window.end - message.offset() - 1
                if left >= 0:
                    good.append(_plain(message))
            if arrived:
                last = time.monotonic()
            elif time.monotonic() - last > wait:
                raise self._fault(self._said or ["_TIMED_OUT"])
            yield good

    def close(self) -> None:
        """Leave the brokers. There is no group to leave, so this takes no time."""
        with suppress(Exception):
            self._consumer.close()

    def _ask(self, question: Any) -> Any:
        """An answer, waited for in steps, so that a refused login ends it before the client makes a second."""
        began = time.monotonic()
        while True:
            waited = time.monotonic() - began
            try:
                return question(_EARLY if waited < _AGAIN - _EARLY else _AGAIN)
            except self._kafka.KafkaException as error:
                self._consumer.poll(0)  # brings what was said meanwhile
                name = error.args[0].name()
                self._refused()
                if "_ALL_BROKERS_DOWN" in self._said or name not in ("_TRANSPORT", "_TIMED_OUT", "_WAIT_COORD"):
                    raise self._fault([*self._said, name]) from None
                if waited > CONNECT_SECONDS:
                    raise self._fault([*self._said, name]) from None

    def _ended(self, error: Any) -> int:
        """Nothing is left of a window where the partition ends."""
        name = error.name()
        if name == "_PARTITION_EOF":
            return 0
        if name in ("_AUTO_OFFSET_RESET", "OFFSET_OUT_OF_RANGE"):
            raise GoneError
        raise self._fault([name])

    def _refused(self) -> None:
        if not _FINAL.isdisjoint(self._said):
            raise self._fault(self._said)

    def _hear(self, error: Any) -> None:
        self._said.append(error.name())

    def _fault(self, names: Sequence[str]) -> SourceError:
        shown = self._target.address.shown
        for reason, known, words, hint in _FAULTS:
            if any(name in known for name in names):
                return SourceError(self._source, reason, f"{shown}: {words}", hint)
        return SourceError(self._source, "unreadable", f"{shown}: reading failed ({names[-1]})", "run it again later")


def _manners(target: Target, *, narrow: bool) -> dict[str, Any]:
    """What no URI can change. A broker that refused us is not tried again for half a minute, by when we have left."""
    own = {
        "bootstrap.servers": target.brokers,
        "group.id": target.group,  # asked for by the client; nothing joins it
        "client.id": "walkaround",
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "auto.offset.reset": "error",
        "allow.auto.create.topics": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",
        "reconnect.backoff.ms": 30_000,
        "reconnect.backoff.max.ms": 60_000,
        "metadata.recovery.strategy": "none",  # to begin anew with all brokers is a second login within milliseconds
        "fetch.wait.max.ms": 10,  # at the end of a partition a broker waits so long, and what is asked next waits too
        "fetch.queue.backoff.ms": 5,
    }
    return {**own, "queued.min.messages": _QUEUE, "fetch.message.max.bytes": _PIECE} if narrow else own


def _plain(message: Any) -> Message:
    known, moment = message.timestamp()
    return Message(message.partition(), message.offset(), moment if known else None, message.key(), message.value())


def _quiet() -> logging.Logger:
    """What librdkafka says on its own is said in our words, and its words can hold names of users."""
    logger = logging.getLogger("walkaround.kafka")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return logger
