"""From files to a sample: one schema over several files, the rows drawn, the border crossed, the state checked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import pyarrow as pa

from walkaround.connectors.ahead import ahead
from walkaround.connectors.border import Border, Repairs
from walkaround.connectors.contract import FileState, Plan
from walkaround.connectors.drawing import SmallestKeys, draw_positions, take_positions
from walkaround.connectors.location import failure
from walkaround.connectors.names import unique_names
from walkaround.errors import SourceError, WalkaroundError
from walkaround.model.sample import DeclaredColumn, Drawn, Records, Sample, SourceFacts
from walkaround.model.source import Source

Reading = Generator[pa.RecordBatch, None, Records]
"""Batches of one schema; returns what became of the records."""

SMALL: Final = 64 << 20
"""Bytes up to which a file's fingerprint is made of all of it (a twentieth of a second)."""
_SPOTS: Final = 64
_SPOT: Final = 64 << 10
"""A larger file's fingerprint: its size, its time of change, and 64 spots of 64 KiB spread evenly, ends included."""
_BATCH_BYTES: Final = 128 << 20
"""No batch is larger than this, unless a single row is."""


_CUT: Final = "a file is cut off or damaged: the part that can be read was read"


class Part(Protocol):
    """One file, or one table, as a connector found it."""

    @property
    def schema(self) -> pa.Schema:
        """The columns, as the connector reads them; names are unique."""

    @property
    def strata(self) -> tuple[int, ...] | None:
        """Rows of each stretch that is drawn from on its own (row groups); None where not known before reading."""

    def read(self) -> Reading:
        """All rows, in order."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a full pass over a sample told."""

    drawn: Drawn
    records: Records
    rows_total: int


class FileSample(Sample):
    """Rows of a plan. Knows for good what a full pass tells once one was made."""

    __slots__ = ("_drawn", "_facts", "_fingerprint", "_kept", "_make", "_records")

    def __init__(self, facts: SourceFacts, seed: int, state: str, make: Callable[[], Iterator[pa.RecordBatch]]) -> None:
        self._facts = facts
        self._drawn = Drawn("full", seed, facts.rows_total or 0)
        self._records = Records(facts.rows_total or 0)
        self._fingerprint = state
        self._make: Callable[[], Any] = make
        self._kept: tuple[pa.RecordBatch, ...] | None = None

    @property
    def facts(self) -> SourceFacts:
        """What the source says of itself."""
        return self._facts

    @property
    def drawn(self) -> Drawn:
        """How the rows were chosen."""
        return self._drawn

    @property
    def records(self) -> Records:
        """What became of the records."""
        return self._records

    @property
    def fingerprint(self) -> str:
        """Of the file's content, the method, the seed and the rows asked for; known from the start."""
        return self._fingerprint

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows, in reading order, in batches of one schema.

        Raises:
            SourceError: the source could not be read, or changed since the sample was opened.
        """
        outcome: Outcome = yield from self._make()
        self._drawn, self._records = outcome.drawn, outcome.records
        notes = dict.fromkeys([*self._facts.notes, *([_CUT] if "truncated" in outcome.records.rejected else [])])
        self._facts = replace(self._facts, rows_total=outcome.rows_total, rows_total_is="exact", notes=tuple(notes))


def sample_of_plan(plan: Plan, parts: Sequence[Part], salt: str = "") -> Sample:
    """The sample of a plan whose files are `parts`, one for one. `salt` stands for rows that are in no file."""
    schema = common_schema(parts)
    border = Border.of(plan.source.name, schema)
    state = fingerprint(plan, salt)

    def make() -> Iterator[pa.RecordBatch]:
        return _pass(plan, parts, schema, border)

    return FileSample(plan.facts, plan.seed, state, make)


def wanted(source: Source) -> int | None:
    """How many rows were asked for; None is all of them, which is what a local file gives by default."""
    return source.sample.rows if isinstance(source.sample.rows, int) else None


def columns_of(schema: pa.Schema) -> tuple[DeclaredColumn, ...]:
    """The columns, each with Arrow's word for its type."""
    return tuple(DeclaredColumn(field.name, str(field.type)) for field in schema)


