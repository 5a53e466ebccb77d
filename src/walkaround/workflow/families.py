"""Families: a source that is many tables, each of which becomes a source of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from walkaround.connectors import connector_for
from walkaround.connectors.tables import matching
from walkaround.errors import SourceError
from walkaround.model.source import Source

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 ._-]")
_LONGEST: Final = 128
"""Characters of a source's name: folders are named after it."""


def members(source: Source) -> tuple[Source, ...]:
    """The tables of a family as sources, in the order of the server; a source that is none is its own only member.

    Raises:
        SourceError: the tables could not be listed, or none matches.
    """
    if not source.tables:
        return (source,)
    listed = tuple(connector_for(source).datasets(source))
    found = matching(listed, source.tables, source.exclude)
    if not found:
        words = f"{source.name}: none of its {len(listed)} tables matches {', '.join(source.tables)}"
        raise SourceError(source.name, "missing", words, "look at the patterns, and at what this user may see")
    return tuple(_member(source, table) for table in found)


def every_member(sources: Iterable[Source]) -> tuple[tuple[Source, str], ...]:
    """All sources, families taken apart; beside a family whose tables could not be listed, why."""
    told: list[tuple[Source, str]] = []
    for source in sources:
        try:
            told += [(member, "") for member in members(source)]
        except SourceError as error:
            told.append((source, f"{error.message}; {error.hint}" if error.hint else error.message))
    return tuple(told)


def _member(family: Source, table: str) -> Source:
    bare = table.rpartition(".")[2]
    pilot = None if family.pilot is None else family.pilot.replace("{table}", bare)
    return replace(family, name=_name(f"{family.name}.{table}"), table=table, pilot=pilot, tables=(), exclude=())


def _name(text: str) -> str:
    """A name that a folder can have; one that had to be changed ends in a digest, so that no two are the same.

    >>> _name("crm.public.orders"), _name("crm.public.a/b")
    ('crm.public.orders', 'crm.public.a_b-0fef941a')
    """
    safe = _UNSAFE.sub("_", text)
    if safe == text and len(text) <= _LONGEST and not text.endswith((" ", ".")):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{safe[: _LONGEST - 9]}-{digest}"
