"""Reading: what a column of text can be read as, whole, so that an expectation written for typed data can look at it.

A column is read as another type only as a whole: every value that says something (not null, blank, or a word for
"nothing" as the settings or the usual list have it) must read so, and no two different texts may become one value.
So "007" keeps a column text, as do "1.10" beside "1.1", and numbers of over 15 digits with a fraction; `number` alone
gives those up, for whoever asks for numbers. What says nothing is then null.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from walkaround.columns.words import MISSING_WORDS

View = Literal["text", "number", "typed"]
"""How a column of text is shown: as it is, as numbers, or as the type that all of it reads as."""
Type = Literal["", "whole", "decimal", "boolean", "date", "timestamp"]
KINDS: Final = ("whole", "plain", "exact", "boolean", "date", "timestamp")
"""What values are tried as: `plain` are numbers however written, `exact` those that a double keeps."""
PROBE: Final = 4096
"""Rows that are looked at first: what not all of them are, not all rows are."""
UTF8: Final = 4
"""Bytes that a character takes at most."""

_WHOLE: Final = r"^-?(?:0|[1-9][0-9]{0,17})$"
_PLAIN: Final = r"^\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*$"
"""What programs write for a number: digits, a decimal point, an exponent. Thousands signs and units are for people."""
_LEADING_ZERO: Final = r"^\s*[+-]?0[0-9]"
_EXACT: Final = r"^[^0-9]*(?:[0-9][^0-9]*){1,15}$"
"""At most 15 digits, which a double keeps."""
_BOOLEAN: Final = r"^(?:True|true|TRUE|False|false|FALSE)$"
_DATE: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIMESTAMP: Final = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?$"


@dataclass(frozen=True, slots=True)
class Reading:
    """A column of text: `present` values say something, `numbers` of them read as a number, all read as `type`.

    `words` are those that mean "nothing" in it.
    """

    name: str
    type: Type
    present: int
    numbers: int
    words: frozenset[str]

    @property
    def numeric(self) -> bool:
        """Whether every value reads as a number; where there is none, nothing speaks against it."""
        return self.numbers == self.present

    def shown(self, view: View) -> pl.Expr:
        """The column in one view. Whoever asks for numbers where not all are gets the text."""
        text = pl.col(self.name)
        if view == "text" or (view == "number" and not self.numeric) or (view == "typed" and not self.type):
            return text
        if view == "number" and self.type not in {"whole", "decimal"}:
            return (_number(text) if self.present else pl.lit(None, pl.Float64)).alias(self.name)
        said = pl.when(_present(self.name, self.words)).then(text)
        return _typed(said, self.type).alias(self.name)


def readings(frame: pl.LazyFrame, columns: Iterable[str], missing: Mapping[str, tuple[str, ...]]) -> dict[str, Reading]:
    """What each of these columns of text reads as; `missing` has the words for nothing where they are not the usual
    ones. Takes two passes over the columns, after a look at the first rows of what is worth trying.
    """
    words = {
        name: frozenset(word.strip().lower() for word in missing[name]) if name in missing else MISSING_WORDS
        for name in columns
    }
    first = _counted(frame.head(PROBE), words, dict.fromkeys(words, KINDS))
    tried = {name: {"plain", *(kind for kind in KINDS if first[name].all_are(kind))} for name in words}
    found = _counted(frame, words, tried)
    doubtful = {name: own for name, own in words.items() if found[name].all_are("plain") and not found[name].type}
    kept = _of_one(frame.select(_keeps_apart(name, own).alias(name) for name, own in doubtful.items()))
    return {name: _reading(name, found[name], own, apart=bool(kept.get(name))) for name, own in words.items()}


@dataclass(frozen=True, slots=True)
class _Found:
    """How many values of a column say something, and how many of these are of each kind that was tried."""

    present: int
    kinds: Mapping[str, int]

    def all_are(self, kind: str) -> bool:
        """Whether nothing that was seen speaks against the kind."""
        return self.kinds.get(kind) == self.present

    @property
    def type(self) -> Type:
        """What all values read as by themselves; decimals are told from other texts only side by side."""
        if not self.present:
            return ""
        types: tuple[Type, ...] = ("whole", "boolean", "date", "timestamp")
        return next((kind for kind in types if self.all_are(kind)), "")


def _reading(name: str, found: _Found, words: frozenset[str], *, apart: bool) -> Reading:
    decimal = apart and found.present > 0 and found.all_are("exact")
    return Reading(name, "decimal" if decimal else found.type, found.present, found.kinds["plain"], words)


def _counted(
    frame: pl.LazyFrame, words: Mapping[str, frozenset[str]], tried: Mapping[str, Collection[str]]
) -> dict[str, _Found]:
    """One pass over all columns."""
    told = {(name, kind): _is(kind, name) for name in words for kind in tried[name]}
    present = {(name, ""): pl.lit(value=True) for name in words}
    row = _of_one(
        frame.select(
            (_present(name, words[name]) & says).fill_null(value=False).sum().alias(f"{name}\x00{kind}")
            for (name, kind), says in {**present, **told}.items()
        )
    )
    return {
        name: _Found(row[f"{name}\x00"], {kind: row[f"{name}\x00{kind}"] for kind in tried[name]}) for name in words
    }


def _of_one(frame: pl.LazyFrame) -> dict[str, int]:
    row = frame.collect()
    return row.row(0, named=True) if row.width else {}


def _present(name: str, words: frozenset[str]) -> pl.Expr:
    """Whether a value says something; only short texts are held against the words."""
    said = pl.col(name).str.strip_chars()
    short = pl.when(said.str.len_bytes() <= max(map(len, words), default=0) * UTF8).then(said)
    nothing = short.str.to_lowercase().is_in(sorted(words)).fill_null(value=False)
    return pl.col(name).is_not_null() & (said.str.len_bytes() > 0) & ~nothing


def _is(kind: str, name: str) -> pl.Expr:
    """Whether a text is of a kind."""
    text = pl.col(name)
    if kind == "whole":
        return text.str.contains(_WHOLE) & (text != "-0")
    if kind == "plain":
        return text.str.contains(_PLAIN) & _number(text).is_finite()
    if kind == "exact":
        return text.str.contains(_EXACT) & ~text.str.contains(_LEADING_ZERO)
    if kind == "boolean":
        return text.str.contains(_BOOLEAN)
    if kind == "date":
        return text.str.contains(_DATE) & _typed(text, "date").is_not_null()
    return text.str.contains(_TIMESTAMP) & _typed(text, "timestamp").is_not_null()


def _keeps_apart(name: str, words: frozenset[str]) -> pl.Expr:
    """Whether different texts stay different numbers."""
    said = pl.col(name).filter(_present(name, words))
    return said.n_unique() == _number(said).n_unique()


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().cast(pl.Float64, strict=False)


def _typed(text: pl.Expr, kind: Type) -> pl.Expr:
    if kind == "whole":
        return text.cast(pl.Int64, strict=False)
    if kind == "decimal":
        return _number(text)
    if kind == "boolean":
        return text.str.to_lowercase() == "true"
    if kind == "date":
        return text.str.to_date("%Y-%m-%d", strict=False)
    return text.str.replace("T", " ", literal=True).str.to_datetime(
        "%Y-%m-%d %H:%M:%S%.f", strict=False, time_unit="us"
    )
