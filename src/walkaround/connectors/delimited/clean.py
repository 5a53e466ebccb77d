"""Clean text: what Arrow's parser reads as we would."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.structure import CR, LF, Bytes, Flags, Positions

MARK: Final = b"\xef\xbb\xbf"

PRIVATE: Final = (b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x0e", b"\x0f", b"\x10", b"\x11", b"\x12", b"\x13")
"""Bytes that stand for a delimiter or a quote that Arrow's parser cannot have; any that the chunk does not hold."""

_COMMENT: Final = re.compile(rb"#+(?:[ \tA-Za-z!]|$)")
"""How a line begins that is a comment where it is no row either; "#12" may be a number of something."""


@dataclass(frozen=True, slots=True)
class Clean:
    """Text that Arrow's parser reads as we would: `records` of them, blank lines apart."""

    text: bytes
    delimiter: bytes
    quote: bytes | None
    records: int


def blank_lines(text: bytes, data: Bytes, ends: Positions, dialect: Dialect) -> Flags:
    """Which lines hold nothing; of several columns, spaces are nothing as well."""
    starts = np.concatenate([[0], ends[:-1]])
    first = data[starts]
    blank: Flags = (first == LF) | (first == CR)
    if dialect.fields > 1:
        delimiter = (dialect.delimiter or b"")[:1]
        for line in np.flatnonzero((first == ord(" ")) | (first == ord("\t"))).tolist():
            words = text[starts[line] : ends[line]]
            blank[line] = not words.strip() and delimiter not in words
    return blank


def parsed_delimiter(text: bytes, dialect: Dialect) -> bytes:
    """The byte that Arrow's parser is to split at: the delimiter, or one that the text does not hold."""
    if dialect.delimiter is not None and len(dialect.delimiter) == 1:
        return dialect.delimiter
    return next(byte for byte in PRIVATE if byte not in text)


def count_reason(fields: int, expected: int, text: bytes) -> str:
    """Why a record with another number of fields is rejected; `text` is how it begins."""
    if _COMMENT.match(text):
        return "comment"
    return "too few fields" if fields < expected else "too many fields"
