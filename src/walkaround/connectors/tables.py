"""Which table of a database file is meant, and how its name is written in SQL."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence

from walkaround.connectors.contract import FileState
from walkaround.connectors.location import Place
from walkaround.errors import SourceError
from walkaround.model.source import Source


def quoted(name: str) -> str:
    """A name as SQL: in double quotes, its own doubled."""
    return '"' + name.replace('"', '""') + '"'


def chosen(source: Source, place: Place, state: FileState, tables: Sequence[str]) -> str:
    """The table that the source names; the only one where it names none.

    Raises:
        SourceError: there is no table, no such table, or several and none named.
    """
    shown = state.path.name
    if not tables:
        raise SourceError(source.name, "empty", f"{shown}: has no table", "look at what should have filled it")
    wanted = source.table or place.table
    if wanted is None:
        if len(tables) == 1:
            return tables[0]
        words = f"{shown}: has {len(tables)} tables and none is named: {', '.join(tables[:20])}"
        raise SourceError(source.name, "missing", words, f"name one, as in {shown}?table={tables[0]}")
    if wanted in tables:
        return wanted
    bare = wanted.removeprefix("main.")
    if bare in tables:
        return bare
    near = difflib.get_close_matches(wanted, tables, n=1)
    hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(tables[:20])}"
    raise SourceError(source.name, "missing", f"{shown}: has no table {wanted}", hint)


def matching(tables: Sequence[str], patterns: Sequence[str], excluded: Sequence[str] = ()) -> tuple[str, ...]:
    """The tables that match one of `patterns` (`public.*`) and none of `excluded`; letter case counts.

    >>> matching(["public.a", "public.b_old", "s.a"], ["public.*"], ["*_old"])
    ('public.a',)
    """
    return tuple(
        table
        for table in tables
        if any(fnmatch.fnmatchcase(table, pattern) for pattern in patterns)
        and not any(fnmatch.fnmatchcase(table, pattern) for pattern in excluded)
    )
