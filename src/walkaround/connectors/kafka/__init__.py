"""Kafka: a topic as a table, read by windows of offsets. No group is joined and no offset committed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Final

from walkaround.connectors.address import address_of
from walkaround.connectors.contract import REMOTE_ROWS, Plan, problems_of
from walkaround.connectors.fetched import FetchedSample
from walkaround.connectors.kafka import windows as drawing
from walkaround.connectors.kafka.log import Log
from walkaround.connectors.kafka.reading import Reading, Request, fetches
from walkaround.connectors.kafka.target import Target, target_of
from walkaround.connectors.kafka.windows import Span, Window
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Sample, SourceFacts
from walkaround.model.source import Source

Opened = Callable[[str, Target, bool], Log]
"""Opens the log of a target for a source; the flag says whether windows are read, or all."""
_METHODS: Final = (None, "first")


def brokers(source: str, target: Target, narrow: bool) -> Log:  # noqa: FBT001 - the form of `Opened`
    """The log on real brokers."""
    from walkaround.connectors.kafka.client import BrokerLog  # noqa: PLC0415 - loads where it is used

    return BrokerLog(source, target, narrow=narrow)


class Kafka:
    """Topics of Kafka."""

    kind = "kafka"
    schemes: tuple[str, ...] = ("kafka",)

    def __init__(self, opened: Opened = brokers) -> None:
        self._opened = opened

    def claims(self, uri: str) -> bool:
        """By scheme."""
        return uri.partition("://")[0].lower() in self.schemes

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The topics, without those that Kafka keeps for itself."""
        target = target_of(source.name, address_of(source), source.table)
        with closing(self._opened(source.name, target, False)) as log:  # noqa: FBT003 - the form of `Opened`
            yield from (name for name in log.topics() if not name.startswith("__"))

    def describe(self, source: Source) -> SourceFacts:
        """How many offsets its partitions keep; columns stand in its messages."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """The windows of offsets that are read. Reads no message."""
        _refuse_what_no_topic_does(source)
        target = target_of(source.name, address_of(source), source.table)
        with closing(self._opened(source.name, target, False)) as log:  # noqa: FBT003 - the form of `Opened`
            partitions = _partitions(source.name, target, log.topics())
            spans = tuple(log.span(target.topic, partition) for partition in partitions)
        total = sum(span.offsets for span in spans)
        if not total:
            words = f"{source.name}: the topic {target.topic} holds no messages"
            raise SourceError(source.name, "empty", words, "look at what should write to it, and at its retention")
        method, chosen = _chosen(source, spans, total)
        rows = None if method == "full" else sum(window.end - window.start for window in chosen)
        facts = SourceFacts(
            self.kind,
            rows_total=total,
            rows_total_is="estimate",
            notes=(f"{total:,} offsets in {len(spans)} partitions",),
            statements=("METADATA of all topics", f"LIST OFFSETS {target.topic} earliest and latest"),
        )
        return Plan(
            replace(source, table=target.topic),
            self.kind,
            (),
            facts,
            rows,
            source.sample.seed,
            (Request(target, chosen, method, total),),
            method,
            fetches(target.topic, chosen),
            (_cost(chosen, total),),
        )

    def read(self, plan: Plan) -> Sample:
        """The messages of a plan. They travel when they are first wanted."""
        request: Request = plan.parts[0]
        reading = Reading(plan, lambda: self._opened(plan.source.name, request.target, request.method == "windows"))
        return FetchedSample(plan, reading.bring, reading.stop)


def _chosen(source: Source, spans: tuple[Span, ...], total: int) -> tuple[str, tuple[Window, ...]]:
    """How messages are chosen, and the windows of offsets that they stand in."""
    asked = source.sample
    rows = REMOTE_ROWS if asked.rows is None else asked.rows
    if rows == "full" or total <= rows:
        return "full", drawing.whole(spans)
    if asked.method == "first":
        return "first", drawing.first(spans, rows)
    return "windows", drawing.drawn(spans, rows, asked.seed)


def _partitions(source: str, target: Target, topics: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    if target.topic in topics:
        return topics[target.topic]
    if not target.topic:
        words = f"{target.address.shown}: no topic is named"
        raise SourceError(source, "missing", words, "write it behind the brokers, kafka://broker/topic, or as `table`")
    near = difflib.get_close_matches(target.topic, topics, n=1)
    hint = f"did you mean {near[0]}?" if near else "look at its name, or ask for the right DESCRIBE on it"
    words = f"{target.address.shown}: there is no topic {target.topic}, or this user may not see it"
    raise SourceError(source, "missing", words, hint)


def _cost(chosen: tuple[Window, ...], total: int) -> str:
    offsets = sum(window.end - window.start for window in chosen)
    places = len({window.partition for window in chosen})
    count = len({window.unit for window in chosen})
    return f"{offsets:,} of {total:,} offsets in {count:,} windows of {places} partitions; brokers send whole batches"


def _refuse_what_no_topic_does(source: Source) -> None:
    if source.sample.method not in _METHODS:
        raise UsageError(
            f"{source.name}: a topic has no method {source.sample.method}",
            "take it out: windows of offsets are drawn by seed, or give `first`",
        )
    if source.exact:
        raise UsageError(f"{source.name}: a topic counts nothing", "take `exact` out, or ask for `rows: full`")


CONNECTOR = Kafka()
