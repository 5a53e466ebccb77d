"""Fetched: rows that a service gave as JSON objects, brought here once into the private spool and read from there."""

from __future__ import annotations

import errno
import os
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from walkaround.connectors.contract import Plan
from walkaround.connectors.ndjson import CONNECTOR as NDJSON
from walkaround.errors import SourceError
from walkaround.model.sample import HIDDEN, Drawn, Known, Sample, SourceFacts
from walkaround.model.source import SampleRequest

if TYPE_CHECKING:
    import pyarrow as pa

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS})


@dataclass(frozen=True, slots=True)
class Arrival:
    """What one fetch brought: a file of the spool with an object on each line, and what is known of it.

    `facts` has the notes, statements, bytes and rows in all that the fetch told. `drawn` says how the rows were chosen;
    how many rows they make is found out when they are read.
    """

    path: Path
    facts: SourceFacts
    drawn: Drawn


class FetchedSample(Sample):
    """What the plan says until the rows are here, and then what they are. The service is asked once."""

    __slots__ = ("__weakref__", "_arrival", "_bring", "_halt", "_here", "_plan", "_seconds")

    def __init__(self, plan: Plan, bring: Callable[[], Arrival], halt: Callable[[], None]) -> None:
        self._plan, self._bring, self._halt = plan, bring, halt
        self._arrival: Arrival | None = None
        self._here: Sample | None = None
        self._seconds = 0.0

    @property
    def known(self) -> Known:
        """What the service says, with every request that was made and the columns that its objects have; records and
        fingerprint are of the rows, once they are here.
        """
        if self._here is None or self._arrival is None:
            return Known(self._plan.facts, Drawn(self._plan.method or "full", self._plan.seed, self._plan.rows or 0))
        told, drawn, here = self._arrival.facts, self._arrival.drawn, self._here.known
        whole, rows = drawn.method == "full", here.drawn.rows
        facts = replace(
            told,
            columns=tuple(column for column in here.facts.columns if column.name not in HIDDEN),
            rows_total=here.facts.rows_total if whole else told.rows_total,
            rows_total_is="exact" if whole else told.rows_total_is,
            notes=tuple(dict.fromkeys((*told.notes, *here.facts.notes))),
            seconds=self._seconds,
        )
        share = 1.0 if whole else min(1.0, rows / told.rows_total) if told.rows_total else None
        return replace(here, facts=facts, drawn=replace(drawn, rows=rows, fraction=share))

    def fetch(self) -> None:
        """Bring the rows here, once.

        Raises:
            SourceError: the service did not give them, gave none, or there is no room for them.
        """
        if self._here is not None:
            return
        source, began = self._plan.source, time.monotonic()
        try:
            arrival = self._bring()
        except OSError as error:
            if error.errno in NO_ROOM:
                raise _no_room(source.name, error) from None
            raise
        weakref.finalize(self, _remove, arrival.path, os.getpid())
        if not arrival.path.stat().st_size:
            words = f"{source.name}: {source.table} gave no rows"
            raise SourceError(source.name, "empty", words, "look at what should have filled it")
        asked = SampleRequest(rows="full", seed=source.sample.seed)
        here = replace(source, uri=str(arrival.path), table=None, sample=asked, exact=())
        try:
            self._here = NDJSON.read(NDJSON.plan(here))
        except SourceError as error:
            words = error.message.replace(arrival.path.name, f"{source.name}: {source.table}")
            raise SourceError(source.name, error.reason, words, error.hint) from None
        self._arrival = arrival
        self._seconds = round(time.monotonic() - began, 3)

    def stop(self) -> None:
        """End a `fetch` of another thread."""
        self._halt()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in the order in which they came."""
        self.fetch()
        if self._here is not None:  # `fetch` brings it or raises
            yield from self._here.batches()


def _no_room(source: str, error: OSError) -> SourceError:
    words = f"{source}: what was read could not be kept in a temporary file ({error.strerror or type(error).__name__})"
    return SourceError(source, "disk", words, "make room in the folder that TMPDIR names, or sample fewer rows")


def _remove(path: Path, process: int) -> None:
    if os.getpid() == process:  # a forked child leaves its parent's files alone
        path.unlink(missing_ok=True)
