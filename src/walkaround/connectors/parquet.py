"""Parquet files, one or many; row group by row group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from walkaround.connectors.contract import State
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source

_GROUP_BYTES: Final = 128 << 20
"""A row group up to this size (unpacked) is read at once, which is fastest; a larger one in batches."""
_BATCH_ROWS: Final = 1 << 17


@dataclass(frozen=True, slots=True)
class ParquetPart:
    """One file: its schema, its row groups, and the footer that says so, which is not read again."""

    state: State
    source: str
    schema: pa.Schema
    groups: tuple[tuple[int, int], ...]
    footer: Any = field(default=None, repr=False, compare=False)
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file, for messages."""
        return self.state.path

    @property
    def strata(self) -> tuple[int, ...]:
        """Rows of each row group."""
        return tuple(rows for rows, _ in self.groups)

    def read(self) -> Reading:
        """All rows, row group by row group."""
        rows = 0
        for _, batch in self.read_groups(range(len(self.groups))):
            rows += batch.num_rows
            yield batch
        return Records(rows)

    def read_groups(self, numbers: Sequence[int]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """The rows of some row groups, each batch with the number of its group.

        Raises:
            SourceError: a column cannot be read.
            ValueError: a group does not hold the rows that the footer says.
        """
        with _opened(self.state, self.footer) as file:
            for number in numbers:
                expected, size = self.groups[number]
                read = 0
                for batch in self._group(file, number, size):
                    read += batch.num_rows
                    yield number, batch
                if read != expected:
                    raise ValueError(f"row group {number} has {read} rows, not {expected}")

    def _group(self, file: pq.ParquetFile, number: int, size: int) -> Iterator[pa.RecordBatch]:
        try:
            if size > _GROUP_BYTES:
                yield from file.iter_batches(batch_size=_BATCH_ROWS, row_groups=[number])
            else:
                yield from file.read_row_group(number).to_batches()
        except (pa.ArrowException, OSError) as error:
            raise self._damage(file, number, error) from None

    def _damage(self, file: pq.ParquetFile, number: int, error: Exception) -> SourceError:
        """The column that cannot be read, by name where one alone is the cause."""
        broken = [name for name in self.schema.names if not _readable(file, number, name)]
        words = f"column {', '.join(broken[:3])}" if broken else f"row group {number}"
        return SourceError(
            self.source,
            "unreadable",
            f"{self.path.name}: {words} cannot be read ({type(error).__name__})",
            "write the file again, or leave the column out",
        )


def _readable(file: pq.ParquetFile, number: int, name: str) -> bool:
    try:
        file.read_row_group(number, columns=[name])
    except (pa.ArrowException, OSError):
        return False
    return True


@contextmanager
def _opened(state: State, footer: Any = None) -> Iterator[pq.ParquetFile]:
    known = {"pre_buffer": True, "coerce_int96_timestamp_unit": "us", "metadata": footer}
    with state.arrow() as raw, pq.ParquetFile(raw, **known) as file:
        yield file


def look(source: Source, place: Place, state: State) -> ParquetPart:
    """Schema and row groups of one file, from its footer; the tables of lakes are made of such files too.

    Raises:
        SourceError: it is no Parquet file, damaged, or has no columns.
    """
    del place
    shown = state.path.name
    try:
        with _opened(state) as file:
            if not file.schema_arrow.names:
                raise SourceError(source.name, "empty", f"{shown}: has no columns", "look at how it was written")
            footer = file.metadata
            groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
            sizes = tuple((group.num_rows, group.total_byte_size) for group in groups)
            return ParquetPart(state, source.name, file.schema_arrow, sizes, footer)
    except pa.ArrowException as error:
        raise _not_parquet(source, state, error) from None
    except OSError as error:
        if error.errno is None:
            raise _not_parquet(source, state, error) from None
        raise failure(source.name, shown, error) from None


def _not_parquet(source: Source, state: State, error: Exception) -> SourceError:
    """Cut off where it begins like Parquet; another kind of file where it does not."""
    path = state.path
    with state.open() as file:
        begins = file.read(4) == b"PAR1"
    if begins:
        words = f"{path.name}: the Parquet file is cut off or damaged ({type(error).__name__})"
        return SourceError(source.name, "truncated", words, "copy or write it again")
    hint = "look at what the file holds, and name it so"
    return SourceError(source.name, "not_what_it_says", f"{path.name}: is not a Parquet file", hint)


CONNECTOR = FileConnector("parquet", look, ranged=look)
