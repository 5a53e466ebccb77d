"""Tables held in memory: PyArrow, Polars, pandas, and whatever speaks Arrow's C stream."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from walkaround.connectors.assembly import sample_of_plan, wanted
from walkaround.connectors.contract import Plan
from walkaround.connectors.parts import Reading, columns_of
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Records, Sample, SourceFacts
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class TablePart:
    """A table."""

    table: Any

    @property
    def schema(self) -> pa.Schema:
        """Its columns."""
        return self.table.schema

    @property
    def strata(self) -> tuple[int, ...]:
        """All of its rows together."""
        return (self.table.num_rows,)

    def read(self) -> Reading:
        """Its rows."""
        yield from self.table.to_batches(max_chunksize=1 << 17)
        return Records(self.table.num_rows)


class Memory:
    """Not found by a URI: `sample_of` is its door. Plans of tables are read as any others."""

    kind = "memory"
    schemes: tuple[str, ...] = ()

    def claims(self, uri: str) -> bool:
        """Never: a table in memory has no URI."""
        del uri
        return False

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """Nothing of this kind can be reached by a source."""
        return (_no_uri(source),)

    def datasets(self, source: Source) -> Iterator[str]:
        """The table itself."""
        yield source.name

    def describe(self, source: Source) -> SourceFacts:
        """Always an error."""
        raise _no_uri(source)

    def plan(self, source: Source) -> Plan:
        """Always an error."""
        raise _no_uri(source)

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan made by `sample_of`."""
        return sample_of_plan(plan, plan.parts)


def _no_uri(source: Source) -> SourceError:
    hint = "give a path, or use `sample_of` from Python"
    return SourceError(source.name, "missing", f"{source.name}: a table in memory has no URI", hint)


def sample_of_table(name: str, table: Any) -> Sample:
    """A sample of a table; see `walkaround.connectors.sample_of`."""
    arrow = _as_arrow(name, table)
    if not arrow.schema.names:
        raise SourceError(name, "empty", f"{name}: the table has no columns", "give a table with columns")
    source = Source(name, "memory")
    facts = SourceFacts("memory", columns_of(arrow.schema), arrow.num_rows, "exact", bytes=arrow.nbytes)
    plan = Plan(source, "memory", (), facts, wanted(source), source.sample.seed, (TablePart(arrow),))
    return sample_of_plan(plan, plan.parts, salt=_digest(arrow))


def _digest(table: pa.Table) -> str:
    """Of the rows, by way of Arrow's own stream, which is the same for the same table."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(str(table.schema).encode("utf-8", "replace"))
    for column in table.columns:
        for chunk in column.chunks:
            digest.update(pa.RecordBatch.from_arrays([chunk], ["column"]).serialize())
    return digest.hexdigest()


def _as_arrow(name: str, table: Any) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    if isinstance(table, pa.RecordBatchReader):
        return table.read_all()
    room = type(table).__module__.partition(".")[0]
    if room == "pandas" and hasattr(table, "columns"):
        return _from_columns(name, [(str(label), table.iloc[:, place]) for place, label in enumerate(table.columns)])
    if room == "polars" and hasattr(table, "collect"):
        table = table.collect()
    if room == "polars" and hasattr(table, "get_columns"):
        return _from_columns(name, [(series.name, series) for series in table.get_columns()])
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    raise UsageError(
        f"{name}: a {type(table).__name__} is no table",
        "give a PyArrow table, a Polars or pandas data frame, or a path",
    )


def _from_columns(name: str, columns: list[tuple[str, Any]]) -> pa.Table:
    arrays = [_column(name, label, values) for label, values in columns]
    return pa.Table.from_arrays(arrays, names=[label for label, _ in columns])


def _column(name: str, label: str, values: Any) -> Any:
    """One column as Arrow. Objects of several kinds become text, as they print.

    Raises:
        SourceError: the library that holds it cannot hand it over.
    """
    try:
        if hasattr(values, "to_arrow"):
            if str(values.dtype) == "Object":  # Polars would hand over addresses
                return pa.array([None if value is None else _said(value) for value in values.to_list()], pa.string())
            return values.to_arrow()
        try:
            return pa.array(values, from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            missing = values.isna()
            words = [None if gone else _said(value) for value, gone in zip(values, missing, strict=True)]
            return pa.array(words, pa.string())
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - Polars panics with a BaseException on objects it cannot hand over
        message = f"{name}: column {label} cannot be read ({type(error).__name__})"
        raise SourceError(name, "unreadable", message, "turn the column into text or numbers first") from None


def _said(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode()


CONNECTOR = Memory()
