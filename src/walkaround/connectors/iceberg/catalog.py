"""A catalog of Iceberg tables in an SQLite file, as pyiceberg and others keep it; opened for reading only, for a
catalog's own client makes the tables that it misses.
"""

from __future__ import annotations

import difflib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from walkaround.connectors.address import Address
from walkaround.errors import SourceError
from walkaround.model.source import Source

_STATEMENT: Final = "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables ORDER BY 1, 2"


def located(source: Source, address: Address) -> tuple[str, str]:
    """Where the metadata of the source's table is, and the statement that told.

    Raises:
        SourceError: no such file, no catalog, no such table, or several and none named.
    """
    tables = _locations(source, address)
    wanted = source.table or address.options.get("table")
    if wanted is None and len(tables) == 1:
        return next(iter(tables.values())), _STATEMENT
    names = ", ".join(list(tables)[:20])
    if wanted is None:
        words = f"{source.name}: the catalog has {len(tables)} tables and none is named: {names}"
        raise SourceError(source.name, "missing", words, f"name one, as in ?table={next(iter(tables), 'sales.orders')}")
    if wanted not in tables:
        near = difflib.get_close_matches(wanted, tables, n=1)
        hint = f"did you mean {near[0]}?" if near else f"it has {names}"
        raise SourceError(source.name, "missing", f"{source.name}: the catalog has no table {wanted}", hint)
    return tables[wanted], _STATEMENT


def tables_of(source: Source, address: Address) -> tuple[str, ...]:
    """The tables of the catalog, each with its namespace.

    Raises:
        SourceError: no such file, or no catalog.
    """
    return tuple(_locations(source, address))


def _locations(source: Source, address: Address) -> dict[str, str]:
    said = unquote(address.uri.partition("://")[2].partition("?")[0])
    path = Path(said.removeprefix("/"))  # three slashes and a relative path, or four and an absolute one
    if not path.is_file():
        raise SourceError(source.name, "missing", f"{path.name}: there is no such file", "look at the path")
    still = "" if path.with_name(path.name + "-wal").exists() else "&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{still}", uri=True)) as connection:
            rows = connection.execute(_STATEMENT).fetchall()
    except sqlite3.Error as error:
        words = f"{path.name}: is no catalog of Iceberg tables ({type(error).__name__})"
        hint = "give the SQLite file of a catalog, or the folder of a table"
        raise SourceError(source.name, "not_what_it_says", words, hint) from None
    found: dict[str, str] = {}
    for space, name, location in rows:
        full = f"{space}.{name}"
        if found.get(full, location) != location:
            words = f"{source.name}: several catalogs of the file have a table {full}"
            raise SourceError(source.name, "unreadable", words, "give the folder of the table that is meant")
        if location:
            found[full] = location
    return found
