"""Units: which page, key range or row group each row of a batch was drawn with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from walkaround.columns.arrays import numpy_of
from walkaround.model.sample import STRATUM, UNIT

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The sampling units of a batch.

    `units` and `strata`, (k,) each, ascending by stratum, then by unit; strata are all 0 where units were not drawn in
    strata (`stratified`). `codes` (rows,) says which of them each row came from.
    """

    units: NDArray[np.int64]
    strata: NDArray[np.int64]
    codes: NDArray[np.int64]
    stratified: bool

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> Units | None:
        """Those of a batch, from its hidden columns; None where its rows were not drawn in units."""
        names = batch.schema.names
        if UNIT not in names:
            return None
        unit = np.asarray(numpy_of(batch.column(names.index(UNIT))), np.int64)
        stratified = STRATUM in names
        stratum = (
            np.asarray(numpy_of(batch.column(names.index(STRATUM))), np.int64)
            if stratified
            else np.zeros(len(unit), np.int64)
        )
        # rows of a unit mostly stand together, so few places are left to be sorted
        begins = np.flatnonzero(np.append(True, (np.diff(unit) != 0) | (np.diff(stratum) != 0))[: len(unit)])
        codes, strata, units = distinct(stratum[begins], unit[begins])
        lengths = np.diff(np.append(begins, len(unit)))
        return cls(units, strata, np.repeat(codes, lengths), stratified)


def distinct(
    strata: NDArray[np.int64], units: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Codes (n,) of pairs (n,), and the distinct pairs' strata and units (k,), ascending."""
    order = np.lexsort((units, strata))
    strata, units = strata[order], units[order]
    new = np.append(True, (np.diff(strata) != 0) | (np.diff(units) != 0))[: len(order)]
    codes = np.empty(len(order), np.int64)
    codes[order] = np.cumsum(new) - 1
    return codes, strata[new], units[new]
