"""Log: what is asked of Kafka. The seam where a simulated log fits in tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from walkaround.connectors.kafka.windows import Span, Window


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `timestamp` in milliseconds since 1970; None where it has none. Without a value: a tombstone."""

    partition: int
    offset: int
    timestamp: int | None
    key: bytes | None
    value: bytes | None


class Log(Protocol):
    """A connection to the brokers. Joins no group and commits no offset."""

    def topics(self) -> dict[str, tuple[int, ...]]:
        """The topics that this user may see, each with its partitions.

        Raises:
            SourceError: the brokers cannot be reached, or do not let this user in.
        """

    def span(self, topic: str, partition: int) -> Span:
        """The offsets that are kept of a partition, as they stand now; raises as `topics` does."""

    def read(self, topic: str, window: Window, wait: float) -> Iterator[Sequence[Message]]:
        """The messages of a window, in order; none for offsets that hold none.

        `wait` is for how many seconds nothing may come.

        Yields an empty sequence where nothing came for a moment, so that whoever reads can look at the clock.

        Raises:
            GoneError: the broker deleted the beginning of the window meanwhile.
            SourceError: they cannot be read.
        """

    def close(self) -> None:
        """Leave the brokers."""


class GoneError(Exception):
    """The offsets that were asked for are no longer kept."""
