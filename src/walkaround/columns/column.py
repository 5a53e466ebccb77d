"""Column: one column of one batch, with the views that measures share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from walkaround.columns import hashing
from walkaround.columns.arrays import floats_of_decimals, numpy_of
from walkaround.columns.dates import EITHER, NO_DAY
from walkaround.columns.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from walkaround.columns.units import Units
    from walkaround.model.source import ColumnSpec

WORD: Final = r"\p{L}{3,}"
"""A word: three letters or more of any script. Shorter ones are particles and initials."""
NULL_HASH: Final = np.uint64(0x6E756C6C)
"""Stands for null in hashes of whole rows; columns alone never hash a null."""
MICROSECONDS_A_DAY: Final = 86_400_000_000


def kind_of(dtype: pa.DataType) -> str:
    """The physical kind of an Arrow type, as `Measure.accepts` is asked."""
    types = pa.types
    if types.is_dictionary(dtype):
        return kind_of(dtype.value_type)
    for kind, tests in (
        ("text", (types.is_string, types.is_large_string, types.is_string_view)),
        ("number", (types.is_integer, types.is_floating, types.is_decimal)),
        ("boolean", (types.is_boolean,)),
        ("date", (types.is_date,)),
        ("datetime", (types.is_timestamp,)),
        ("time", (types.is_time,)),
        ("null", (types.is_null,)),
        ("nested", (types.is_nested,)),
    ):
        if any(test(dtype) for test in tests):
            return kind
    return "binary"


class Column:
    """One column of one batch.

    Views are computed when first asked for and kept while the batch lives. Rows are those of the batch; *values* are
    the distinct-enough values of a text column (see `Text`), or the rows themselves of a typed one. `units` are the
    sampling units of the batch, None where its rows were not drawn in units.
    """

    def __init__(self, array: pa.Array, spec: ColumnSpec, seed: int = 0, units: Units | None = None) -> None:
        self.spec = spec
        self.seed = seed
        self.units = units
        self.kind = kind_of(array.type)
        if pa.types.is_dictionary(array.type) and self.kind != "text":
            array = array.dictionary_decode()
        if pa.types.is_string_view(array.type):
            array = array.cast(pa.large_string())
        self.array = array

    @property
    def name(self) -> str:
        """The column's name."""
        return self.spec.name

    @property
    def rows(self) -> int:
        """Rows of the batch."""
        return len(self.array)

    @cached_property
    def text(self) -> Text:
        """The values of a text column; a typed column has none, as if every row of it were null."""
        array = self.array if self.kind == "text" else pa.nulls(self.rows, pa.large_string())
        return Text.of(array, self.spec.missing)

    @cached_property
    def valid(self) -> NDArray[np.bool_]:
        """For each row whether it is not null, nor NaN."""
        if self.array.null_count == 0 and not pa.types.is_floating(self.array.type):
            return np.ones(self.rows, np.bool_)
        valid = numpy_of(self.array.is_valid())
        if pa.types.is_floating(self.array.type):
            valid = valid & ~np.isnan(self._floats)
        return np.asarray(valid)

    @cached_property
    def present(self) -> NDArray[np.bool_]:
        """For each row whether it says something: not null, NaN, empty, blank or a word for "nothing"."""
        return self.text.rows_of(self.text.present) if self.kind == "text" else self.valid

    @cached_property
    def _floats(self) -> NDArray[np.float64]:
        """A column of numbers as floats, (rows,); NaN for null."""
        array = self.array
        if pa.types.is_decimal(array.type):
            array = floats_of_decimals(array)
        if array.null_count == 0:
            return np.asarray(numpy_of(array), np.float64)
        return np.asarray(numpy_of(array.cast(pa.float64(), safe=False), np.nan), np.float64)

    @cached_property
    def _ticks(self) -> NDArray[np.int64]:
        """A column of dates or timestamps as microseconds since 1970 (UTC), (rows,); 0 for null."""
        array = self.array
        if pa.types.is_date64(array.type):
            milliseconds = numpy_of(array.view(pa.int64()), 0)
            return np.asarray(np.clip(milliseconds, -(2**62) // 1_000, 2**62 // 1_000) * 1_000)
        if pa.types.is_date(array.type):
            days = numpy_of(array.cast(pa.int32()), 0)
            return np.asarray(days, np.int64) * MICROSECONDS_A_DAY
        unit = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}[array.type.unit]
        ticks = numpy_of(array.cast(pa.timestamp(array.type.unit)).cast(pa.int64()), 0)
        if array.type.unit == "ns":
            return np.asarray(ticks // 1_000)
        return np.asarray(np.clip(ticks, -(2**62) // unit, 2**62 // unit) * unit)

    @cached_property
    def numbers(self) -> tuple[NDArray[np.float64], NDArray[np.int64] | None]:
        """The numbers of the column (n,), and for how many rows each stands (n,), None for one each."""
        if self.kind == "number":
            return self._floats[self.valid] if not self.valid.all() else self._floats, None
        if self.kind == "text":
            read = self.text.numbers
            return read.numbers, self.text.weights[read.at]
        return np.empty(0), None

    @cached_property
    def number_of_row(self) -> NDArray[np.float64]:
        """The number of each row, (rows,); NaN where it has none."""
        if self.kind == "number":
            return self._floats
        worth = np.full(len(self.text.weights) + 1, np.nan)
        worth[self.text.numbers.at] = self.text.numbers.numbers
        return np.asarray(worth[self.text.codes])

    @cached_property
    def days(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64] | None]:
        """Days since 1970-01-01 (n,), their other reading or NO_DAY (n,), and rows each stands for, None for one."""
        if self.kind in {"date", "datetime"}:
            ticks = self._ticks if self.valid.all() else self._ticks[self.valid]
            days = np.clip(ticks // MICROSECONDS_A_DAY, NO_DAY + 1, 2**31 - 1).astype(np.int32)
            return days, np.full(len(days), NO_DAY, np.int32), None
        if self.kind == "text":
            read = self.text.dates
            dated = read.days != NO_DAY
            return read.days[dated], read.other[dated], self.text.weights[read.at[dated]]
        return np.empty(0, np.int32), np.empty(0, np.int32), None

    @cached_property
    def day_of_row(self) -> NDArray[np.int32]:
        """The day of each row, (rows,); NO_DAY where it has none or reads both ways."""
        if self.kind in {"date", "datetime"}:
            days = np.clip(self._ticks // MICROSECONDS_A_DAY, NO_DAY + 1, 2**31 - 1).astype(np.int32)
            return np.where(self.valid, days, NO_DAY).astype(np.int32)
        read = self.text.dates
        day = np.full(len(self.text.weights) + 1, NO_DAY, np.int32)
        day[read.at] = np.where(read.ambiguous, NO_DAY, read.days)
        return np.asarray(day[self.text.codes])

    @cached_property
    def magnitude_of_row(self) -> NDArray[np.float64]:
        """A number for each row that says something, (rows,), NaN for the others: the number itself, a moment in days,
        or what its hash is of all hashes (0 to 1), so that values which differ differ here too.
        """
        if self.kind in {"date", "datetime"}:
            told = self._ticks / MICROSECONDS_A_DAY
        else:
            told = self.number_of_row if self.kind in {"number", "text"} else np.full(self.rows, np.nan)
            if self.kind == "text":
                days = self.day_of_row
                told = np.where(np.isnan(told) & (days != NO_DAY), days, told)
            told = np.where(np.isnan(told), self.row_hashes / 2.0**64, told)
        return np.where(self.present, told, np.nan)

    @cached_property
    def value_hashes(self) -> tuple[NDArray[np.uint64], NDArray[np.int64] | None]:
        """Hashes of the values that say something (n,), and for how many rows each stands (n,), None for one each."""
        if self.kind == "text":
            present = self.text.present
            hashes = self._text_hashes
            if present.all():
                return hashes, self.text.weights
            return hashes[present], self.text.weights[present]
        return (self._typed_hashes if self.valid.all() else self._typed_hashes[self.valid]), None

    @cached_property
    def words(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Hashes of the words of a text column (n,), and the value that each stands in (n,)."""
        at = np.flatnonzero(self.text.worded)
        if not len(at):
            return np.empty(0, np.uint64), np.empty(0, np.int64)
        found = pl.DataFrame({"at": at, "word": self.text.series.gather(at).str.extract_all(WORD)})
        each = found.explode("word").drop_nulls()
        return hashing.of_texts(each["word"], self.seed), each["at"].to_numpy()

    @cached_property
    def row_hashes(self) -> NDArray[np.uint64]:
        """A hash for each row as it stands, (rows,): nulls, blanks and words included."""
        if self.kind == "text":
            return np.append(self._text_hashes, NULL_HASH)[self.text.codes]
        return np.where(numpy_of(self.array.is_valid()), self._typed_hashes, NULL_HASH)

    @cached_property
    def _text_hashes(self) -> NDArray[np.uint64]:
        """Hashes of the values of a text column: of the text, or of what it reads as where the other side is typed.

        A text is hashed as its number or day only where nothing is lost: "007" and an ambiguous date stay text. Zeros
        at the end of a fraction are lost: the other side is a number, which has none ("1.10" is its 1.1).
        """
        hashes = hashing.of_texts(self.text.series, self.seed)
        if self.spec.hash_as == "number":
            read = self.text.numbers
            numeric = pl.Series(read.numbers)
            canonical = pl.select(
                pl.when((numeric == numeric.round()) & (numeric.abs() < hashing.EXACT))
                .then(numeric.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(numeric.cast(pl.String))
            ).to_series()
            written = self.text.series.gather(read.at).to_frame("w").select(
                pl.when(pl.col("w").str.contains(".", literal=True))
                .then(pl.col("w").str.strip_chars_end("0").str.strip_chars_end("."))
                .otherwise(pl.col("w"))
            ).to_series()  # fmt: skip
            kept = (canonical == written).fill_null(value=False).to_numpy()
            hashes = hashes.copy()
            hashes[read.at[kept]] = hashing.of_numbers(read.numbers[kept], self.seed)
        elif self.spec.hash_as == "date":
            read_days = self.text.dates
            kept = np.array(
                [EITHER not in label and "%H" not in label and "%I" not in label for label in read_days.labels],
                np.bool_,
            )
            chosen = kept[read_days.formats] & (read_days.days != NO_DAY) if len(kept) else np.zeros(0, np.bool_)
            hashes = hashes.copy()
            hashes[read_days.at[chosen]] = hashing.of_days(read_days.days[chosen], self.seed)
        return hashes

    @cached_property
    def _typed_hashes(self) -> NDArray[np.uint64]:
        """Hashes of the rows of a typed column, (rows,); nulls hash to anything."""
        if self.spec.hash_as == "text" or self.kind in {"time", "nested", "binary", "null"}:
            return hashing.of_texts(self._as_text, self.seed)
        if self.kind == "number":
            if pa.types.is_integer(self.array.type) and self.array.type.bit_width == 64:  # noqa: PLR2004 (bits of int64)
                return hashing.of_integers(numpy_of(self.array, 0), self.seed)
            return hashing.of_numbers(self._floats, self.seed)
        if self.kind == "boolean":
            truths = numpy_of(self.array, null=False)
            return hashing.of_numbers(truths.astype(np.float64), self.seed)
        if self.kind == "date":
            return hashing.of_days(
                np.clip(self._ticks // MICROSECONDS_A_DAY, NO_DAY + 1, 2**31 - 1).astype(np.int32), self.seed
            )
        return hashing.mix(self._ticks.view(np.uint64), self.seed + 3)

    @cached_property
    def _as_text(self) -> pl.Series:
        """The rows as text, in the form in which they would most likely be written."""
        if self.kind == "null":
            return pl.repeat("", self.rows, eager=True)
        if self.kind == "nested":
            return pl.Series([repr(value) for value in self.array.to_pylist()], dtype=pl.String)
        if self.kind == "binary":
            said = [value.hex() if isinstance(value, bytes) else str(value) for value in self.array.to_pylist()]
            return pl.Series(said, dtype=pl.String)
        if pa.types.is_decimal(self.array.type):  # with its scale, as databases write it: 141.00
            return pl.Series(pl.from_arrow(self.array.cast(pa.large_string()))).fill_null("")
        if self.kind == "number":
            numbers = pl.Series(self._floats)
            whole = (numbers == numbers.round()) & (numbers.abs() < hashing.EXACT)
            return pl.select(
                pl.when(whole)
                .then(numbers.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(numbers.cast(pl.String))
                .fill_null("")
            ).to_series()
        return pl.Series(pl.from_arrow(pc.cast(self.array, pa.large_string()))).fill_null("")
