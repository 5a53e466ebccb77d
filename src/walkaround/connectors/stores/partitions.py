"""Partitions: what the names of folders say of an object's rows, `year=2026/shop=a/part-0.parquet`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from walkaround.connectors.hive import Keys, keys_of
from walkaround.connectors.location import Place
from walkaround.connectors.parts import Part, Reading
from walkaround.connectors.stores.state import ObjectState
from walkaround.connectors.stores.visit import Visit
from walkaround.errors import SourceError
from walkaround.model.sample import Records


@dataclass(frozen=True, slots=True)
class PartitionedPart:
    """A file with the columns of its folders after its own, as text; where both have a column, the folder's is read."""

    part: Part
    keys: Keys
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The file's columns but those that its folders name, and these."""
        folders = [pa.field(key, pa.string()) for key in dict(self.keys)]
        return pa.schema([*(self.part.schema.field(place) for place in self._places), *folders])

    @property
    def strata(self) -> tuple[int, ...] | None:
        """Rows of each row group."""
        return self.part.strata

    @property
    def _places(self) -> list[int]:
        folders = dict(self.keys)
        return [place for place, name in enumerate(self.part.schema.names) if name not in folders]

    def read(self) -> Reading:
        """All rows."""
        schema, places, folders = self.schema, self._places, dict(self.keys)
        reading = self.part.read()
        try:
            while True:
                try:
                    batch = next(reading)
                except StopIteration as end:
                    records: Records = end.value
                    return records
                values = [pa.repeat(pa.scalar(value, pa.string()), batch.num_rows) for value in folders.values()]
                yield pa.RecordBatch.from_arrays([*(batch.column(place) for place in places), *values], schema=schema)
        finally:
            reading.close()


def keys_of_all(visit: Visit, states: Sequence[ObjectState]) -> tuple[Keys, ...]:
    """The keys and values of each object's folders; none where no folder has any, or one object is meant by name.

    Raises:
        SourceError: they are not partitioned alike.
    """
    if len(states) == 1 and states[0].item.key == visit.target.key:
        return ()
    place = Place("", "", (), root=Path(visit.target.folder))
    keys = tuple(keys_of(place.keyed_folders(state.path)) for state in states)
    names = [key for key, _ in keys[0]]
    for own in keys:
        other = [key for key, _ in own]
        if other != names:
            shown = visit.target.name(visit.target.key)
            words = f"{shown}: objects are partitioned by {_said(names)} and by {_said(other)}"
            raise SourceError(visit.source, "not_what_it_says", words, "give the objects of one table")
    return keys if names else ()


def note_on(keys: Sequence[Keys]) -> tuple[str, ...]:
    """What a reader of the report should know of them."""
    return (
        (f"partitioned by {_said([key for key, _ in keys[0]])}: the folders' values are read as text",) if keys else ()
    )


def _said(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
