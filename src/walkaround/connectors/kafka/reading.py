"""Reading: windows of a topic into the private spool, within the budget."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from typing import IO, Final, Literal

from walkaround.connectors.contract import Plan
from walkaround.connectors.fetched import Arrival
from walkaround.connectors.kafka.lines import form_of, is_old, json_line, text_line
from walkaround.connectors.kafka.log import GoneError, Log, Message
from walkaround.connectors.kafka.target import Target
from walkaround.connectors.kafka.windows import Window, passes
from walkaround.connectors.spool import spooled
from walkaround.errors import SourceError
from walkaround.model.sample import Drawn, SourceFacts

IDLE_SECONDS: Final = 60.0
"""A broker that is silent for so long will not answer; one that restarts is back sooner. At most half of the budget, so
that brokers that are gone are told from a budget that is spent."""
LOOKED_AT: Final = 1_000
"""Messages by which it is decided how values are read."""
_DUPLICATES: Final = ("duplicate rows",)


@dataclass(frozen=True, slots=True)
class Request:
    """What of a topic is read: its windows, how they were chosen, and how many offsets there are in all."""

    target: Target
    windows: tuple[Window, ...]
    method: str
    offsets: int


@dataclass
class Tally:
    """What came, as far as reading got. `offsets` are those that were read, with a message or without; `gone` those
    that the broker deleted before they were. `read` is every window that was asked for.
    """

    messages: int = 0
    tombstones: int = 0
    bytes: int = 0
    offsets: int = 0
    gone: int = 0
    old: int = 0
    form: str = ""
    spent: str = ""
    end: Literal["whole", "even", "cut"] = "whole"
    read: list[Window] = field(default_factory=list)

    def back_to(self, other: Tally) -> None:
        """Forget the messages that came after `other` was noted; what was asked and what travelled stays."""
        self.messages, self.tombstones, self.offsets = other.messages, other.tombstones, other.offsets
        self.gone, self.old = other.gone, other.old


class Reading:
    """One reading of a topic. `stop` ends it from another thread."""

    def __init__(self, plan: Plan, opened: Callable[[], Log], clock: Callable[[], float] = time.monotonic) -> None:
        self._plan, self._opened, self._clock = plan, opened, clock
        self._request: Request = plan.parts[0]
        self._topic = plan.source.table or ""
        self._stopped = False
        self._deadline = 0.0
        self._waiting: list[tuple[Message, int | None]] = []

    def stop(self) -> None:
        """Read no further."""
        self._stopped = True

    def bring(self) -> Arrival:
        """The messages as lines of a file.

        Raises:
            SourceError: they cannot be read, or are in no form that can be.
            OSError: there is no room; nothing is left behind.
        """
        tally = Tally()
        self._deadline = self._clock() + self._plan.source.sample.seconds
        path = spooled(".ndjson")
        try:
            with path.open("wb") as file, closing(self._opened()) as log:
                self._read(log, file, tally)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return Arrival(path, self._facts(tally), self._drawn(tally))

    def _read(self, log: Log, file: IO[bytes], tally: Tally) -> None:
        """All windows, pass by pass; a pass that a budget cuts off is taken back, unless it is the first."""
        windows = self._request.windows
        shares = tuple(passes(windows)) if self._request.method == "windows" else (windows,)
        for number, share in enumerate(shares):
            end, before = file.tell(), replace(tally)
            for window in share:
                self._window(log, window, file, tally)
                if tally.spent:
                    break
            self._settle(file, tally)
            if tally.spent and number:
                file.flush()
                file.truncate(end)
                file.seek(end)
                tally.back_to(before)
            if tally.spent:
                tally.end = "even" if number else "cut"
                return

    def _window(self, log: Log, window: Window, file: IO[bytes], tally: Tally) -> None:
        """One window; where the broker deleted its beginning meanwhile, the rest of it."""
        try:
            self._stretch(log, window, file, tally)
        except GoneError:
            kept = log.span(self._topic, window.partition).low
            tally.gone += min(kept, window.end) - window.start
            if kept < window.end:
                with suppress(GoneError):  # deleted faster than it is read: what is left is not worth a chase
                    self._stretch(log, replace(window, start=kept), file, tally)

    def _stretch(self, log: Log, window: Window, file: IO[bytes], tally: Tally) -> None:
        sample = self._plan.source.sample
        unit = window.unit if self._request.method == "windows" else None
        tally.read.append(window)
        reached = window.start
        for messages in log.read(self._topic, window, min(IDLE_SECONDS, sample.seconds / 2)):
            if self._stopped:
                name = self._plan.source.name
                raise SourceError(name, "timeout", f"{name}: reading was stopped")
            self._take(messages, unit, file, tally)
            reached = messages[-1].offset + 1 if messages else reached
            if tally.spent:
                tally.offsets += reached - window.start
                return
        tally.offsets += window.end - window.start

    def _take(self, messages: Sequence[Message], unit: int | None, file: IO[bytes], tally: Tally) -> None:
        sample = self._plan.source.sample
        tally.messages += len(messages)
        tally.tombstones += sum(message.value is None for message in messages)
        tally.bytes += sum(len(message.key or b"") + len(message.value or b"") for message in messages)
        tally.old += sum(is_old(message) for message in messages)
        self._waiting += [(message, unit) for message in messages]
        if tally.form or len(self._waiting) >= LOOKED_AT:
            self._settle(file, tally)
        if tally.bytes > sample.bytes:
            tally.spent = f"reading stopped at its budget of {sample.bytes:,} bytes"
        elif self._clock() > self._deadline:
            tally.spent = f"reading stopped at its budget of {sample.seconds:g} seconds"

    def _settle(self, file: IO[bytes], tally: Tally) -> None:
        """Write what waits, once it is known how values are read.

        Raises:
            SourceError: they are in no form that can be read.
        """
        if not tally.form and self._waiting:
            tally.form = self._request.target.values or form_of(message for message, _ in self._waiting)
            if tally.form == "binary":
                name = self._plan.source.name
                words = f"{name}: values of {self._topic} are neither JSON nor text, such as Avro or Protobuf"
                hint = "profile the table or the files that the topic is written to; a schema registry is not read"
                raise SourceError(name, "not_what_it_says", words, hint)
        line = text_line if tally.form == "text" else json_line
        meta = self._request.target.meta
        file.writelines(line(message, unit, meta) for message, unit in self._waiting)
        self._waiting.clear()

    def _facts(self, tally: Tally) -> SourceFacts:
        facts, messages = self._plan.facts, tally.messages
        rows = messages if tally.form == "text" else messages - tally.tombstones
        return replace(
            facts,
            rows_total=round(self._request.offsets * rows / tally.offsets) if tally.offsets else 0,
            rows_total_is="estimate",
            bytes=tally.bytes,
            notes=(*facts.notes, *_notes(tally)),
            statements=(*facts.statements, *fetches(self._topic, tally.read)),
        )

    def _drawn(self, tally: Tally) -> Drawn:
        seed, method = self._plan.seed, self._request.method
        if method == "full" and tally.end == "whole":
            return Drawn("full", seed, tally.messages, 1.0)
        if method != "windows" or tally.end == "cut":
            return Drawn("first", seed, tally.messages, None, _DUPLICATES, probability=False)
        return Drawn("windows", seed, tally.messages, None, _DUPLICATES)


def fetches(topic: str, windows: Sequence[Window]) -> tuple[str, ...]:
    """What is asked of each partition, in words."""
    found: dict[int, list[Window]] = {}
    for window in sorted(windows, key=lambda each: (each.partition, each.start)):
        found.setdefault(window.partition, []).append(window)
    return tuple(
        f"FETCH {topic}[{partition}] offsets " + ", ".join(f"{each.start}-{each.end - 1}" for each in held)
        for partition, held in found.items()
    )


def _notes(tally: Tally) -> Iterator[str]:
    if tally.form == "text":
        yield "values are read as text: most are no JSON objects"
    empty = tally.offsets - tally.messages
    if empty > 0:
        held = f"{empty:,} of {tally.offsets:,} offsets that were read hold no message"
        yield f"{held}: the topic is compacted, or written in transactions"
    if tally.tombstones:
        yield f"{tally.tombstones:,} messages have no value: each says that its key was deleted"
    if tally.gone:
        yield f"{tally.gone:,} offsets were deleted by the broker while the topic was read"
    if tally.old:
        yield f"{tally.old:,} values are not UTF-8 and were read as Windows-1252"
    if tally.spent:
        yield tally.spent
