"""Store: the one seam between us and whatever keeps objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from walkaround.errors import AccessReason


@dataclass(frozen=True, slots=True)
class Item:
    """An object as it stood when it was looked at.

    `tag` says which content it had (its etag, or its time of change); two items are equal where nothing changed, so
    `modified`, which a listing and a look give with different precision, has no part in it. `size` is -1 where the
    server does not say before it sends, `ranges` False where it sends all or nothing.
    """

    key: str
    size: int
    tag: str
    modified: datetime | None = field(default=None, compare=False)
    ranges: bool = field(default=True, compare=False)


class Fault(Exception):  # noqa: N818 - it becomes a SourceError once the source's name is known
    """Why a store did not give what was asked for. `words` hold nothing of the store's own text, which may quote a
    signature; `passes` says whether asking again may help.
    """

    def __init__(self, reason: AccessReason, words: str, hint: str, *, passes: bool = False) -> None:
        super().__init__(words)
        self.reason: AccessReason = reason
        self.words = words
        self.hint = hint
        self.passes = passes


class Store(Protocol):
    """Whatever keeps objects. Nothing is retried within: `Visit` does that, for all of them alike."""

    def find(self, folder: str) -> Iterator[Item]:
        """The objects below a folder ("" is all), in any order.

        Raises:
            Fault: they cannot be listed.
        """

    def look(self, key: str) -> Item:
        """One object.

        Raises:
            Fault: it is not there, or may not be seen.
        """

    def get(self, item: Item, start: int, end: int | None) -> Iterator[bytes]:
        """Bytes `start` to before `end` of an object, in pieces; None is its end.

        Raises:
            Fault: they cannot be had, or the object is not the one that was looked at (reason "changed").
        """

    def close(self) -> None:
        """Leave."""


CHANGED = "changed while it was read"
CHANGED_HINT = "read it again once nothing writes to it, or read a copy"


def changed() -> Fault:
    """The object is not the one that was looked at."""
    return Fault("changed", CHANGED, CHANGED_HINT)
