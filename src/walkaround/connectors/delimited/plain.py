"""Text with escapes or spaces around its quotes, written without: what the fast way can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from walkaround.connectors.delimited.clean import PRIVATE
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.structure import CR, LF, Bytes, Flags, Positions

_SPACE: Final = ord(" ")
_PAD: Final = 16
"""Spaces beside a quote that are looked at; where there are more, the record is read by itself."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Text in which quotes are doubled and nothing is padded.

    `pair` are two bytes that stand for an escaped escape, b"" where there is none; `kept` are the places that the bytes
    had before, None where they are the same.
    """

    text: bytes
    pair: bytes = b""
    kept: Positions | None = None

    def end_before(self, end: int) -> int:
        """The place in the text as it was that corresponds to `end`, just past a byte that was kept."""
        return end if self.kept is None or not end else int(self.kept[end - 1]) + 1

    def undone(self, body: bytes) -> bytes:
        """`body` with escaped escapes as what they stand for."""
        return body.replace(self.pair, b"\\") if self.pair else body


def plain(text: bytes, dialect: Dialect) -> Plain | None:
    """The text written plainly; None where that is no matter of replacing bytes."""
    delimiter, quote = dialect.delimiter, dialect.quote
    escaped = dialect.escape is not None and dialect.escape in text
    if not escaped and not dialect.padded:
        return Plain(text)
    if delimiter is None or len(delimiter) > 1 or quote is None:
        return None
    made = _unescaped(text, delimiter, quote) if escaped else Plain(text)
    if made is None or not dialect.padded:
        return made
    data = np.frombuffer(made.text, dtype=np.uint8)
    kept = np.flatnonzero(~_padding(data, delimiter[0], quote[0]))
    return Plain(data[kept].tobytes(), made.pair, kept)


def _unescaped(text: bytes, delimiter: bytes, quote: bytes) -> Plain | None:
    r"""The text with `\"` as `""`, byte for byte in its place; None where more than quotes and escapes is escaped."""
    pair = next(byte for byte in PRIVATE if byte not in text) * 2
    doubled = text.replace(b"\\\\", pair)
    if any(b"\\" + mark in doubled for mark in (delimiter, b"\r", b"\n")):
        return None
    doubled = doubled.replace(b"\\" + quote, quote * 2)
    quotes = np.flatnonzero(np.frombuffer(doubled, dtype=np.uint8) == quote[0])
    openers = np.frombuffer(text, dtype=np.uint8)[quotes[0::2]]
    return None if (openers == ord("\\")).any() else Plain(doubled, pair if pair in doubled else b"")


def _padding(data: Bytes, delimiter: int, quote: int) -> Flags:
    """Which bytes are spaces between a quote that opens or closes a field and the delimiter or line end beside it."""
    padding: Flags = np.zeros(len(data), dtype=bool)
    quotes = np.flatnonzero(data == quote)
    for side, step in ((quotes[0::2], -1), (quotes[1::2], 1)):
        places = side
        for spaces in range(_PAD):
            beside = places + step * (spaces + 1)
            outside = (beside < 0) | (beside >= len(data))
            found = np.where(outside, LF, data[np.clip(beside, 0, len(data) - 1)])
            if spaces:
                padded = places[(found == delimiter) | (found == LF) | (found == CR)]
                for distance in range(1, spaces + 1):
                    padding[padded + step * distance] = True
            places = places[found == _SPACE]
            if not len(places):
                break
    return padding
