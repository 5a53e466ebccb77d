"""The two files of positions, written whole or not at all."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from walkaround.errors import UsageError
from walkaround.model.run import Run
from walkaround.profiling.listing import duplicate_groups, failing_cells
from walkaround.workflow.assess import Side


def write_cells(path: Path | None, sides: Sequence[Side], run: Run, seed: int) -> None:
    """`row,column,code` of every cell that a failed check points at; nothing where no path is given."""
    if path is None:
        return
    listed = (
        failing_cells(
            side.sample, side.production, side.pilot, [o for o in run.outcomes if o.source == side.source.name], seed
        )
        for side in sides
        if side.sample is not None and side.production is not None and side.pilot is not None
    )
    _write(path, ("row", "column", "code"), chain.from_iterable(listed))


def write_groups(path: Path | None, sides: Sequence[Side], seed: int) -> None:
    """`row,group` of every row that is the same as another; nothing where no path is given."""
    if path is None:
        return
    listed = (
        duplicate_groups(side.sample, side.production, seed)
        for side in sides
        if side.sample is not None and side.production is not None
    )
    _write(path, ("row", "group"), chain.from_iterable(listed))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write beside the file, then rename: a reader never meets half of it.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        handle, beside = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}", "name a file in a folder that exists"
        ) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
