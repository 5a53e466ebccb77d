"""Table: one batch of rows, as measures and checks see it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from walkaround.columns import hashing
from walkaround.columns.column import Column
from walkaround.columns.units import Units
from walkaround.model.sample import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from walkaround.model.source import ColumnSpec


class Table:
    """One batch: its columns by name, in the order of the source. `specs` has one for each column.

    The hidden columns of a sample are none of them: they become `units`, None where rows were not drawn in units.
    """

    def __init__(self, batch: pa.RecordBatch, specs: Mapping[str, ColumnSpec], seed: int = 0) -> None:
        self.rows = batch.num_rows
        self.seed = seed
        self.units = Units.of(batch)
        self.columns: dict[str, Column] = {
            name: Column(batch.column(place), specs[name], seed, self.units)
            for place, name in enumerate(batch.schema.names)
            if name not in HIDDEN
        }

    @cached_property
    def row_hashes(self) -> NDArray[np.uint64]:
        """One hash for each whole row, (rows,); equal rows hash alike."""
        return self.hashes_of(tuple(self.columns))

    def hashes_of(self, names: tuple[str, ...]) -> NDArray[np.uint64]:
        """One hash for each row of some columns, (rows,)."""
        return hashing.combined([self.columns[name].row_hashes for name in names], self.rows)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that were declared to be the key, where all of them are here."""
        return tuple(name for name, column in self.columns.items() if column.spec.key)
