"""Arrow IPC files and streams, and Feather (version 2 is the same)."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from walkaround.connectors.contract import State
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class ArrowPart:
    """One file or stream."""

    state: State
    schema: pa.Schema
    file: bool
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def strata(self) -> None:
        """How many rows there are stands in the batches, not before them."""

    def read(self) -> Reading:
        """All rows, in the batches that were written."""
        rows = 0
        with self.state.arrow() as raw:
            if self.file:
                reader = pa.ipc.open_file(raw)
                batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
            else:
                batches = iter(pa.ipc.open_stream(raw))
            for batch in batches:
                rows += batch.num_rows
                yield batch
        return Records(rows)


def _look(source: Source, place: Place, state: State) -> ArrowPart:
    del place
    shown = state.path.name
    try:
        with state.open() as file:
            head = file.read(6)
        with state.arrow() as raw:
            is_file = head == b"ARROW1"
            schema = (pa.ipc.open_file(raw) if is_file else pa.ipc.open_stream(raw)).schema
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, pa.ArrowException) and error.errno is not None:
            raise failure(source.name, shown, error) from None
        if head == b"ARROW1":
            words = f"{shown}: the Arrow file is cut off or damaged ({type(error).__name__})"
            raise SourceError(source.name, "truncated", words, "copy or write it again") from None
        hint = "write it as Feather version 2" if head[:4] == b"FEA1" else "look at what the file holds, and name it so"
        words = f"{shown}: is not an Arrow file or stream"
        raise SourceError(source.name, "not_what_it_says", words, hint) from None
    if not schema.names:
        raise SourceError(source.name, "empty", f"{shown}: has no columns", "look at how it was written")
    return ArrowPart(state, schema, is_file)


CONNECTOR = FileConnector("arrow", _look, ranged=_look)
