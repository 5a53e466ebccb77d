"""Reading: the rows of a server's table, fetched once within the budget and kept in a private spool."""

from __future__ import annotations

import errno
import hashlib
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from walkaround.connectors.address import Address
from walkaround.connectors.border import Border, Repairs
from walkaround.connectors.contract import Plan
from walkaround.connectors.spool import spooled
from walkaround.connectors.sql.asking import exact_facts
from walkaround.connectors.sql.dialect import Dialect, Limits
from walkaround.connectors.sql.drawing import Draw
from walkaround.connectors.sql.projection import Finishing
from walkaround.connectors.sql.request import Request
from walkaround.connectors.sql.shape import Shape
from walkaround.connectors.sql.speaking import FaultyError, Speaking, speaking
from walkaround.errors import SourceError
from walkaround.model.fact import Fact
from walkaround.model.sample import STRATUM, UNIT, Drawn, Known, Records, Sample

ATTEMPTS: Final = 3
PAUSE: Final = 0.5
"""Seconds before a second attempt, twice as long before a third; only for what can pass, never for a login."""
OVERRUN: Final = 2
"""A table that was to be read whole is left when it turns out to hold so many times the rows that were estimated."""


_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EROFS})


@dataclass
class Fetched:
    """What came of one reading: of each statement that was read to its end a file of Arrow batches, and its digest."""

    said: list[str]
    finishing: Finishing
    files: list[Path] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    spent: str = ""
    whole: bool = True
    exact: tuple[Fact, ...] = ()
    seconds: float = 0.0


class ServerSample(Sample):
    """Rows of a server's table. The server is asked when they are first wanted, and never again."""

    __slots__ = ("_address", "_dialect", "_fetched", "_known", "_line", "_plan", "_stopped")

    def __init__(self, dialect: Dialect, plan: Plan, address: Address, state: str) -> None:
        self._dialect, self._plan, self._address = dialect, plan, address
        drawn = Drawn(plan.method, plan.seed, plan.rows or plan.facts.rows_total or 0)
        self._known = Known(plan.facts, drawn, fingerprint=state)
        self._fetched: Fetched | None = None
        self._line: Speaking | None = None
        self._stopped = False

    @property
    def known(self) -> Known:
        """What the plan says, and once they were read, the rows: so too the fingerprint."""
        return self._known

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in the order in which the server sent them, with the hidden columns of the sampling units.

        Raises:
            SourceError: the server could not be asked, or the table is not what it was when it was planned.
        """
        self.fetch()
        if self._fetched is None:  # `fetch` returns or raises
            return
        request: Request = self._plan.parts[0]
        finishing = self._fetched.finishing
        finishing.repairs = Counter()
        repairs: Repairs = Counter()
        border: Border | None = None
        for batch in _kept(self._fetched.files):
            finished = _with_units(finishing.finish(batch), request.draw)
            border = border or Border.of(self._plan.source.name, finished.schema)
            yield from border.cross(finished, repairs)
        records = Records(self._fetched.rows, repaired=dict(repairs + finishing.repairs))
        self._known = replace(self._known, records=records)

    def fetch(self) -> None:
        """Ask the server, once.

        Raises:
            SourceError: the server could not be asked, or the table is not what it was when it was planned.
        """
        if self._fetched is None:
            self._fetched = self._fetch()
            self._learn(self._fetched)

    def stop(self) -> None:
        """End a `fetch` of another thread."""
        self._stopped = True
        if self._line is not None:
            self._line.cancel()

    def _fetch(self) -> Fetched:
        said: list[str] = []
        for attempt in range(ATTEMPTS - 1):
            try:
                return self._attempt(said)
            except FaultyError as error:
                if not error.passes:
                    raise
                time.sleep(PAUSE * 2**attempt)
        return self._attempt(said)

    def _attempt(self, said: list[str]) -> Fetched:
        """Read once; what was kept of a reading that failed is removed."""
        source, request = self._plan.source, self._plan.parts[0]
        limits = Limits(source.sample.seconds, source.sample.bytes)
        fetched = Fetched(said, Finishing(request.projections))
        began = time.monotonic()
        try:
            with speaking(self._dialect, source, self._address, limits, said) as line:
                self._line = line
                now = self._as_planned(line, request)
                fetched.exact = exact_facts(self._dialect, line, source, now)
                self._stream(line, request, limits, fetched, began)
        except BaseException as error:
            self._line = None
            for path in fetched.files:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                raise _no_room(source.name, error) from None
            raise
        self._line = None
        fetched.seconds = time.monotonic() - began
        return fetched

    def _as_planned(self, line: Speaking, request: Request) -> Shape:
        """The table as it is now, in the snapshot that its rows are read from.

        Raises:
            SourceError: it is gone, or has other columns than when it was planned.
        """
        name, source = request.shape.table, self._plan.source.name
        now = self._dialect.look(line.ask, name)
        hint = "run it again"
        if now is None:
            raise SourceError(source, "changed", f"{source}: {name} was dropped while it was being read", hint)
        if now.columns != request.shape.columns:
            raise SourceError(source, "changed", f"{source}: columns of {name} changed while it was being read", hint)
        return now

    def _stream(self, line: Speaking, request: Request, limits: Limits, fetched: Fetched, began: float) -> None:
        """Statement by statement to files, until all are read or the budget is spent."""
        most = _most_rows(request)
        for statement in request.statements:
            path = spooled(".arrow")
            fetched.files.append(path)
            rows, digest = 0, hashlib.blake2b(digest_size=16)
            with closing(_to_file(line.stream(statement), path)) as arriving:
                for batch in arriving:
                    fetched.finishing.learn(batch)
                    _digest(digest, batch)
                    rows += batch.num_rows
                    fetched.bytes += batch.nbytes
                    fetched.spent = _spent(limits, fetched.bytes, time.monotonic() - began, fetched.rows + rows, most)
                    if self._stopped:
                        raise SourceError(self._plan.source.name, "timeout", "reading was stopped")
                    if fetched.spent:
                        line.cancel()
                        break
            if fetched.spent:
                fetched.whole = False
                if len(fetched.files) > 1:  # the statements before are an even share of the table, this one is not
                    fetched.files.pop().unlink()
                    return
            fetched.rows += rows
            fetched.digests.append(digest.digest())
            if fetched.spent:
                return

    def _learn(self, fetched: Fetched) -> None:
        """What the sample is, now that it is known."""
        request: Request = self._plan.parts[0]
        draw, facts = request.draw, self._known.facts
        whole = draw.method == "full" and fetched.whole
        counted = next((int(fact.value or 0) for fact in fetched.exact if fact.name == "row_count"), None)
        total = fetched.rows if whole else counted if counted is not None else facts.rows_total
        certain = whole or counted is not None
        notes = (*facts.notes, *fetched.finishing.notes, *([fetched.spent] if fetched.spent else []))
        facts = replace(
            facts,
            rows_total=total,
            rows_total_is="exact" if certain else facts.rows_total_is,
            notes=notes,
            statements=(*facts.statements, *fetched.said),
            seconds=round(fetched.seconds, 3),
            exact=fetched.exact,
        )
        drawn = _drawn(draw, fetched, self._plan.seed, total)
        read = b"".join(fetched.digests)
        state = hashlib.blake2b(self._known.fingerprint.encode() + read, digest_size=16).hexdigest()
        self._known = replace(self._known, facts=facts, drawn=drawn, fingerprint=state)


def _drawn(draw: Draw, fetched: Fetched, seed: int, total: int | None) -> Drawn:
    fraction = min(1.0, fetched.rows / total) if total else None
    if draw.method == "full" and fetched.whole:
        return Drawn("full", seed, fetched.rows, 1.0)
    first = not fetched.whole and (draw.method == "full" or len(fetched.files) < 2)  # noqa: PLR2004 - one statement, cut
    if first:
        return Drawn("first", seed, fetched.rows, fraction, draw.cannot_tell or ("duplicate rows",), probability=False)
    return Drawn(draw.method, seed, fetched.rows, fraction, draw.cannot_tell, draw.probability)


def _most_rows(request: Request) -> int | None:
    """More rows than this were not asked for, whatever the catalog's estimate made of them."""
    return None if request.draw.rows is None else max(OVERRUN * request.draw.rows, 1_000)


