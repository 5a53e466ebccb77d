"""Fetching: rows of several tables of one server at a time, within its budget of connections, ahead of profiling."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Final

from walkaround.errors import SourceError
from walkaround.model.sample import Sample
from walkaround.model.source import Source
from walkaround.workflow.assess import opened

PATIENCE: Final = 0.2
"""Seconds after which a wait looks up."""


class Fetching:
    """Samples on their way. Not more than `connections` are fetched at a time, nor wait to be taken."""

    def __init__(self, sources: Sequence[Source], connections: int) -> None:
        self._room = threading.Semaphore(connections + 1)
        self._left = threading.Event()
        self._under_way: list[Sample] = []
        self._pool = ThreadPoolExecutor(connections, thread_name_prefix="walkaround-fetch")
        self._told: dict[str, Future[Sample]] = {
            source.name: self._pool.submit(self._fetch, source) for source in sources
        }

    def take(self, source: Source) -> Sample:
        """The sample of one of the sources, once its rows are here; to be taken in the order of the sources.

        Raises:
            SourceError: it could not be read.
        """
        told = self._told[source.name]
        try:
            while not told.done():  # a wait without an end does not hear an interrupt once Polars is loaded
                wait([told], timeout=PATIENCE)
            return told.result()
        finally:
            self._room.release()

    def leave(self) -> None:
        """Stop what is under way, here and on the server, and begin nothing more."""
        self._left.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for sample in self._under_way:
            sample.stop()
        self._room.release(len(self._told))
        self._pool.shutdown(wait=True)

    def _fetch(self, source: Source) -> Sample:
        self._room.acquire()
        if self._left.is_set():
            raise SourceError(source.name, "timeout", f"{source.name}: the run was left before it was read")
        sample = opened(source)
        self._under_way.append(sample)
        try:
            if not self._left.is_set():
                sample.fetch()
        finally:
            self._under_way.remove(sample)
        return sample


@contextmanager
def fetching(sources: Sequence[Source]) -> Iterator[Fetching]:
    """Begin to fetch; whatever is not taken when this is left was fetched for nobody and is stopped."""
    under_way = Fetching(sources, max(source.connections for source in sources))
    try:
        yield under_way
    finally:
        under_way.leave()
