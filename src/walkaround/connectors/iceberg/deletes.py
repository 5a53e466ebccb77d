"""Rows of an Iceberg table that are deleted by position: read from files of positions, or from bitmaps (version 3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from walkaround.connectors.drawing import Positions
from walkaround.connectors.extras import needed
from walkaround.connectors.iceberg.paths import local_path
from walkaround.connectors.lake import NONE_DELETED
from walkaround.errors import SourceError
from walkaround.model.source import Source


class Deletes:
    """The deleted positions of every file, each delete file read once, when it is first asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[Path, dict[str, Positions]] = {}

    @property
    def paths(self) -> tuple[Path, ...]:
        """The delete files that were read."""
        return tuple(sorted(self._read))

    def of(self, task: Any) -> Positions:
        """The positions that are deleted of the file of a task, sorted.

        Raises:
            SourceError: a delete file is gone, damaged, or of another format.
        """
        found = [NONE_DELETED]
        for file in task.delete_files:
            path = local_path(self._source, file.file_path)
            if path not in self._read:
                self._read[path] = self._positions(path, file.file_format.value.upper())
            found.append(self._read[path].get(task.file.file_path, NONE_DELETED))
        return np.unique(np.concatenate(found))

    def _positions(self, path: Path, kind: str) -> dict[str, Positions]:
        if kind not in ("PARQUET", "PUFFIN"):
            words = f"{path.name}: deleted rows are written as {kind}, which is not read"
            raise SourceError(self._source.name, "unreadable", words, "compact the table first (rewrite_data_files)")
        try:
            return self._bitmaps(path) if kind == "PUFFIN" else _listed(path)
        except FileNotFoundError:
            words = f"{self._source.name}: {path.name} is gone, and says which rows are deleted"
            raise SourceError(self._source.name, "missing", words, "restore the file, or repair the table") from None
        except (OSError, ValueError, KeyError, pa.ArrowException) as error:
            words = f"{path.name}: which rows are deleted cannot be read ({type(error).__name__})"
            raise SourceError(self._source.name, "unreadable", words, "restore the file, or repair the table") from None

    def _bitmaps(self, path: Path) -> dict[str, Positions]:
        puffin = needed(self._source.name, "pyiceberg.table.puffin", "iceberg")
        vectors = needed(self._source.name, "pyiceberg.table.deletion_vector", "iceberg")
        found = vectors.deletion_vectors_from_puffin_file(puffin.PuffinFile(path.read_bytes()))
        return {held.referenced_data_file: held.to_vector().to_numpy().astype(np.int64) for held in found}


def _listed(path: Path) -> dict[str, Positions]:
    table = pq.ParquetFile(path).read(columns=["file_path", "pos"])
    files = table.column("file_path").to_numpy(zero_copy_only=False)
    positions = table.column("pos").to_numpy().astype(np.int64)
    return {str(name): positions[files == name] for name in set(files.tolist())}
