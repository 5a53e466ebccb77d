"""Headers: whether a record names the columns, or is a row like those below it."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(rb"[-+(]?[$\xe2\x82\xac ]*\d[\d.,' ]*(?:[eE][-+]?\d+)?%?\)?")
_WHEN: Final = re.compile(rb"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ].*)?|\d{1,2}:\d{2}(?::\d{2})?.*")
_YEAR: Final = re.compile(rb"(?:19|20)\d\d")


def could_be_header(names: tuple[bytes, ...], fields: int) -> bool:
    """Whether a line above rows of another number of fields names columns: many, unlike, and no numbers."""
    said = [name for name in names if name.strip()]
    many = len(names) > 1 and len(names) * 2 >= fields
    return many and len(set(said)) == len(said) >= len(names) - 1 and not any(kind_of(name) for name in said)


def kind_of(value: bytes) -> str:
    """What a value is, roughly: "when", "number", or "" for anything else."""
    value = value.strip()
    if _WHEN.fullmatch(value):
        return "when"
    return "number" if _NUMBER.fullmatch(value) else ""


def is_header(first: tuple[bytes, ...], body: list[tuple[bytes, ...]]) -> bool:
    """Whether the first record names the columns, by its contrast to the body: numbers over numbers are no names."""
    if not first or not any(name.strip() for name in first):
        return False
    if not body:
        return not any(kind_of(name) for name in first)
    votes = sum(_vote(name, [row[place] for row in body]) for place, name in enumerate(first))
    if votes:
        return votes > 0
    repeated = any(name and any(row[place] == name for row in body) for place, name in enumerate(first))
    return not repeated and not all(kind_of(name) for name in first if name)


def _vote(name: bytes, values: list[bytes]) -> int:  # noqa: PLR0911 - one return a rule
    """+1 where a name stands over values of another kind, -1 where it is one of them, 0 where nobody can tell."""
    filled = [value for value in values if value.strip()]
    if not filled or not name.strip():
        return 0
    kinds = [kind_of(value) for value in filled]
    usual = max(kinds, key=kinds.count)
    if usual and kinds.count(usual) * 10 >= len(kinds) * 8:
        if _YEAR.fullmatch(name) and usual == "number" and not all(map(_YEAR.fullmatch, filled)):
            return 1
        return -1 if kind_of(name) else 1
    if kind_of(name):
        return 0
    masks = {_mask(value) for value in filled}
    if len(masks) == 1 and len(filled) > 2:  # noqa: PLR2004 - two values of one shape are no pattern
        mask = masks.pop()
        if mask.strip(b"a") == b"":
            return 0
        return -1 if _mask(name) == mask else 1
    return 0


def _mask(value: bytes) -> bytes:
    return re.sub(rb"[A-Za-z]", b"a", re.sub(rb"\d", b"9", value))
