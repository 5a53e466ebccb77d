"""Tables of lakes: Parquet files that something else than the files says the columns, the partitions and the deleted
rows of. Delta Lake, Iceberg and Hive's folders differ in who says it; how it is read is the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from walkaround.connectors import parquet
from walkaround.connectors.assembly import sample_of_plan, wanted
from walkaround.connectors.border import as_words
from walkaround.connectors.contract import FileState, Plan, problems_of
from walkaround.connectors.drawing import Positions
from walkaround.connectors.kinds import kind_of_place
from walkaround.connectors.location import Place, failure, place_of
from walkaround.connectors.memory import TablePart
from walkaround.connectors.parquet import ParquetPart
from walkaround.connectors.parts import Reading, columns_of, common_schema, disagreements
from walkaround.connectors.states import modified
from walkaround.errors import SourceError
from walkaround.model.sample import Records, Sample, SourceFacts
from walkaround.model.source import Source

NONE_DELETED: Final[Positions] = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class LakeColumn:
    """A column of the table in one of its files: at `place` of the file, or `value` in every row where that is None."""

    name: str
    type: pa.DataType
    place: int | None = None
    value: Any = field(default=None, repr=False)  # of a row, and rows are not printed


Columns = Callable[[pa.Schema], tuple[LakeColumn, ...]]
"""The columns of the table in a file that holds columns of this schema."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A data file: what its columns are in the table, the positions of its deleted rows (sorted), and how many rows it
    has by the table's own account, deleted ones included, where it keeps one.
    """

    path: Path
    columns: Columns
    deleted: Positions = field(default_factory=lambda: NONE_DELETED, repr=False, compare=False)
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A table as it stands now. `schema` is for a table without files; `others` are files that say what is deleted."""

    files: tuple[LakeFile, ...]
    schema: pa.Schema
    notes: tuple[str, ...] = ()
    others: tuple[Path, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LakePart:
    """A data file as a part of the table."""

    part: ParquetPart
    columns: tuple[LakeColumn, ...]
    deleted: Positions = field(repr=False, compare=False)

    @property
    def schema(self) -> pa.Schema:
        """The columns of the table."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def strata(self) -> tuple[int, ...]:
        """Rows of each row group that are not deleted."""
        ends = np.cumsum([0, *self.part.strata])
        gone = np.diff(np.searchsorted(self.deleted, ends))
        return tuple((np.diff(ends) - gone).tolist())

    @property
    def salt(self) -> str:
        """What the table says of the file's rows that stands in no byte of the file, condensed."""
        said = [(column.name, str(column.type), column.place, str(column.value)) for column in self.columns]
        return hashlib.blake2b(repr(said).encode("utf-8", "replace") + self.deleted.tobytes()).hexdigest()

    def read(self) -> Reading:
        """The rows that are not deleted, in the file's order."""
        start = rows = 0
        reading = self.part.read()
        try:
            for batch in reading:
                kept = self._kept(batch, start)
                start += batch.num_rows
                rows += kept.num_rows
                yield self._projected(kept)
        finally:
            reading.close()
        return Records(rows)

    def _kept(self, batch: pa.RecordBatch, start: int) -> pa.RecordBatch:
        low, high = np.searchsorted(self.deleted, [start, start + batch.num_rows])
        if low == high:
            return batch
        keep = np.ones(batch.num_rows, dtype=bool)
        keep[self.deleted[low:high] - start] = False
        return batch.filter(pa.array(keep))

    def _projected(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        arrays = [self._array(batch, column) for column in self.columns]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _array(self, batch: pa.RecordBatch, column: LakeColumn) -> pa.Array:
        if column.place is None:
            return pa.repeat(pa.scalar(column.value, column.type), batch.num_rows)
        stored = batch.column(column.place)
        if pa.types.is_nested(stored.type) and pa.types.is_string(column.type):
            return as_words(stored, Counter())
        try:
            return stored if stored.type.equals(column.type) else stored.cast(column.type)
        except pa.ArrowException as error:
            raise _unlike(self.part.source, self.part.path, column.name, error) from None


Find = Callable[[Source], Snapshot]
Tables = Callable[[Source], Sequence[str]]


class LakeConnector:
    """A kind of lake: `find` says what the table is now; `tables` which there are, where a source may hold several."""

    def __init__(self, kind: str, find: Find, schemes: tuple[str, ...] = (), tables: Tables | None = None) -> None:
        self.kind = kind
        self.schemes = schemes
        self._find = find
        self._tables = tables

    def claims(self, uri: str) -> bool:
        """By scheme, or by what stands in the folder."""
        scheme = uri.partition("://")[0].lower()
        return scheme in self.schemes or kind_of_place(place_of(uri)) == self.kind

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The tables of a catalog; the source's own name where it is one table."""
        yield from self._tables(source) if self._tables is not None else (source.name,)

    def describe(self, source: Source) -> SourceFacts:
        """Columns, types and rows, as the table and the footers of its files declare them."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """One pass over the files of the table as it stands now."""
        found = self._find(source)
        states = tuple(_state(source, file.path) for file in found.files)
        looked = [_part(source, file, state) for file, state in zip(found.files, states, strict=True)]
        uneven = _uneven(looked)
        parts = tuple(_as_text(part, uneven) for part in looked)
        others = tuple(_state(source, path) for path in found.others)
        schema = common_schema(parts) if parts else found.schema
        notes = [*found.notes, *(_overlaps(parts[0]) if parts else ())]
        notes += [f"{name}: its inner fields differ between files, it is read as JSON" for name in uneven]
        facts = SourceFacts(
            self.kind,
            columns_of(schema),
            rows_total=sum(sum(part.strata) for part in parts),
            rows_total_is="exact",
            bytes=sum(state.size for state in states),
            modified=modified(states) if states else None,
            notes=(*notes, *(disagreements(source, parts, states) if parts else ())),
            statements=found.statements,
        )
        read = parts or (TablePart(found.schema.empty_table()),)
        return Plan(source, self.kind, (*states, *others), facts, wanted(source), source.sample.seed, read)

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan."""
        salts = [part.salt for part in plan.parts if isinstance(part, LakePart)]
        return sample_of_plan(plan, plan.parts, "|".join(salts))


def stored_column(source: Source, path: Path, declared: pa.Field, stored: pa.Schema, place: int) -> LakeColumn:
    """The column `declared` of the table, which stands at `place` of a file.

    Raises:
        SourceError: what the file holds cannot be what the table declares.
    """
    kind = declared.type
    held = stored.field(place).type
    if pa.types.is_nested(kind) or pa.types.is_nested(held):  # inner fields are told apart when all files are known
        return LakeColumn(declared.name, held, place)
    if isinstance(kind, pa.BaseExtensionType) and held.equals(kind.storage_type):
        kind = held
    try:
        if not held.equals(kind):
            pa.nulls(0, held).cast(kind)
    except pa.ArrowException as error:
        raise _unlike(source.name, path, declared.name, error) from None
    return LakeColumn(declared.name, kind, place)


def missing_column(declared: pa.Field, value: Any = None) -> LakeColumn:
    """The column `declared` of the table, which a file does not have: `value` in every row."""
    return LakeColumn(declared.name, pa.null() if pa.types.is_nested(declared.type) else declared.type, None, value)


def _unlike(source: str, path: Path, column: str, error: Exception) -> SourceError:
    words = f"{path.name}: column {column} is not of the type that the table declares ({type(error).__name__})"
    return SourceError(source, "unreadable", words, "rewrite the file through the engine that owns the table")


def _state(source: Source, path: Path) -> FileState:
    try:
        state = FileState.of(path)
        state.open().close()  # a library's own error would not say that the right to read is missing
    except FileNotFoundError:
        words = f"{source.name}: {path.name} is gone, and the table needs it"
        hint = "restore the file, or repair the table; a clean-up of old files may have gone too far"
        raise SourceError(source.name, "missing", words, hint) from None
    except OSError as error:
        raise failure(source.name, path.name, error) from None
    return state


def _part(source: Source, file: LakeFile, state: FileState) -> LakePart:
    part = parquet.look(source, Place("", "", (file.path,)), state)
    rows = sum(part.strata)
    if file.rows is not None and rows != file.rows:
        words = f"{file.path.name}: has {rows} rows, and the table says {file.rows}"
        raise SourceError(source.name, "unreadable", words, "it is not the file that was written: restore it")
    if len(file.deleted) and int(file.deleted[-1]) >= rows:
        words = f"{file.path.name}: rows are deleted that it does not have"
        raise SourceError(source.name, "unreadable", words, "it is not the file that was written: restore it")
    return LakePart(part, file.columns(part.schema), file.deleted)


def _uneven(parts: Sequence[LakePart]) -> list[str]:
    """Columns of nested values whose inner fields are not the same in every file. Arrow would fit one to the other by
    name, and fill with nulls what was renamed.
    """
    kinds: dict[str, set[pa.DataType]] = {}
    for part in parts:
        for column in part.columns:
            if not pa.types.is_null(column.type):
                kinds.setdefault(column.name, set()).add(column.type)
    return [name for name, found in kinds.items() if len(found) > 1 and any(map(pa.types.is_nested, found))]


def _as_text(part: LakePart, names: Sequence[str]) -> LakePart:
    return replace(
        part,
        columns=tuple(replace(held, type=pa.string()) if held.name in names else held for held in part.columns),
    )


def _overlaps(part: LakePart) -> Iterator[str]:
    for column in part.columns:
        if column.place is None and column.name in part.part.schema.names:
            yield f"{column.name} is in the names of folders and in the files: the folders' is read"
