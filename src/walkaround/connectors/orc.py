"""ORC files, one or many; stripe by stripe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from walkaround.connectors.contract import State
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class OrcPart:
    """One file: its schema, and the rows of each of its stripes, or of all of them where nothing is drawn."""

    state: State
    source: str
    schema: pa.Schema
    strata: tuple[int, ...]
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    def read(self) -> Reading:
        """All rows, stripe by stripe."""
        rows = 0
        with self.state.arrow() as raw:
            file = _opened(raw)
            for number in range(file.nstripes):
                batch = self._stripe(file, number)
                rows += batch.num_rows
                yield batch
        if rows != sum(self.strata):
            raise ValueError(f"{rows} rows, not {sum(self.strata)}")
        return Records(rows)

    def _stripe(self, file: Any, number: int) -> pa.RecordBatch:
        try:
            return file.read_stripe(number)
        except (pa.ArrowException, OSError) as error:
            raise self._damage(file, number, error) from None

    def _damage(self, file: Any, number: int, error: Exception) -> SourceError:
        """The column that cannot be read, by name where some can be."""
        broken = [name for name in self.schema.names if not _readable(file, number, name)]
        some = 0 < len(broken) < len(self.schema.names) or len(self.schema.names) == 1
        words = f"column {', '.join(broken[:3])}" if some else f"stripe {number}"
        why = "an instant outside of 1677 to 2262" if "out of range" in str(error) else type(error).__name__
        return SourceError(
            self.source,
            "unreadable",
            f"{self.state.path.name}: {words} cannot be read ({why})",
            "write the file again, or leave the column out",
        )


def _readable(file: Any, number: int, name: str) -> bool:
    try:
        file.read_stripe(number, columns=[name])
    except (pa.ArrowException, OSError):
        return False
    return True


def _opened(raw: pa.NativeFile) -> Any:
    from pyarrow import orc  # noqa: PLC0415 - loads where it is used

    return orc.ORCFile(raw)


def _look(source: Source, place: Place, state: State) -> OrcPart:
    del place
    shown = state.path.name
    try:
        with state.arrow() as raw:
            file = _opened(raw)
            if not file.schema.names:
                raise SourceError(source.name, "empty", f"{shown}: has no columns", "look at how it was written")
            drawn = isinstance(source.sample.rows, int) and source.sample.rows < file.nrows
            strata = _rows_of_stripes(file) if drawn else (file.nrows,)
            return OrcPart(state, source.name, file.schema, strata)
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, pa.ArrowException) and error.errno is not None:
            raise failure(source.name, shown, error) from None
        raise _not_orc(source, state, error) from None


def _rows_of_stripes(file: Any) -> tuple[int, ...]:
    """How many rows each stripe has. Arrow tells only by reading, so the narrowest column is read."""
    narrow = min(file.schema, key=lambda field: (pa.types.is_nested(field.type), _width(field.type)))
    return tuple(file.read_stripe(number, columns=[narrow.name]).num_rows for number in range(file.nstripes))


def _width(kind: pa.DataType) -> int:
    return kind.bit_width if pa.types.is_primitive(kind) else 1 << 10


def _not_orc(source: Source, state: State, error: Exception) -> SourceError:
    """Cut off where it begins like ORC; another kind of file where it does not."""
    path = state.path
    with state.open() as file:
        begins = file.read(3) == b"ORC"
    if begins:
        words = f"{path.name}: the ORC file is cut off or damaged ({type(error).__name__})"
        return SourceError(source.name, "truncated", words, "copy or write it again")
    hint = "look at what the file holds, and name it so"
    return SourceError(source.name, "not_what_it_says", f"{path.name}: is not an ORC file", hint)


CONNECTOR = FileConnector("orc", _look, ranged=_look)
