r"""Python's regular expressions on Polars, whose engine (Rust's `regex`) has another syntax and other rules.

A pattern is parsed by Python and written anew for Rust, so that what it means is what it means to Python: `$` also
matches before a last newline, `\Z` is the end, and `\w`, `\d` and `\s` are the characters that Python takes for them.
`\b` and letter case differ between the two beyond ASCII; such patterns run in Rust on values that are ASCII and in
Python on the rest. What Rust cannot express (look-around, references to groups, possessive repeats) runs in Python.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any, Final

import numpy as np
import polars as pl

from walkaround.gx.rows.by_value import by_value
from walkaround.gx.rows.request import Target

CATEGORIES: Final = {
    op.CATEGORY_DIGIT: (r"\d", False), op.CATEGORY_NOT_DIGIT: (r"\d", True),
    op.CATEGORY_SPACE: (r"\s", False), op.CATEGORY_NOT_SPACE: (r"\s", True),
    op.CATEGORY_WORD: (r"\w", False), op.CATEGORY_NOT_WORD: (r"\w", True),
}  # fmt: skip
"""Classes of characters, and whether the others are meant."""
ASCII_LAST: Final = 127
SURROGATES: Final = range(0xD800, 0xE000)


class _ForPythonOnly(Exception):  # noqa: N818 - no error: a pattern that is left to Python
    """Rust has nothing that means the same."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A pattern for Rust; `ascii_only`: it means the same on values that are ASCII."""

    pattern: str
    ascii_only: bool


def matches(target: Target, pattern: str) -> pl.Expr:
    """Whether a value has a match anywhere (`re.search`); null where it is null.

    Values that are no text are searched as Python prints them.

    Raises:
        re.error: the pattern is no regular expression.
    """
    compiled = re.compile(pattern)
    if isinstance(target.dtype, pl.String | pl.Categorical | pl.Enum) or target.dtype.is_integer():
        text = target.expr.cast(pl.String)
    else:
        return by_value(target.expr, lambda value: compiled.search(str(value)) is not None)
    translated = translate(pattern)
    if translated is None:
        return by_value(text, lambda value: compiled.search(value) is not None)
    native = text.str.contains(translated.pattern)
    if not translated.ascii_only or target.dtype.is_integer():
        return native
    is_ascii = text.str.len_bytes() == text.str.len_chars()
    rest = by_value(pl.when(~is_ascii).then(text), lambda value: compiled.search(value) is not None)
    return pl.when(is_ascii).then(native).otherwise(rest)


@cache
def translate(pattern: str) -> Translated | None:
    r"""The pattern for Rust's engine; None where it can only run in Python.

    >>> translate(r"^a+$").pattern
    '\\A(?:a){1,}\\n?\\z'
    """
    try:
        parsed = _parser.parse(pattern)
        writer = _Writer(parsed.state.flags)
        written = writer.sequence(parsed, tail=True)
        if parsed.state.flags & re.IGNORECASE:
            written = f"(?i:{written})"
        pl.select(pl.lit("").str.contains(written))  # too large a program is found out here
    except (_ForPythonOnly, pl.exceptions.ComputeError):
        return None
    return Translated(written, writer.ascii_only or bool(parsed.state.flags & re.IGNORECASE))


class _Writer:
    """Writes a parsed pattern in Rust's syntax."""

    def __init__(self, flags: int) -> None:
        if flags & re.LOCALE:
            raise _ForPythonOnly
        self._flags = flags
        self.ascii_only = False

    def sequence(self, parts: Sequence[Any], *, tail: bool) -> str:
        """Parts one after the other; `tail`: nothing comes after them."""
        last = len(parts) - 1
        return "".join(self._part(kind, what, tail=tail and n == last) for n, (kind, what) in enumerate(parts))

    def _part(self, kind: Any, what: Any, *, tail: bool) -> str:
        one = self._one_character(kind, what)
        if one:
            return one
        if kind is op.BRANCH:
            return f"(?:{'|'.join(self.sequence(branch, tail=tail) for branch in what[1])})"
        if kind is op.SUBPATTERN and not (what[1] or what[2]):  # flags of its own
            return f"(?:{self.sequence(what[3], tail=tail)})"
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT}:
            low, high, inner = what
            most = "" if high is op.MAXREPEAT else high
            return f"(?:{self.sequence(inner, tail=False)}){{{low},{most}}}"
        if kind is op.AT:
            return self._position(what, tail=tail)
        raise _ForPythonOnly

    def _one_character(self, kind: Any, what: Any) -> str:
        """A part that is one character; empty where it is something else."""
        if kind is op.LITERAL:
            return self._character(what)
        if kind is op.NOT_LITERAL:
            return f"[^{self._character(what)}]"
        if kind is op.ANY:
            return "(?s:.)" if self._flags & re.DOTALL else r"[^\n]"
        return self._class(what) if kind is op.IN else ""

    def _character(self, code: int) -> str:
        if code > ASCII_LAST and self._flags & re.IGNORECASE:
            raise _ForPythonOnly  # which letters are one but for their case is another list in Rust
        return _character(code)

    def _position(self, where: Any, *, tail: bool) -> str:
        lines = self._flags & re.MULTILINE
        if where is op.AT_BEGINNING_STRING or (where is op.AT_BEGINNING and not lines):
            return r"\A"
        if where is op.AT_END_STRING:
            return r"\z"
        if where is op.AT_BEGINNING:
            return "(?m:^)"
        if where is op.AT_END and lines:
            return "(?m:$)"
        if where is op.AT_END and tail:
            return r"\n?\z"  # takes up the newline that Python only looks at: fine where nothing comes after
        if where is op.AT_BOUNDARY:  # its opposite holds of an empty text in Rust, and not in Python before 3.14
            self.ascii_only = True
            return r"\b"
        raise _ForPythonOnly

    def _class(self, items: Sequence[Any]) -> str:
        negated = bool(items) and items[0][0] is op.NEGATE
        inside = "".join(self._item(kind, what) for kind, what in items[negated:])
        return f"[{'^' if negated else ''}{inside}]"

    def _item(self, kind: Any, what: Any) -> str:
        if kind is op.LITERAL:
            return self._character(what)
        if kind is op.RANGE:
            low, high = what
            if low < SURROGATES.stop and high >= SURROGATES.start:
                raise _ForPythonOnly
            return f"{self._character(low)}-{self._character(high)}"
        if kind is op.CATEGORY:
            category, others = CATEGORIES[what]
            members = _members(category, ascii_only=bool(self._flags & re.ASCII))
            return f"[^{members}]" if others else members
        raise _ForPythonOnly


def _character(code: int) -> str:
    character = chr(code)
    if code in SURROGATES:
        raise _ForPythonOnly
    return character if character.isascii() and character.isalnum() else f"\\x{{{code:x}}}"


@cache
def _members(category: str, *, ascii_only: bool) -> str:
    """The characters of a category as Python has them, as ranges within a class."""
    characters = "".join(map(chr, range(128))) if ascii_only else _every_character()
    runs = (run[0] for run in re.finditer(f"{category}+", characters, re.ASCII if ascii_only else 0))
    return "".join(f"{_character(ord(run[0]))}-{_character(ord(run[-1]))}" for run in runs)


@cache
def _every_character() -> str:
    """All of Unicode in one text, but for surrogates, which are no characters."""
    codes = np.arange(sys.maxunicode + 1, dtype="<u4")
    kept = codes[(codes < SURROGATES.start) | (codes >= SURROGATES.stop)]
    return kept.tobytes().decode("utf-32-le")
