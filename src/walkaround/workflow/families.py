"""Families: a source that is many tables, each of which becomes a source of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from walkaround.connectors import connector_for
from walkaround.connectors.tables import matching
from walkaround.errors import SourceError
from walkaround.model.source import Source
from walkaround.workflow.assess import explained

GONE: Final = "there is no such table, or this user may not see it; look at its name, or ask for the right to read it"


def members(source: Source) -> tuple[Source, ...]:
    """The tables of a family as sources, in the order of the server; a source that is none is its own only member.

    Raises:
        SourceError: the tables could not be listed, or none matches.
    """
    if not source.tables:
        return (source,)
    listed = tuple(connector_for(source).datasets(source))
    found = matching(listed, source.tables, source.exclude)
    if not found and not any(_is_name(pattern) for pattern in source.tables):
        words = f"{source.name}: none of its {len(listed)} tables matches {', '.join(source.tables)}"
        raise SourceError(source.name, "missing", words, "look at the patterns, and at what this user may see")
    return tuple(source.member(table) for table in found)


def every_member(sources: Iterable[Source], frozen: Iterable[str] = ()) -> tuple[tuple[Source, str], ...]:
    """All sources, families taken apart; beside one that cannot be read, why: a family whose tables could not be
    listed, and a table that is named or `frozen` (names of sources) and not listed, as nobody may see it vanish.
    """
    told: list[tuple[Source, str]] = []
    for source in sources:
        try:
            found = members(source)
        except SourceError as error:
            told.append((source, explained(error)))
            continue
        told += [(member, "") for member in found]
        if source.tables:
            told += [(gone, GONE) for gone in _gone(source, {member.name for member in found}, frozen)]
    return tuple(told)


def _gone(family: Source, found: Collection[str], frozen: Iterable[str]) -> Iterator[Source]:
    """Tables that are named in full, or were frozen and still match, and are not listed."""
    named = [pattern for pattern in family.tables if _is_name(pattern)]
    start = f"{family.name}."
    known = [name.removeprefix(start) for name in frozen if name.startswith(start)]
    for table in dict.fromkeys([*named, *matching(known, family.tables, family.exclude)]):
        member = family.member(table)
        if member.name not in found:
            yield member


def _is_name(pattern: str) -> bool:
    return not any(sign in pattern for sign in "*?[")
