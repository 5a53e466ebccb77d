"""Where a source is: from a URI of the settings to files on this machine."""

from __future__ import annotations

import difflib
import glob
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from walkaround.connectors.address import address_of
from walkaround.errors import AccessReason, SourceError, UsageError
from walkaround.model.source import Source

FILE_SCHEMES: Final = ("file", "duckdb", "sqlite")
"""Schemes that name a file of this machine; `duckdb:///a.db` and `sqlite:///a.db` as SQLAlchemy writes them."""
_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_PATTERN: Final = re.compile(r"[*?\[]")
_LOGS: Final = ("_delta_log/*.json", "_delta_log/*.parquet", "metadata/*.metadata.json")
"""Where a table of Delta Lake or Iceberg says what it is, even while it has no rows."""


@dataclass(frozen=True, slots=True)
class Place:
    """Files that exist (sorted by name), the table named in the URI, and the words an error may show.

    `uri` has its variables filled in and is never shown: `shown` is the URI as the settings give it. `root` is the
    folder, where the URI names one.
    """

    uri: str
    shown: str
    files: tuple[Path, ...]
    table: str | None = None
    folder: bool = False
    root: Path | None = None

    def keyed_folders(self, path: Path) -> tuple[str, ...]:
        """The folders named `key=value` that one of the files stands in: those below what the URI names without a
        pattern, and those that end it.
        """
        folders = path.parent.parts
        start = len(self.root.parts if self.root is not None else _literal(self.uri))
        while start and "=" in folders[start - 1]:
            start -= 1
        return tuple(folder for folder in folders[start:] if "=" in folder)


def locate(source: Source) -> Place:
    """The files of `source`.

    Raises:
        UsageError: a scheme that this version does not read, or a `${NAME}` that the environment does not have.
        SourceError: no such file, a pattern that nothing matches, or a folder without Parquet files.
    """
    uri = address_of(source).uri
    place = place_of(uri, source.uri)
    if not place.files:
        raise _missing(source, place)
    return Place(place.uri, place.shown, place.files, source.table or place.table, place.folder, place.root)


def place_of(uri: str, shown: str | None = None) -> Place:
    """The files that `uri` (variables filled in) stands for; `files` is empty where there are none.

    Raises:
        UsageError: a scheme that this version does not read.
    """
    shown = uri if shown is None else shown
    scheme = _SCHEME.match(uri)
    if scheme and scheme.group(1).lower() not in FILE_SCHEMES:
        raise UsageError(
            f"{scheme.group(1).lower()}:// sources are not supported by this version of walkaround",
            "give a file or a pattern of files: CSV, Parquet, Arrow, JSON, DuckDB or SQLite",
        )
    path, table = (_path_of_uri(uri), None) if scheme else (uri, None)
    files, folder = _files(path)
    if not files:
        bare, table = _table_of(path)
        files, folder = _files(bare) if table else (files, folder)
    root = Path(_table_of(path)[0] if table else path).expanduser() if folder else None
    return Place(uri, shown, files, table, folder, root)


def failure(source: str, shown: str, error: OSError) -> SourceError:
    """An operating system's refusal, in words."""
    reason: AccessReason = "unreadable"
    words, hint = "could not be read", "look at the disk, or copy the file again"
    if isinstance(error, FileNotFoundError):
        reason, words, hint = "missing", "is not there", "look at the path"
    elif isinstance(error, PermissionError):
        reason, words, hint = "denied", "may not be read by this user", "grant the right to read it"
    elif isinstance(error, IsADirectoryError):
        words, hint = "is a folder, not a file", "give a file, or a pattern such as folder/*.csv"
    return SourceError(source, reason, f"{shown}: {words}", hint)


def _path_of_uri(uri: str) -> str:
    if uri.lower().startswith("file:"):
        parts = urlsplit(uri)
        query = f"?{parts.query}" if parts.query else ""
        return unquote(parts.path) + query + (f"#{parts.fragment}" if parts.fragment else "")
    rest = uri.split("://", 1)[1]
    return rest.removeprefix("/") if rest.startswith("/") else rest


def _literal(uri: str) -> tuple[str, ...]:
    """The folders of a pattern before the first that has a wildcard."""
    parts = Path(_path_of_uri(uri) if _SCHEME.match(uri) else uri).expanduser().parent.parts
    wild = (place for place, part in enumerate(parts) if _PATTERN.search(part))
    return parts[: next(wild, len(parts))]


def _table_of(path: str) -> tuple[str, str | None]:
    """Split `a.db?table=t` or `a.db#t`; the table is None where neither is there."""
    bare, mark, query = path.partition("?")
    if mark and (named := parse_qs(query).get("table")):
        return bare, named[0]
    bare, mark, fragment = path.rpartition("#")
    return (bare, fragment) if mark and fragment else (path, None)


def _files(path: str) -> tuple[tuple[Path, ...], bool]:
    """Files of a path, a pattern or a folder (its Parquet files; of a lake's table without any, its log), and whether
    it was a folder.
    """
    plain = Path(path).expanduser()
    try:
        if plain.is_dir():
            inside = (found for found in plain.rglob("*.parquet") if not _hidden(found.relative_to(plain)))
            files = tuple(sorted(found for found in inside if found.is_file()))
            log = (found for pattern in _LOGS for found in plain.glob(pattern))
            return files or tuple(sorted(log)), True
        if plain.exists():
            return (plain,), False
    except (OSError, ValueError):  # a name too long for the system, or with a NUL, is no file
        return (), False
    if not _PATTERN.search(path):
        return (), False
    matches = (Path(name) for name in glob.iglob(str(plain), recursive=True))  # noqa: PTH207 - absolute patterns too
    return tuple(sorted(match for match in matches if match.is_file())), False


def _hidden(path: Path) -> bool:
    """Spark and Hive keep their own files under names that start with `_` or a dot."""
    return any(part.startswith(("_", ".")) for part in path.parts)


def _missing(source: Source, place: Place) -> SourceError:
    if place.folder:
        return SourceError(
            source.name,
            "unreadable",
            f"{place.shown}: is a folder without Parquet files",
            "give a file, or a pattern such as folder/*.csv",
        )
    if _PATTERN.search(place.shown):
        return SourceError(source.name, "missing", f"{place.shown}: no file matches", "look at the pattern")
    return SourceError(source.name, "missing", f"{place.shown}: there is no such file", _did_you_mean(place))


def _did_you_mean(place: Place) -> str:
    if place.shown != place.uri:  # what fills ${NAME} is not shown, nor are its neighbours
        return "look at the value of the variable"
    path = Path(place.uri)
    try:
        near = difflib.get_close_matches(path.name, [found.name for found in path.parent.iterdir()], n=1)
    except (OSError, ValueError):
        return f"there is no folder {path.parent}"
    return f"did you mean {path.parent / near[0]}?" if near else "look at the path"
