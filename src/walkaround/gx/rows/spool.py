"""Spools: the rows of a record batch reader, which can be read once, kept so that they can be read again."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections import Counter
from pathlib import Path
from shutil import rmtree
from typing import Final

import polars as pl
import pyarrow as pa
from great_expectations.exceptions import ExecutionEngineError

SPOOLS: Final = "walkaround-rows-"
"""What the folders of spools are called, with the number of the process that made them."""


def _sweep() -> None:
    """Delete the spools of processes that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SPOOLS}*-*"):
        process = folder.name.removeprefix(SPOOLS).partition("-")[0]
        if process.isdecimal() and not Path(f"/proc/{process}").exists() and Path("/proc/self").exists():
            rmtree(folder, ignore_errors=True)


def unique_names(schema: pa.Schema) -> None:
    """Refuse a table in which a name stands for two columns.

    Raises:
        ExecutionEngineError: it does.
    """
    seen = Counter(schema.names)
    repeated = sorted(name for name, times in seen.items() if times > 1)
    if repeated:
        raise ExecutionEngineError(message=f"Column names must be unique: {', '.join(map(repr, repeated))} repeats")


class Spool:
    """The rows of a record batch reader, which can be read once, in a private file, which can be read again.

    The file is deleted when nothing refers to the spool any more, at the latest when Python ends.
    """

    def __init__(self, reader: pa.RecordBatchReader) -> None:
        unique_names(reader.schema)
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=f"{SPOOLS}{os.getpid()}-"))  # mode 0700
        weakref.finalize(self, rmtree, folder, ignore_errors=True)
        self.path = folder / "rows.arrow"
        schema = pa.schema([_decoded(field) for field in reader.schema])
        with pa.OSFile(str(self.path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for batch in reader:
                writer.write_batch(batch.cast(schema) if schema != batch.schema else batch)

    def scan(self) -> pl.LazyFrame:
        """The rows."""
        return pl.scan_ipc(self.path)


def _decoded(field: pa.Field) -> pa.Field:
    """A field without a dictionary: an Arrow file takes one for all its batches, and each batch may have its own."""
    return field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field


_spools: weakref.WeakKeyDictionary[pa.RecordBatchReader, Spool] = weakref.WeakKeyDictionary()
"""A reader that comes a second time is empty by then, and every expectation passes on no rows: its spool answers."""


def spooled(reader: pa.RecordBatchReader) -> Spool:
    """The spool of a reader, which is read now or was before."""
    if reader not in _spools:
        _spools[reader] = Spool(reader)
    return _spools[reader]
