"""Families: a source that is many tables, each of which becomes a source of its own."""

from __future__ import annotations

from collections.abc import Iterable

from walkaround.connectors import connector_for
from walkaround.connectors.tables import matching
from walkaround.errors import SourceError
from walkaround.model.source import Source
from walkaround.workflow.assess import explained


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
    return tuple(source.member(table) for table in found)


def every_member(sources: Iterable[Source]) -> tuple[tuple[Source, str], ...]:
    """All sources, families taken apart; beside a family whose tables could not be listed, why."""
    told: list[tuple[Source, str]] = []
    for source in sources:
        try:
            told += [(member, "") for member in members(source)]
        except SourceError as error:
            told.append((source, explained(error)))
    return tuple(told)
