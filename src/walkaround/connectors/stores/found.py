"""Found: the objects that a target stands for, and what kind of file they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from walkaround.connectors.kinds import kind_of_name, magic_of
from walkaround.connectors.stores.store import Item
from walkaround.connectors.stores.target import matcher
from walkaround.connectors.stores.visit import Visit
from walkaround.errors import SourceError

LISTED: Final = 100_000
"""Objects that are looked through for those that match: a hundred requests."""
READ: Final = 1_000
"""Objects of one source. Each costs two requests before a row is read."""
_HEAD: Final = 64


def found(visit: Visit) -> list[Item]:
    """The objects that a source names, sorted by key: one, those that match a pattern, or a folder's Parquet files.

    Raises:
        SourceError: there are none, too many, or they may not be seen; or the folder is a table of a lake.
    """
    target = visit.target
    if target.is_pattern:
        wanted = matcher(target.key)
        items = [item for item in visit.find(target.folder, LISTED) if wanted.fullmatch(item.key)]
        if not items:
            raise _missing(visit, "no object matches", "look at the pattern")
        return _few(visit, items)
    if target.service == "http" or (target.key and not target.key.endswith("/")):
        try:
            return [visit.look(target.key)]
        except SourceError as error:
            if error.reason != "missing" or target.service == "http":
                raise
            return _few(visit, _of_folder(visit, visit.find(target.folder, LISTED)) or _raise(error))
    items = _of_folder(visit, visit.find(target.folder, LISTED))
    return _few(
        visit, items or _raise(_missing(visit, "holds no Parquet files", "give a pattern such as folder/*.csv"))
    )


def kind_of_object(visit: Visit, item: Item) -> str:
    """The kind of file, by name, else by the first bytes; "" where only its whole content can tell."""
    named = kind_of_name(Path(item.key))
    if named or not item.ranges or item.size <= 0:
        return named
    return magic_of(visit.get(item, 0, min(_HEAD, item.size)))


def _of_folder(visit: Visit, items: Sequence[Item]) -> list[Item]:
    start = f"{visit.target.folder}/".removeprefix("/")
    inside = {item.key.removeprefix(start): item for item in items}
    for name in inside:
        if name.startswith("_delta_log/") or (name.startswith("metadata/") and name.endswith(".metadata.json")):
            lake = "Delta Lake" if name.startswith("_delta_log/") else "Iceberg"
            words = f"{visit.target.name(visit.target.key)}: is a table of {lake}"
            hint = (
                "its files alone hold rows that were deleted; read it through an engine, or from a copy on this machine"
            )
            raise SourceError(visit.source, "unreadable", words, hint)
    return [
        item
        for name, item in inside.items()
        if name.endswith(".parquet") and not any(part.startswith(("_", ".")) for part in name.split("/"))
    ]


def _few(visit: Visit, items: Sequence[Item]) -> list[Item]:
    if len(items) > READ:
        words = f"{visit.target.name(visit.target.key)}: stands for {len(items):,} objects, more than {READ:,}"
        raise SourceError(visit.source, "budget", words, "name fewer with a pattern, such as one month of them")
    return sorted(items, key=lambda item: item.key)


def _missing(visit: Visit, words: str, hint: str) -> SourceError:
    return SourceError(visit.source, "missing", f"{visit.target.name(visit.target.key)}: {words}", hint)


def _raise(error: SourceError) -> list[Item]:
    raise error
