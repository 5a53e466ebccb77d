"""Files of an Iceberg table: URIs that its metadata says, as paths of this machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from walkaround.errors import SourceError
from walkaround.model.source import Source


def local_path(source: Source, said: str) -> Path:
    """The path of a file.

    Raises:
        SourceError: it is on no disk of this machine.
    """
    parts = urlsplit(said)
    if len(parts.scheme) <= 1:
        return Path(said)
    if parts.scheme == "file":
        plain = Path(said.removeprefix("file://") if said.startswith("file:///") else said.removeprefix("file:"))
        return plain if plain.exists() else Path(unquote(parts.path))
    words = f"{source.name}: the table has files elsewhere ({parts.scheme}://)"
    raise SourceError(source.name, "unreadable", words, "give a table whose files are on this machine")
