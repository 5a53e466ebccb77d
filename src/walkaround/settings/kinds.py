"""Kinds: what a single value of walkaround.yaml can be. Each reads a value, and says the same as JSON Schema."""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from walkaround.settings.tree import Tree

JsonSchema = dict[str, Any]

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WHOLE: Final = re.compile(r"[+-]?\d+")
_PERCENT: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?%")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIZE: Final = re.compile(r"(\d{1,15}(?:\.\d{1,3})?) ?(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?")
_UNITS: Final = {
    "B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
}  # fmt: skip
_VARIABLE: Final = "${"
_MAX_QUOTED: Final = 60
"""A message quotes no more than this of what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Kind(ABC):
    """What a value can be."""

    @abstractmethod
    def read(self, tree: Tree) -> Any:
        """The value that stands here.

        Raises:
            SettingsError: it is of another kind.
        """

    @abstractmethod
    def schema(self) -> JsonSchema:
        """The same in JSON Schema (draft 2020-12)."""


def quoted(text: str) -> str:
    """A piece of the file for a message, cut and with control characters escaped."""
    return repr(text if len(text) <= _MAX_QUOTED else text[:_MAX_QUOTED] + "...")


def near(word: str, known: Sequence[str]) -> str:
    """The hint to a misspelt word."""
    found = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {found[0]}?" if found else f"known are: {', '.join(known)}"


def _scalar(tree: Tree, wanted: str) -> str:
    text = tree.text
    if text is None:
        tree.fail(f"{wanted} is expected here, not {tree.what}")
    if _VARIABLE in text:
        tree.fail("${...} is filled in only in uri and pilot", "write the text itself")
    return text


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """Any text; what looks like a number or a date is taken as it is written."""

    def read(self, tree: Tree) -> str:
        """The text."""
        return _scalar(tree, "a text")

    def schema(self) -> JsonSchema:
        """A text, or what an editor takes for a number or a Boolean."""
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Matching(Kind):
    """A text of a certain form; `words` says which."""

    pattern: str
    words: str

    def read(self, tree: Tree) -> str:
        """The text."""
        text = _scalar(tree, self.words)
        if not re.fullmatch(self.pattern, text):
            tree.fail(f"{quoted(text)} is not {self.words}")
        return text

    def schema(self) -> JsonSchema:
        """A text with a pattern; an editor may take what looks like a number for one."""
        return {"type": ["string", "number"], "pattern": f"^(?:{self.pattern})$"}


@dataclass(frozen=True, slots=True)
class Word(Kind):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, tree: Tree) -> str:
        """The word."""
        text = _scalar(tree, f"one of {', '.join(self.words)}")
        if text not in self.words:
            tree.fail(f"{quoted(text)} is not one of {', '.join(self.words)}", near(text, self.words))
        return text

    def schema(self) -> JsonSchema:
        """An enumeration."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """`true` or `false`; `yes`, `NO` and `on` are texts."""

    def read(self, tree: Tree) -> bool:
        """The Boolean."""
        text = _scalar(tree, "true or false")
        if text not in ("true", "false"):
            tree.fail(f"{quoted(text)} is neither true nor false")
        return text == "true"

    def schema(self) -> JsonSchema:
        """A Boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number of at least `least`."""

    least: int = 0

    def read(self, tree: Tree) -> int:
        """The number."""
        text = _scalar(tree, "a whole number")
        if not _WHOLE.fullmatch(text):
            tree.fail(f"{quoted(text)} is no whole number")
        if len(text) > len(str(2**63)) or not self.least <= int(text) < 2**63:
            tree.fail(f"{quoted(text)} is out of range: at least {self.least}")
        return int(text)

    def schema(self) -> JsonSchema:
        """An integer with a minimum."""
        return {"type": "integer", "minimum": self.least, "exclusiveMaximum": 2**63}


@dataclass(frozen=True, slots=True)
class Bytes(Kind):
    """A size: `500 MiB`, `2 GiB`, `10 MB`, or bytes without a unit."""

    def read(self, tree: Tree) -> int:
        """The bytes."""
        text = _scalar(tree, "a size such as 500 MiB")
        found = _SIZE.fullmatch(text)
        if not found or not (size := int(float(found.group(1)) * _UNITS[found.group(2) or "B"])):
            tree.fail(f"{quoted(text)} is no size", "write 500 MiB or 2 GiB")
        return size

    def schema(self) -> JsonSchema:
        """An integer, or a text with a unit."""
        return {"anyOf": [Whole(1).schema(), {"type": "string", "pattern": f"^(?:{_SIZE.pattern})$"}]}


@dataclass(frozen=True, slots=True)
class Fraction(Kind):
    """A share: `0.005` or `0.5%`, between 0 and 1; `open_ends` leaves out 0 and 1 themselves."""

    open_ends: bool = False

    def read(self, tree: Tree) -> float:
        """The share as a fraction."""
        text = _scalar(tree, "a share such as 0.5% or 0.005")
        percent = _PERCENT.fullmatch(text)
        if not percent and not _NUMBER.fullmatch(text):
            tree.fail(f"{quoted(text)} is no share", "write 0.5% or 0.005")
        value = float(percent.group(1)) / 100 if percent else float(text)
        inside = 0 < value < 1 if self.open_ends else 0 <= value <= 1
        if not inside:
            tree.fail(f"{quoted(text)} is not between 0 % and 100 %", "half a per cent is 0.5% or 0.005")
        return value

    def schema(self) -> JsonSchema:
        """A number, or a text with a per cent sign."""
        ends = {"exclusiveMinimum": 0, "exclusiveMaximum": 1} if self.open_ends else {"minimum": 0, "maximum": 1}
        share = r"^(?:100(?:\.0+)? ?%|\d{1,2}(?:\.\d+)? ?%|\.\d+ ?%)$"
        return {"anyOf": [{"type": "number", **ends}, {"type": "string", "pattern": share}]}


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A date, year first: `2026-11-14`."""

    def read(self, tree: Tree) -> date:
        """The date."""
        text = _scalar(tree, "a date such as 2026-11-14")
        if not _DATE.fullmatch(text):
            tree.fail(f"{quoted(text)} is no date", "write the year first: 2026-11-14")
        try:
            return date.fromisoformat(text)
        except ValueError:
            tree.fail(f"there is no day {text}")

    def schema(self) -> JsonSchema:
        """A text of that form."""
        return {"type": "string", "format": "date", "pattern": f"^(?:{_DATE.pattern})$"}
