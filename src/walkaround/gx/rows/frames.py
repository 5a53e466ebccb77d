"""What a batch may be given as, and the lazy frame that it is read through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import polars as pl
import pyarrow as pa
from great_expectations.exceptions import ExecutionEngineError

from walkaround.gx.rows.names import columns
from walkaround.gx.rows.spool import Spool, spooled, unique_names
from walkaround.model.profile import TableProfile


@dataclass(frozen=True, slots=True)
class Profiled:
    """A frame, and the profile that was made of exactly its rows: the engine answers from it what it knows exactly.

    Its columns must fit, and its number of rows for a frame in memory; that the rows are the same is the caller's word.
    """

    frame: Any
    profile: TableProfile


def rereadable(data: Any) -> Any:
    """Data that GX may ask for as often as it likes: Arrow tables converted once, record batch readers spooled.

    Raises:
        ExecutionEngineError: Polars cannot hold an Arrow table.
    """
    if isinstance(data, Profiled):
        return Profiled(rereadable(data.frame), data.profile)
    if isinstance(data, pa.RecordBatchReader):
        return spooled(data)
    return _converted(data) if isinstance(data, pa.Table | pa.RecordBatch) else data


def _converted(table: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    unique_names(table.schema)
    try:
        frame = pl.from_arrow(table, rechunk=False)  # one chunk would be a second copy of everything
    except (pl.exceptions.PolarsError, pa.ArrowException, pl.exceptions.PanicException) as error:
        raise ExecutionEngineError(message=f"Polars cannot hold this Arrow table: {error}") from error
    return cast("pl.DataFrame", frame)


def is_frame(data: Any) -> bool:
    """Whether a batch can be made of the data."""
    if isinstance(data, Profiled):
        return is_frame(data.frame)
    return isinstance(data, pl.DataFrame | pl.LazyFrame | pa.Table | pa.RecordBatch | pa.RecordBatchReader | Spool)


def lazy(data: Any) -> pl.LazyFrame:
    """A lazy frame over data that is `rereadable`.

    Raises:
        ExecutionEngineError: the data is of another kind.
    """
    if isinstance(data, pl.LazyFrame):
        return data
    if isinstance(data, pl.DataFrame):
        return data.lazy()
    if isinstance(data, Spool):
        return data.scan()
    raise ExecutionEngineError(message=f"{type(data).__name__} is no Polars frame and no Arrow table")


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one batch: NaN is null where the data source says so."""

    frame: pl.LazyFrame
    schema: Mapping[str, pl.DataType]
    nan_as_null: bool
    height: int | None = None
    """How many there are, where that is known without looking."""
    profile: TableProfile | None = None
    kept: Any = field(default=None, repr=False)
    """What must live as long as the frame: a spool's file goes with the spool."""

    @classmethod
    def of(cls, data: Any, *, nan_as_null: bool) -> Rows:
        """The rows of some data, or of data with its profile."""
        data = rereadable(data)
        kept, profile = (data.frame, data.profile) if isinstance(data, Profiled) else (data, None)
        frame = lazy(kept)
        schema = frame.collect_schema()
        floats = _may_hold_nan(kept, schema) if nan_as_null else []
        if floats:
            frame = frame.with_columns(each.fill_nan(None) for each in columns(floats))
        if profile is not None and (not set(profile.columns) <= set(schema)):
            raise ExecutionEngineError(message="The profile is of other columns than the frame has")
        height = kept.height if isinstance(kept, pl.DataFrame) else None
        if profile is not None and height is not None and height != profile.rows:
            raise ExecutionEngineError(message=f"The profile is of {profile.rows:,} rows, and the frame has {height:,}")
        return cls(frame, schema, nan_as_null, height, profile, kept)


def _may_hold_nan(data: Any, schema: Mapping[str, pl.DataType]) -> list[str]:
    """The columns in which NaN must be made null; of a frame in memory, which is soon looked through, those with one.

    A column without NaN is left as it is: each query would copy it otherwise.
    """
    floats = [name for name, dtype in schema.items() if dtype.is_float()]
    if not isinstance(data, pl.DataFrame) or not floats:
        return floats
    found = data.select(each.is_nan().any() for each in columns(floats)).row(0)
    return [name for name, holds in zip(floats, found, strict=True) if holds]
