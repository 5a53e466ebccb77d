"""Parts: the files of one source, read as one table, with the columns of one schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from typing import Protocol

import pyarrow as pa

from walkaround.connectors.contract import Plan, State
from walkaround.connectors.location import failure
from walkaround.connectors.names import unique_names
from walkaround.errors import SourceError, WalkaroundError
from walkaround.model.sample import DeclaredColumn, Records
from walkaround.model.source import Source

Reading = Generator[pa.RecordBatch, None, Records]
"""Batches of one schema; returns what became of the records."""


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


def columns_of(schema: pa.Schema) -> tuple[DeclaredColumn, ...]:
    """The columns, each with Arrow's word for its type."""
    return tuple(DeclaredColumn(field.name, str(field.type)) for field in schema)


def common_schema(parts: Sequence[Part]) -> pa.Schema:
    """One schema over all parts: columns by name in order of appearance; types that disagree become text."""
    kinds: dict[str, list[pa.DataType]] = {}
    for part in parts:
        for name, kind in zip(unique_names(part.schema.names), part.schema.types, strict=True):
            kinds.setdefault(name, []).append(kind)
    return pa.schema([pa.field(name, _common_type(found)) for name, found in kinds.items()])


def disagreements(source: Source, parts: Sequence[Part], states: Sequence[State]) -> tuple[str, ...]:
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


def rows_of(parts: Sequence[Part], schema: pa.Schema, plan: Plan) -> Reading:
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


def _common_type(kinds: list[pa.DataType]) -> pa.DataType:
    if all(kind.equals(kinds[0]) for kind in kinds):
        return kinds[0]
    schemas = [pa.schema([pa.field("column", kind)]) for kind in kinds]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.string()


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
