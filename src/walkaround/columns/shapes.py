"""Masks and shapes: what a text looks like, without what it says.

A *mask* has one character for each byte of the text: `9` for a digit, `A` and `a` for letters, `w` for the first byte
of any other character and an unprintable mark for its further bytes; punctuation and spaces stay. One look-up for each
byte of an Arrow buffer makes it, offsets and nulls are shared with the text. A *shape* is a mask with its runs
collapsed: `ana.silva@example.com` has the shape `a+.a+@a+.a+`. Shapes are made from the few distinct masks, never from
the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa

from walkaround.columns.arrays import numpy_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONTINUED: Final = "\x01"
"""Stands in a mask for the second and further bytes of a character, so that a mask is as long as its text."""
LONGEST_SHAPE: Final = 48
"""Characters of a shape that are kept: what differs later on is prose, and prose has no format."""
LONGEST_MASK: Final = 160
"""Bytes of a mask from which its shape is made; a shape of 48 characters rarely needs more."""


def _look_up() -> bytes:
    table = bytearray(range(256))
    for byte in range(256):
        if 0x30 <= byte <= 0x39:  # noqa: PLR2004 (ASCII digits)
            table[byte] = ord("9")
        elif 0x41 <= byte <= 0x5A:  # noqa: PLR2004 (A to Z)
            table[byte] = ord("A")
        elif 0x61 <= byte <= 0x7A:  # noqa: PLR2004 (a to z)
            table[byte] = ord("a")
        elif 0x80 <= byte <= 0xBF:  # noqa: PLR2004 (a byte that continues a character in UTF-8)
            table[byte] = ord(CONTINUED)
        elif byte >= 0xC0:  # noqa: PLR2004 (a byte that begins a character in UTF-8)
            table[byte] = ord("w")
    return bytes(table)


LOOK_UP: Final = _look_up()
"""The mask character of each byte."""


@dataclass(frozen=True)
class Masks:
    """The distinct masks of some texts. `codes`, of shape (texts,), says which mask each text has."""

    masks: pl.Series
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, texts: pa.LargeStringArray) -> Masks:
        """The masks of texts without nulls."""
        offsets, data = texts.buffers()[1:3]
        width = 8
        first, last = np.frombuffer(offsets, np.int64, 1, texts.offset * width)[0], 0
        last = np.frombuffer(offsets, np.int64, 1, (texts.offset + len(texts)) * width)[0]
        body = bytes(data[:last]).translate(LOOK_UP) if data is not None and last > first else b""
        masked = pa.Array.from_buffers(
            pa.large_string(), len(texts), [None, offsets, pa.py_buffer(body)], offset=texts.offset
        )
        coded = masked.dictionary_encode()
        codes = numpy_of(coded.indices).astype(np.int32, copy=False)
        masks = pl.Series("mask", pl.from_arrow(coded.dictionary), dtype=pl.String)
        return cls(masks, codes)

    @cached_property
    def shapes(self) -> pl.Series:
        """The shape of each distinct mask."""
        collapsed = self.masks.str.slice(0, LONGEST_MASK)
        for run, sign in ((CONTINUED + "+", ""), ("9+", "9+"), ("A+", "A+"), ("a+", "a+"), ("w+", "w+"), (" +", " ")):
            collapsed = collapsed.str.replace_all(run, sign)
        long = (collapsed.str.len_chars() > LONGEST_SHAPE) | (self.masks.str.len_bytes() > LONGEST_MASK)
        return pl.select(
            pl.when(long).then(collapsed.str.slice(0, LONGEST_SHAPE) + "…").otherwise(collapsed).alias("shape")
        ).to_series()

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The length of the texts of each distinct mask, in characters (code points)."""
        return (self.masks.str.len_bytes() - self.masks.str.count_matches(CONTINUED)).cast(pl.Int64).to_numpy()

    def weighted(self, weights: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many rows each distinct mask stands for, given how many each text stands for."""
        return np.bincount(self.codes, weights, len(self.masks)).astype(np.int64)

    def having(self, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The positions of the texts whose mask is wanted; `wanted` is of shape (masks,)."""
        if not wanted.any():
            return np.empty(0, np.int64)
        return np.flatnonzero(wanted[self.codes])