def states_of(source: Source, shown: str, files: Sequence[Any]) -> tuple[FileState, ...]:
    """The files as they stand now.

    Raises:
        SourceError: one is gone, may not be looked at, or holds nothing.
    """
    try:
        states = tuple(FileState.of(path) for path in files)
    except OSError as error:
        raise failure(source.name, shown, error) from None
    if not any(state.size for state in states):
        hint = "look at the export that should have filled it"
        raise SourceError(source.name, "empty", f"{shown}: the file is empty (0 bytes)", hint)
    return states


def modified(states: Sequence[FileState]) -> datetime:
    """When the newest of the files was last changed, in UTC."""
    return datetime.fromtimestamp(max(state.modified_ns for state in states) / 1e9, tz=UTC)


def common_schema(parts: Sequence[Part]) -> pa.Schema:
    """One schema over all parts: columns by name in order of appearance; types that disagree become text."""
    kinds: dict[str, list[pa.DataType]] = {}
    for part in parts:
        for name, kind in zip(unique_names(part.schema.names), part.schema.types, strict=True):
            kinds.setdefault(name, []).append(kind)
    return pa.schema([pa.field(name, _common_type(found)) for name, found in kinds.items()])


def disagreements(source: Source, parts: Sequence[Part], states: Sequence[FileState]) -> tuple[str, ...]:
    """Notes on files whose columns are not those of the first.

    Raises:
        SourceError: a file has no column in common with the first.
    """
    first = set(unique_names(parts[0].schema.names))
    notes = []
    for part, state in zip(parts[1:], states[1:], strict=True):
        names = set(unique_names(part.schema.names))
        if not first & names:
            raise SourceError(
                source.name,
                "not_what_it_says",
                f"{source.name}: {state.path.name} has no column in common with {states[0].path.name}",
                "give files of one table",
            )
        if first != names:
            notes.append(f"{state.path.name}: {len(first - names)} columns missing, {len(names - first)} more")
    return tuple(notes)


def fingerprint(plan: Plan, salt: str = "") -> str:
    """Short text of what is read: the files' content, and how the rows are drawn. Names and places have no part.

    Raises:
        SourceError: a file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"{plan.kind}|{plan.rows}|{plan.seed}|{plan.source.table}|{salt}".encode())
    for state in plan.files:
        digest.update(str(state.size).encode())
        try:
            _digest_file(digest, state)
        except OSError as error:
            raise failure(plan.source.name, state.path.name, error) from None
    return digest.hexdigest()


def _digest_file(digest: Any, state: FileState) -> None:
    with state.path.open("rb") as file:
        if state.size <= SMALL:
            digest.update(hashlib.file_digest(file, "blake2b").digest())
            return
        digest.update(str(state.modified_ns).encode())
        for spot in range(_SPOTS):
            file.seek((state.size - _SPOT) * spot // (_SPOTS - 1))
            digest.update(file.read(_SPOT))


def _common_type(kinds: list[pa.DataType]) -> pa.DataType:
    if all(kind.equals(kinds[0]) for kind in kinds):
        return kinds[0]
    schemas = [pa.schema([pa.field("column", kind)]) for kind in kinds]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.string()


def _pass(
    plan: Plan, parts: Sequence[Part], schema: pa.Schema, border: Border
) -> Generator[pa.RecordBatch, None, Outcome]:
    """One pass over everything: batches on our side of the border."""
    repairs: Repairs = Counter()
    _unchanged(plan)
    if plan.rows is None:
        records = yield from _crossing(ahead(_rows(parts, schema, plan)), border, repairs)
        drawn, total = Drawn("full", plan.seed, records.rows, 1.0), records.rows
    else:
        drawn, records, total = yield from _drawing(plan, parts, schema, border, repairs)
    _unchanged(plan)
    return Outcome(drawn, replace(records, repaired={**records.repaired, **_added(records, repairs)}), total)


def _added(records: Records, repairs: Repairs) -> dict[str, int]:
    return {reason: count + records.repaired.get(reason, 0) for reason, count in repairs.items()}


def _crossing(reading: Reading, border: Border, repairs: Repairs) -> Reading:
    """Every batch over the border, in pieces of bounded size; closes `reading` when left early."""
    try:
        while True:
            try:
                batch = next(reading)
            except StopIteration as end:
                records: Records = end.value
                return records
            for piece in _pieces(batch):
                yield from border.cross(piece, repairs)
    finally:
        reading.close()


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    rows = max(1, int(batch.num_rows * _BATCH_BYTES / max(batch.nbytes, 1)))
    if batch.num_rows <= rows:
        yield batch
        return
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)


def _drawing(
    plan: Plan, parts: Sequence[Part], schema: pa.Schema, border: Border, repairs: Repairs
) -> Generator[pa.RecordBatch, None, tuple[Drawn, Records, int]]:
    """The rows that were asked for: by position where the total is known, by smallest keys where it is not."""
    rows = plan.rows or 0
    crossed = _Remember(_crossing(ahead(_rows(parts, schema, plan)), border, repairs))
    strata = [part.strata for part in parts]
    known = [size for sizes in strata if sizes is not None for size in sizes]
    if all(sizes is not None for sizes in strata):
        total = sum(known)
        yield from take_positions(iter(crossed), draw_positions(known, rows, plan.seed))
    else:
        smallest = SmallestKeys(rows, plan.seed)
        for batch in crossed:
            smallest.add(batch)
        total = smallest.seen
        table = smallest.table()
        if table is not None:
            yield from table.combine_chunks().to_batches(max_chunksize=1 << 17)
    drawn = min(rows, total)
    return _drawn(plan, drawn, total), replace(crossed.records, rows=crossed.records.rows), total


def _drawn(plan: Plan, rows: int, total: int) -> Drawn:
    if rows == total:
        return Drawn("full", plan.seed, rows, 1.0)
    method = {"parquet": "row_groups", "delimited": "lines", "ndjson": "lines"}.get(plan.kind, "rows")
    return Drawn(method, plan.seed, rows, rows / total, ("duplicate rows",))


class _Remember:
    """An iterator over a reading that keeps what it returned."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.records = Records(0)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        self.records = yield from self._reading


