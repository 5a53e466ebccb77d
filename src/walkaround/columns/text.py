"""Text: the distinct-enough values of a text column, how often each stands there, and what each reads as."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from walkaround.columns.arrays import numpy_of
from walkaround.columns.dates import DatesRead, read_dates
from walkaround.columns.kinds import KINDS, simple_kinds
from walkaround.columns.numbers import NumbersRead, read_numbers
from walkaround.columns.shapes import CONTINUED, Masks
from walkaround.columns.words import MISSING_WORDS, word_masks

if TYPE_CHECKING:
    from numpy.typing import NDArray

PROBE: Final = 4096
"""Rows that are looked at to see whether values repeat."""
REPEATING: Final = 0.5
"""With more distinct values than this share of the probe, finding them in a batch costs more than it saves."""

_ODD_BLANK: Final = r"^[ \t\r\n]*(?:w\x01+[ \t\r\n]*){1,4}$"
"""Masks of a few signs outside ASCII: a no-break space alone is blank, and so is one of no width."""
_BLANK_SIGNS: Final = r"[\s\u{200b}-\u{200d}\u{2060}\u{feff}]"

WORD_MASK: Final = r"[Aaw\x01]{3}"
"""The masks of texts that hold a word."""

PRESENT, EMPTY, BLANK, WORD = range(4)
"""How a text can be absent: not at all, no character, white space only, or a word for "nothing"."""


@dataclass(frozen=True)
class Text:
    """The values of a text column in one batch.

    `values` (m,) has no nulls; a value may stand in it more than once. `weights` (m,) says for how many rows each
    stands; `codes` (rows,) which value each row has, -1 for null.
    """

    values: pa.LargeStringArray
    weights: NDArray[np.int64]
    codes: NDArray[np.int32]
    words: frozenset[str]

    @classmethod
    def of(cls, array: pa.Array, words: tuple[str, ...] | None) -> Text:
        """Of an Arrow array of strings, or of a dictionary of strings."""
        known = MISSING_WORDS if words is None else frozenset(word.strip().lower() for word in words)
        if not pa.types.is_dictionary(array.type) and _repeats(array):
            array = array.dictionary_encode()
        if pa.types.is_dictionary(array.type):
            values = _large(array.dictionary)
            codes = numpy_of(array.indices, -1).astype(np.int32, copy=False)
            weights = np.bincount(codes[codes >= 0], minlength=len(values)).astype(np.int64)
            if values.null_count or not weights.all():  # a slice keeps values that none of its rows has
                return cls.of(pc.cast(array, pa.large_string()), words)
            return cls(values, weights, codes, known)
        codes = np.full(len(array), -1, np.int32)
        present = numpy_of(array.is_valid())
        codes[present] = np.arange(int(present.sum()), dtype=np.int32)
        values = _large(array.drop_null() if array.null_count else array)
        return cls(values, np.ones(len(values), np.int64), codes, known)

    @cached_property
    def series(self) -> pl.Series:
        """The values for Polars."""
        return pl.Series("value", pl.from_arrow(self.values), dtype=pl.String)

    @cached_property
    def masks(self) -> Masks:
        """What the values look like."""
        return Masks.of(self.values)

    @cached_property
    def absent(self) -> NDArray[np.uint8]:
        """For each value PRESENT, EMPTY, BLANK or WORD."""
        masks = self.masks.masks
        lengths = masks.str.len_bytes().to_numpy()
        blank = (masks.str.strip_chars().str.len_bytes() == 0).to_numpy() & (lengths > 0)
        of_mask = np.where(lengths == 0, EMPTY, np.where(blank, BLANK, PRESENT)).astype(np.uint8)
        told = of_mask[self.masks.codes]
        odd = self.masks.having(masks.str.contains(_ODD_BLANK).to_numpy())
        if len(odd):
            told[odd[(self.series.gather(odd).str.replace_all(_BLANK_SIGNS, "") == "").to_numpy()]] = BLANK
        wordy = masks.str.strip_chars().str.to_lowercase().is_in(word_masks(self.words)).to_numpy()
        candidates = self.masks.having(wordy & (of_mask == PRESENT))
        if len(candidates):
            texts = self.series.gather(candidates).str.strip_chars().str.to_lowercase()
            told[candidates[texts.is_in(list(self.words)).to_numpy()]] = WORD
        return told

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """Whether each value says something."""
        return np.asarray(self.absent == PRESENT)

    @cached_property
    def mask_weights(self) -> NDArray[np.int64]:
        """How many present rows each distinct mask stands for."""
        return self.masks.weighted(np.where(self.present, self.weights, 0))

    @cached_property
    def dates(self) -> DatesRead:
        """The values that read as a date, a time, or both."""
        return read_dates(self.series, self.masks, self.present)

    @cached_property
    def numbers(self) -> NumbersRead:
        """The values that read as a number."""
        return read_numbers(self.series, self.masks, self.present)

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """What each value reads as: an index into `KINDS`. Absent values read as text."""
        kinds = simple_kinds(self.series, self.masks, self.present)
        numbers, dates = self.numbers, self.dates
        kinds[numbers.at] = np.where(numbers.whole, KINDS.index("integer"), KINDS.index("decimal"))
        kinds[dates.at] = dates.kinds
        return kinds

    @cached_property
    def worded(self) -> NDArray[np.bool_]:
        """Whether each value is a text of words: present, of no other kind, with three letters in a row."""
        letters = self.masks.masks.str.contains(WORD_MASK).to_numpy()
        return np.asarray(letters[self.masks.codes] & self.present & (self.kinds == KINDS.index("text")))

    def rows_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each row whether its value is chosen; False for nulls. `chosen` is of shape (m,)."""
        if not len(chosen):
            return np.zeros(len(self.codes), np.bool_)
        return np.where(self.codes >= 0, chosen[self.codes], np.False_)

    @cached_property
    def has_continued(self) -> bool:
        """Whether any value has a character outside ASCII."""
        return bool(self.masks.masks.str.contains(CONTINUED, literal=True).any())


def _large(array: pa.Array) -> pa.LargeStringArray:
    return array if pa.types.is_large_string(array.type) else array.cast(pa.large_string())


def _repeats(array: pa.Array) -> bool:
    probe = array[:PROBE]
    return len(probe) == 0 or len(probe.unique()) <= REPEATING * len(probe) or len(array) <= PROBE
