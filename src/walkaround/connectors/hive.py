"""Parquet in folders named `key=value`, as Hive and Spark write it. The keys join the rows as columns of text: a
folder's name has no type.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

import pyarrow as pa

from walkaround.connectors.lake import Columns, LakeColumn, LakeConnector, LakeFile, Snapshot
from walkaround.connectors.location import locate
from walkaround.errors import SourceError
from walkaround.model.source import Source

_NULL: Final = "__HIVE_DEFAULT_PARTITION__"

Keys = tuple[tuple[str, str | None], ...]


def keys_of(folders: Sequence[str]) -> Keys:
    """The keys and values in the names of folders.

    >>> keys_of(["year=2024", "shop=a%2Fb"])
    (('year', '2024'), ('shop', 'a/b'))
    """
    pairs = (folder.partition("=") for folder in folders)
    return tuple((unquote(key), None if value == _NULL else unquote(value)) for key, _, value in pairs)


def _find(source: Source) -> Snapshot:
    place = locate(source)
    filled = [path for path in place.files if path.stat().st_size]
    if not filled:
        hint = "look at the job that should have filled them"
        raise SourceError(source.name, "empty", f"{place.shown}: the files are empty (0 bytes)", hint)
    names = [key for key, _ in keys_of(place.keyed_folders(filled[0]))]
    for path in filled:
        other = [key for key, _ in keys_of(place.keyed_folders(path))]
        if other != names:
            words = f"{place.shown}: files are partitioned by {_said(names)} and by {_said(other)}"
            raise SourceError(source.name, "not_what_it_says", words, "give the files of one table")
    files = tuple(LakeFile(path, _columns(keys_of(place.keyed_folders(path)))) for path in filled)
    notes = [f"partitioned by {_said(names)}: the folders' values are read as text"]
    if len(filled) < len(place.files):
        notes.append(f"{len(place.files) - len(filled)} of {len(place.files)} files are empty (0 bytes)")
    return Snapshot(files, pa.schema([]), tuple(notes))


def _columns(keys: Keys) -> Columns:
    def columns(stored: pa.Schema) -> tuple[LakeColumn, ...]:
        folders = dict(keys)
        held = [
            LakeColumn(field.name, field.type, place) for place, field in enumerate(stored) if field.name not in folders
        ]
        return (*held, *(LakeColumn(key, pa.string(), None, value) for key, value in folders.items()))

    return columns


def _said(names: list[str]) -> str:
    return ", ".join(names) or "nothing"


CONNECTOR = LakeConnector("hive", _find)