def _spent(limits: Limits, arrived: int, seconds: float, rows: int, most: int | None) -> str:
    """Why reading stops here; empty where it goes on."""
    if arrived > limits.bytes:
        return f"reading stopped at its budget of {limits.bytes:,} bytes"
    if seconds > limits.seconds:
        return f"reading stopped at its budget of {limits.seconds:g} seconds"
    if most is not None and rows > most:
        return f"reading stopped at {most:,} rows: the table is far larger than its catalog says"
    return ""


def _with_units(batch: pa.RecordBatch, draw: Draw) -> pa.RecordBatch:
    """The unit's column as hidden columns: the unit that a row came from, and its stratum where units were drawn in
    strata.
    """
    if not draw.pieces or not draw.pieces[0].unit:
        return batch
    place = batch.num_columns - 1
    told = batch.column(place).cast(pa.int64()).to_numpy(zero_copy_only=False)
    columns: list[Any] = [*batch.columns[:place]]
    names = [*batch.schema.names[:place], UNIT]
    if draw.units:
        units = np.asarray(draw.units, np.int64)
        stratum = np.searchsorted(units, told, side="right") - 1
        columns += [pa.array(units[stratum]), pa.array(stratum.astype(np.int64))]
        names.append(STRATUM)
    else:
        columns.append(pa.array(told))
    return pa.RecordBatch.from_arrays(columns, names=names)


def _to_file(stream: Iterator[pa.RecordBatch], path: Path) -> Generator[pa.RecordBatch, None, None]:
    """Every batch, once it is in the file."""
    writer: pa.ipc.RecordBatchStreamWriter | None = None
    with path.open("wb") as file:
        try:
            for batch in stream:
                writer = writer or pa.ipc.new_stream(file, batch.schema)
                writer.write_batch(batch)
                yield batch
        finally:
            if writer is not None:
                writer.close()
            close = getattr(stream, "close", None)
            if close is not None:
                close()


def _kept(files: list[Path]) -> Iterator[pa.RecordBatch]:
    for path in files:
        if path.stat().st_size:
            with path.open("rb") as file, pa.ipc.open_stream(file) as reader:
                yield from (batch for batch in reader if batch.num_rows)


def _digest(digest: Any, batch: pa.RecordBatch) -> None:
    """Of the values alone, wherever the server cut its batches."""
    for column in batch.columns:
        digest.update(pa.RecordBatch.from_arrays([pa.concat_arrays([column])], ["column"]).serialize())


def _no_room(source: str, error: OSError) -> SourceError:
    words = f"{source}: the sample could not be kept in a temporary file ({error.strerror or type(error).__name__})"
    return SourceError(source, "disk", words, "make room in the folder that TMPDIR names, or sample fewer rows")