def _rows(parts: Sequence[Part], schema: pa.Schema, plan: Plan) -> Reading:
    """The rows of all parts, with the columns of the common schema; errors of files and libraries put in words."""
    total = Records(0)
    for place, part in enumerate(parts):
        shown = plan.files[place].path.name if place < len(plan.files) else plan.source.name
        try:
            records = yield from _conformed(part, schema)
        except OSError as error:
            if isinstance(error, pa.ArrowException) or error.errno is None:
                raise _damaged(plan, shown, error) from None
            raise failure(plan.source.name, shown, error) from None
        except (WalkaroundError, GeneratorExit):
            raise
        except (pa.ArrowException, ValueError, EOFError) as error:
            raise _damaged(plan, shown, error) from None
        total = _sum(total, records) if place else records
    return total


def _damaged(plan: Plan, shown: str, error: Exception) -> SourceError:
    return SourceError(
        plan.source.name,
        "unreadable",
        f"{shown}: reading broke off, the file is damaged ({type(error).__name__})",
        "copy or export the file again",
    )


def _conformed(part: Part, schema: pa.Schema) -> Reading:
    """Batches of a part with the columns of `schema`: missing ones null, others cast."""
    names = {name: place for place, name in enumerate(unique_names(part.schema.names))}
    same = list(names) == schema.names and all(
        a.equals(b) for a, b in zip(part.schema.types, schema.types, strict=True)
    )
    reading = part.read()
    try:
        while True:
            try:
                batch = next(reading)
            except StopIteration as end:
                records: Records = end.value
                return records
            yield batch if same else _conform(batch, names, schema)
    finally:
        reading.close()


def _conform(batch: pa.RecordBatch, names: dict[str, int], schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        place = names.get(field.name)
        if place is None:
            columns.append(pa.nulls(batch.num_rows, field.type))
        else:
            column = batch.column(place)
            columns.append(column if column.type.equals(field.type) else column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _sum(one: Records, other: Records) -> Records:
    known = one.physical is not None and other.physical is not None
    return Records(
        rows=one.rows + other.rows,
        physical=(one.physical or 0) + (other.physical or 0) if known else None,
        rejected=dict(Counter(one.rejected) + Counter(other.rejected)),
        repaired=dict(Counter(one.repaired) + Counter(other.repaired)),
        blank=one.blank + other.blank,
        preamble=one.preamble + other.preamble,
        header=one.header + other.header,
    )


def _unchanged(plan: Plan) -> None:
    """Raise where a file is not as it was when the plan was made."""
    for state in plan.files:
        try:
            now = FileState.of(state.path)
        except OSError as error:
            raise failure(plan.source.name, state.path.name, error) from None
        if now != state:
            hint = "read it again once nothing writes to it, or read a copy"
            raise SourceError(plan.source.name, "changed", f"{state.path.name}: changed while it was read", hint)
