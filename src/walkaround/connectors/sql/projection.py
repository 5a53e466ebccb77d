"""Projection: how a column is asked for, and what is made of the answer, so that what arrives is what is stored.

No driver is faithful by itself; the server's own text is. Types that a driver is known to hand over exactly are read as
they are, everything else as text that the server writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa
import pyarrow.compute as pc

from walkaround.connectors.border import Repairs, legacy_text
from walkaround.connectors.sql.shape import ServerColumn

ReadAs = Literal["native", "text", "bytes", "guarded", "decimal", "number", "temporal"]
"""How a column is read.

"native": as the driver hands it over. "text": as text that the server writes. "bytes": text that arrives as the bytes
that are stored, as the server does not know their encoding. "guarded": dates and times natively where they are within
the years 1 to 9999, and beside it the server's text of those that are not. "decimal": the server's text, made a decimal
of `precision` and `scale` where all of it is. "number": the server's text of integers and floats, made a number of
`arrow` where all of it is. "temporal": the server's text of dates and times, made `arrow` where all of it is within the
years 1 to 9999."""
_ODD: Final = {"decimal": "no decimals of their type", "number": "no numbers of their type", "temporal": "no dates"}
_ZERO_DATE: Final = "0000-00-00"
_FIRST_DAY: Final = -719_162
_FIRST_INSTANT: Final = -62_135_596_800_000_000
"""0001-01-01 in days and in microseconds since 1970: what is before it, Python has no word for."""

LARGEST_PRECISION: Final = 38
"""Digits that a decimal of 128 bits holds."""


@dataclass(frozen=True, slots=True)
class Projection:
    """One column as it is asked for. `expressions` are one, or two where `read_as` is "guarded": value, and text of the
    values that are out of range. `precision` and `scale` are of "decimal", `arrow` names the type of "number" and of
    "temporal".
    """

    column: ServerColumn
    expressions: tuple[str, ...]
    read_as: ReadAs = "text"
    precision: int = 0
    scale: int = 0
    arrow: str = ""


class Finishing:
    """Makes the columns of a sample out of what was asked for. Told every batch first, it knows which columns hold
    values that their type cannot: those stay the server's text, in every row.
    """

    def __init__(self, projections: tuple[Projection, ...]) -> None:
        self._projections = projections
        self._textual: set[int] = set()
        self._types: dict[int, pa.DataType] = {}
        self._odd: Counter[tuple[int, str]] = Counter()
        self.repairs: Repairs = Counter()

    def learn(self, batch: pa.RecordBatch) -> None:
        """Look for values that the type of their column cannot hold."""
        for place, (projection, arrays) in enumerate(zip(self._projections, self._split(batch), strict=True)):
            if projection.read_as == "guarded":
                self._types[place] = arrays[0].type
                if arrays[1].null_count < len(arrays[1]):
                    self._textual.add(place)
            elif projection.read_as in _ODD:
                try:
                    _typed(projection, arrays[0])
                except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                    self._textual.add(place)
                    self._odd.update((place, what) for what in _odd_values(projection, arrays[0]))

    @property
    def notes(self) -> tuple[str, ...]:
        """Which columns are the server's text because of what they hold, and how much of that there is. No value."""
        return tuple(
            f"{self._projections[place].column.name}: {count:,} values are {what}, so all are read as the server's text"
            for (place, what), count in sorted(self._odd.items())
        )

    def finish(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch as the sample has it; hidden columns that come after the projections are kept."""
        arrays = [
            self._column(place, projection, parts)
            for place, (projection, parts) in enumerate(zip(self._projections, self._split(batch), strict=True))
        ]
        asked = sum(len(projection.expressions) for projection in self._projections)
        hidden = list(range(asked, batch.num_columns))
        names = [projection.column.name for projection in self._projections]
        return pa.RecordBatch.from_arrays(
            [*arrays, *(batch.column(place) for place in hidden)],
            names=[*names, *(batch.schema.names[place] for place in hidden)],
        )

    def _split(self, batch: pa.RecordBatch) -> list[list[pa.Array]]:
        parts, start = [], 0
        for projection in self._projections:
            parts.append([batch.column(place) for place in range(start, start + len(projection.expressions))])
            start += len(projection.expressions)
        return parts

    def _column(self, place: int, projection: Projection, parts: list[pa.Array]) -> pa.Array:
        if projection.read_as == "bytes":
            return _decoded(parts[0], self.repairs)
        if projection.read_as == "guarded":
            return parts[0] if place not in self._textual else pc.coalesce(server_text(parts[0]), _text(parts[1]))
        if projection.read_as in _ODD and place not in self._textual:
            return _typed(projection, parts[0])
        return parts[0]


def server_text(column: pa.Array) -> pa.Array:
    """Dates and timestamps in the words of PostgreSQL's ISO style: no trailing zeros, UTC as `+00`."""
    if not pa.types.is_timestamp(column.type):
        return column.cast(pa.string())
    bare = column.cast(pa.timestamp(column.type.unit))
    words = pc.replace_substring_regex(bare.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
    words = pc.replace_substring_regex(words, r"\.$", "")
    return pc.binary_join_element_wise(words, "+00", "") if column.type.tz else words


def _text(column: pa.Array) -> pa.Array:
    return column if column.type.equals(pa.string()) else column.cast(pa.string())


def _typed(projection: Projection, column: pa.Array) -> pa.Array:
    """Text as the type that the server declares.

    Raises:
        pa.ArrowInvalid: a value is none of that type.
    """
    if projection.read_as == "decimal":
        return column.cast(pa.decimal128(projection.precision, projection.scale))
    typed = column.cast(pa.type_for_alias(projection.arrow))
    if projection.read_as == "temporal" and not _is_of_our_era(typed):
        raise pa.ArrowInvalid("a day before the year 1")
    return typed


def _is_of_our_era(column: pa.Array) -> bool:
    days = pa.types.is_date(column.type)
    first = pc.min(column.view(pa.int32() if days else pa.int64())).as_py()
    return first is None or first >= (_FIRST_DAY if days else _FIRST_INSTANT)


def _odd_values(projection: Projection, column: pa.Array) -> Iterator[str]:
    """What each value is that its type cannot hold. Few batches have any: distinct values are tried one by one."""
    for told in pc.value_counts(column):
        value, count = told["values"], told["counts"].as_py()
        try:
            _typed(projection, pa.array([value], column.type))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            zero = projection.read_as == "temporal" and value.as_py().startswith(_ZERO_DATE)
            yield from [_ODD[projection.read_as] if not zero else "zero dates"] * count


def _decoded(column: pa.Array, repairs: Repairs) -> pa.Array:
    """Bytes as text: UTF-8, or Windows-1252 value by value, which is counted."""
    values: list[str | None] = []
    for raw in column.to_pylist():
        try:
            values.append(None if raw is None else raw.decode())
        except UnicodeDecodeError:
            values.append(legacy_text(raw))
            repairs["not UTF-8"] += 1
    return pa.array(values, pa.string())
