"""Sample of a store: its rows are brought here once, into the private spool, and read from there as often as wanted."""

from __future__ import annotations

import errno
import os
import shutil
import time
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyarrow as pa

from walkaround.connectors.contract import Plan
from walkaround.connectors.spool import spooled
from walkaround.connectors.stores.store import Item
from walkaround.connectors.stores.visit import Visit
from walkaround.connectors.stores.waiting import Asked
from walkaround.errors import SourceError
from walkaround.model.sample import Drawn, Known, Sample

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS})

_TIDYING: Final = 5.0
"""Seconds in which what is half-written is removed, when reading is left."""

Arrive = Callable[[], tuple[Sample, Path]]
"""Brings the rows here; returns the sample that they make, and the file or folder that is theirs alone."""


class StoreSample(Sample):
    """What the plan says until the rows are here, and then what they are."""

    __slots__ = ("__weakref__", "_arrive", "_here", "_plan", "_seconds", "_visit")

    def __init__(self, plan: Plan, visit: Visit, arrive: Arrive) -> None:
        self._plan, self._visit, self._arrive = plan, visit, arrive
        self._here: Sample | None = None
        self._seconds = 0.0

    @property
    def known(self) -> Known:
        """What the store and the files say, with every request that was made. The fingerprint, once the rows are here,
        is of the objects' tags and of how rows are drawn; of a text, of what it holds.
        """
        plan, planned = self._plan, self._plan.facts
        if self._here is None:
            return Known(planned, Drawn(plan.method or "full", plan.seed, plan.rows or 0))
        known = self._here.known
        facts = replace(
            known.facts,
            bytes=known.facts.bytes if planned.bytes is None else planned.bytes,
            modified=planned.modified,
            notes=tuple(dict.fromkeys((*planned.notes, *known.facts.notes))),
            statements=self._visit.said,
            seconds=self._seconds,
        )
        return replace(known, facts=facts)

    def fetch(self) -> None:
        """Bring the rows here, once.

        Raises:
            SourceError: the store did not give them, or there is no room for them.
        """
        if self._here is not None:
            return
        began = time.monotonic()
        self._visit.begin(self._plan.source.sample.seconds)
        asked = Asked(self._arrive)
        try:
            self._here, kept = asked.answer()
        except OSError as error:
            if error.errno in NO_ROOM:
                raise no_room(self._plan.source.name, error) from None
            raise
        except BaseException:
            self._visit.stop()
            asked.ended(_TIDYING)
            raise
        finally:
            self._visit.close()
        weakref.finalize(self, _remove, kept, os.getpid())
        self._seconds = round(time.monotonic() - began, 3)

    def stop(self) -> None:
        """End a `fetch` of another thread."""
        self._visit.stop()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in reading order."""
        self.fetch()
        if self._here is not None:
            yield from self._here.batches()


class KeptSample(Sample):
    """Rows in a file of Arrow batches of ours, and what is known of them."""

    __slots__ = ("_known", "_path")

    def __init__(self, known: Known, path: Path) -> None:
        self._known, self._path = known, path

    @property
    def known(self) -> Known:
        """What was known when they were kept."""
        return self._known

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in the batches that were kept."""
        with self._path.open("rb") as file:
            if self._path.stat().st_size:
                with pa.ipc.open_stream(file) as reader:
                    yield from reader


def keep(sample: Sample) -> Path:
    """Read a sample whose rows are far away to its end, into a file of Arrow batches.

    Raises:
        SourceError: it could not be read.
        OSError: there is no room; nothing is left behind.
    """
    path = spooled(".arrow")
    try:
        writer: pa.ipc.RecordBatchStreamWriter | None = None
        with path.open("wb") as file, closing(_closable(sample.batches())) as batches:
            for batch in batches:
                writer = writer or pa.ipc.new_stream(file, batch.schema)
                writer.write_batch(batch)
            if writer is not None:
                writer.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def fetch_whole(visit: Visit, items: tuple[Item, ...], most: int) -> Path:
    """Objects as files of a folder of their own in the spool, each under its own name, in a folder with its number.

    Raises:
        SourceError: one could not be had.
        OSError: there is no room; nothing is left behind.
    """
    folder = spooled()
    folder.unlink()
    folder.mkdir(mode=0o700)
    try:
        for number, item in enumerate(items):
            inside = folder / f"{number:06}"
            inside.mkdir(mode=0o700)
            path = inside / (item.key.rstrip("/").rpartition("/")[2] or "object")
            path.touch(mode=0o600)
            with path.open("wb") as file:
                visit.fetch(item, file, most)
                most -= file.tell()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def no_room(source: str, error: OSError) -> SourceError:
    """The spool is full, or may not be written."""
    words = f"{source}: what was read could not be kept in a temporary file ({error.strerror or type(error).__name__})"
    return SourceError(source, "disk", words, "make room in the folder that TMPDIR names, or sample fewer rows")


def _closable(batches: Iterator[pa.RecordBatch]) -> Generator[pa.RecordBatch, None, None]:
    """A generator, so that leaving early closes what it reads from."""
    yield from batches


def _remove(path: Path, process: int) -> None:
    if os.getpid() != process:  # a forked child leaves its parent's files alone
        return
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
