"""Windows: which stretches of a topic's offsets are read, drawn by seed in strata laid over all partitions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

WINDOWS: Final = 1_000
"""Windows that are read at most: as many as pages of a server's table. Each costs the broker a seek and a fetch."""
NARROWEST: Final = 10
"""Offsets of a window at least: a broker sends whole batches of messages, so fewer would travel for nothing."""
PASSES: Final = 8
"""A sample is read in so many passes, each an even share of the strata; one that a budget cuts off is left out."""


@dataclass(frozen=True, slots=True)
class Span:
    """The offsets of one partition that its broker keeps: from `low` up to, and without, `high`."""

    partition: int
    low: int
    high: int

    @property
    def offsets(self) -> int:
        """How many they are; messages may be fewer, where a topic is compacted or written in transactions."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Window:
    """Offsets that are read in one go. `unit` is the same for the two ends of a window that lies over the end of one
    partition and the beginning of the next, and numbers windows in the order of the topic.
    """

    unit: int
    partition: int
    start: int
    end: int


def whole(spans: Sequence[Span]) -> tuple[Window, ...]:
    """All offsets, a window for each partition that has any."""
    held = [span for span in spans if span.offsets]
    return tuple(Window(unit, span.partition, span.low, span.high) for unit, span in enumerate(held))


def first(spans: Sequence[Span], rows: int) -> tuple[Window, ...]:
    """The oldest offsets of each partition, in proportion to what it has."""
    total = sum(span.offsets for span in spans)
    cut = [Span(each.partition, each.low, each.low + -(-each.offsets * rows // total)) for each in spans if total]
    return whole(cut)


def drawn(spans: Sequence[Span], rows: int, seed: int) -> tuple[Window, ...]:
    """About `rows` offsets of more than that, in windows of one width, one of each stratum.

    All partitions are laid end to end and cut into windows; these are shared out among as many strata of neighbours as
    windows are wanted, and in each the seed picks one. So every offset is as likely as any other, whatever partition it
    is in, and each part of the log is read from.
    """
    total = sum(span.offsets for span in spans)
    count = max(1, min(WINDOWS, rows // NARROWEST))
    width = -(-rows // count)
    slots = -(-total // width)
    count = min(count, slots)
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated, not a key
    picked = [chance.randrange(slots * i // count, slots * (i + 1) // count) for i in range(count)]
    return tuple(piece for unit, slot in enumerate(picked) for piece in _pieces(spans, unit, slot * width, width))


def passes(windows: Sequence[Window]) -> Iterator[tuple[Window, ...]]:
    """The windows in passes that are each spread over the whole topic."""
    for number in range(PASSES):
        share = tuple(window for window in windows if window.unit % PASSES == number)
        if share:
            yield share


def _pieces(spans: Sequence[Span], unit: int, start: int, width: int) -> Iterator[Window]:
    """The offsets at `start` of all partitions laid end to end."""
    end, before = start + width, 0
    for span in spans:
        low, high = max(start, before), min(end, before + span.offsets)
        if low < high:
            yield Window(unit, span.partition, span.low + low - before, span.low + high - before)
        before += span.offsets
