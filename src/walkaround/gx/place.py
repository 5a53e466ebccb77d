"""Place: a JSON value and where it stands in its file, to be taken for what it should be or refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from walkaround.errors import BaselineError

IGNORED: Final = frozenset({"id", "rendered_content", "description"})
"""What GX adds when it saves a suite. None of it changes what is expected."""
HINT: Final = "Restore the file from git, or run `walkaround baseline freeze` to make it again."
"""What helps where a file of ours is damaged."""


def parsed(text: str, where: str, hint: str = HINT) -> Place:
    """The JSON value that a text holds; `where` names the file in messages.

    Raises:
        BaselineError: it is no JSON, has a key twice in one object, or a number that cannot be compared.
    """
    try:
        raw = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{where} is not readable as JSON: {error}", hint) from error
    return Place(where, raw, hint)


class Fields:
    """The members of an object whose keys are known to be right."""

    def __init__(self, where: str, members: Mapping[str, Any], hint: str) -> None:
        self._where = where
        self._members = members
        self._hint = hint

    def __getitem__(self, key: str) -> Place:
        if key not in self._members:
            raise BaselineError(f"{self._where}: {key!r} is missing", self._hint)
        return self.get(key, None)

    def get(self, key: str, default: Any) -> Place:
        """The member, or the default where it is absent."""
        return Place(f"{self._where}: {key}", self._members.get(key, default), self._hint)


class Place:
    """A JSON value and where it stands, to be taken for what it should be or refused."""

    def __init__(self, where: str, value: Any, hint: str = HINT) -> None:
        self.where = where
        self.value = value
        self._hint = hint

    def wrong(self, what: str, hint: str = "") -> BaselineError:
        """The error for this place."""
        return BaselineError(f"{self.where}: {what}", hint or self._hint)

    def mapping(self) -> dict[str, Any]:
        """An object with any keys."""
        if not isinstance(self.value, dict):
            raise self.wrong(f"should be an object, not {_kind(self.value)}")
        return self.value

    def object(self, *known: str) -> Fields:
        """An object with these keys at most."""
        unknown = sorted(self.mapping().keys() - set(known))
        if unknown:
            meant = ", ".join(key for key in known if key not in IGNORED)
            raise self.wrong(f"unknown key {unknown[0]!r}", f"Keys that may stand here: {meant}.")
        return Fields(self.where, self.mapping(), self._hint)

    def items(self) -> list[Place]:
        """The members of a list, counted from 1."""
        if not isinstance(self.value, list):
            raise self.wrong(f"should be a list, not {_kind(self.value)}")
        return [Place(f"{self.where} {n}", item, self._hint) for n, item in enumerate(self.value, 1)]

    def text(self) -> str:
        """A text."""
        if not isinstance(self.value, str):
            raise self.wrong(f"should be text, not {_kind(self.value)}")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """A list of texts; none where it is absent."""
        return () if self.value is None else tuple(item.text() for item in self.items())

    def one_of(self, allowed: tuple[str, ...]) -> str:
        """One of a few words."""
        if self.value not in allowed:
            raise self.wrong(f"{self.value!r} is none of {', '.join(allowed)}", "Write one of these words.")
        return self.text()

    def number(self) -> float | None:
        """A finite number, or None."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong(f"should be a number, not {_kind(self.value)}", "Write a number such as 0.005.")
        try:
            finite = math.isfinite(self.value)
        except OverflowError:
            finite = False
        if not finite:
            raise self.wrong("should be a finite number", "Write a number such as 0.005.")
        return self.value

    def whole(self) -> int | None:
        """A whole number of rows, or None."""
        if self.value is None or (isinstance(self.value, int) and not isinstance(self.value, bool)):
            return self.value
        raise self.wrong(f"should be a whole number, not {_kind(self.value)}")

    def time(self) -> datetime | None:
        """A time in ISO 8601, or None."""
        if self.value is None:
            return None
        try:
            return datetime.fromisoformat(self.text())
        except ValueError as error:
            raise self.wrong(f"{self.value!r} is not a time", "Write it like 2026-11-21T02:00:00+00:00.") from error


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number that can be compared")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python's parser keeps the last of two equal keys without a word."""
    members = dict(pairs)
    if len(members) < len(pairs):
        twice = next(key for n, (key, _) in enumerate(pairs) if key in {k for k, _ in pairs[:n]})
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return members
