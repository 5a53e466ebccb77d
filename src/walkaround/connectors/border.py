"""The border: every batch is made safe before anything of ours touches it.

Arrow lets a driver hand over what other libraries then trip over: text that is no UTF-8, dates of the year 300000, a
time of 24:00, types that Polars has no word for. Here each column is checked and brought to a type that every later
layer knows, without a value lost silently: what cannot be kept is counted in `Records.repaired`.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from walkaround.connectors.names import unique_names
from walkaround.errors import SourceError

MAX_BATCH_ROWS: Final = 1_000_000
"""More rows than this in one batch buy no speed and cost memory."""
_YEAR_1: Final = -62_135_596_800
"""0001-01-01 in seconds since 1970: the first instant that Python can say."""
_YEAR_10000: Final = 253_402_300_800
"""10000-01-01 in seconds since 1970: the first instant that Python cannot say."""
_DAY: Final = 86_400
_PER_SECOND: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_LEGACY_HOLES: Final = {"\x81", "\x8d", "\x8f", "\x90", "\x9d"}

Repairs = Counter[str]
Convert = Callable[[pa.Array, Repairs], pa.Array]


@dataclass(frozen=True, slots=True)
class Border:
    """How each column of a schema crosses: the schema on our side, and the conversions, None where nothing is to do."""

    source: str
    schema: pa.Schema
    conversions: tuple[Convert | None, ...]

    @classmethod
    def of(cls, source: str, schema: pa.Schema) -> Border:
        """The way across for `schema`; names are made unique, nameless columns get one."""
        names = unique_names(_field_names(source, schema))
        ways = [_way(field_type) for field_type in schema.types]
        fields = [pa.field(name, target) for name, (target, _) in zip(names, ways, strict=True)]
        return cls(source, pa.schema(fields), tuple(convert for _, convert in ways))

    def cross(self, batch: pa.RecordBatch, repairs: Repairs) -> Iterator[pa.RecordBatch]:
        """The batch on our side, in pieces of at most a million rows; what was repaired is added to `repairs`.

        Raises:
            SourceError: a column cannot be read; the message names it.
        """
        columns = [self._column(index, column, repairs) for index, column in enumerate(batch.columns)]
        safe = pa.RecordBatch.from_arrays(columns, schema=self.schema)
        for start in range(0, safe.num_rows, MAX_BATCH_ROWS):
            yield safe.slice(start, MAX_BATCH_ROWS)

    def _column(self, index: int, column: pa.Array, repairs: Repairs) -> pa.Array:
        target = self.schema.field(index)
        convert = self.conversions[index]
        try:
            try:
                column.validate(full=True)
            except pa.ArrowInvalid:
                if not pa.types.is_time(column.type):  # `_times` mends these
                    column = _decoded(column, repairs)
            if convert is not None:
                column = convert(column, repairs)
            return column if column.type.equals(target.type) else column.cast(target.type)
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
            raise SourceError(
                self.source,
                "unreadable",
                f"{self.source}: column {target.name} cannot be read ({type(error).__name__})",
                "write the column as text, or leave it out",
            ) from None


def legacy_text(raw: bytes) -> str:
    """Bytes that are no UTF-8, read as Windows-1252; the five bytes it has no letter for stay control characters."""
    return raw.decode("cp1252") if not _has_hole(raw) else "".join(_legacy_letter(byte) for byte in raw)


def _has_hole(raw: bytes) -> bool:
    return any(hole.encode("latin-1") in raw for hole in _LEGACY_HOLES)


def _legacy_letter(byte: int) -> str:
    letter = chr(byte)
    return letter if letter in _LEGACY_HOLES else bytes((byte,)).decode("cp1252")


def _field_names(source: str, schema: pa.Schema) -> Sequence[str]:
    try:
        return list(schema.names)
    except UnicodeDecodeError:
        raise SourceError(
            source, "unreadable", f"{source}: a column's name is not UTF-8", "write the file again with valid names"
        ) from None


def _way(kind: pa.DataType) -> tuple[pa.DataType, Convert | None]:  # noqa: PLR0911 - a table of kinds, read downwards
    """The type on our side, and what must be done beyond a cast that cannot fail."""
    if isinstance(kind, pa.BaseExtensionType):
        return _way_of_extension(kind)
    if pa.types.is_dictionary(kind):
        target, then = _way(kind.value_type)
        return target, _then(lambda column, _: column.dictionary_decode(), then)
    if pa.types.is_run_end_encoded(kind):
        target, then = _way(kind.value_type)
        return target, _then(lambda column, _: pc.run_end_decode(column), then)
    if pa.types.is_timestamp(kind):
        return _way_of_timestamp(kind)
    if pa.types.is_date(kind):
        return pa.date32(), _days
    if pa.types.is_time(kind):
        return kind, _times
    if pa.types.is_nested(kind):
        return (kind, None) if _plain(kind) else (pa.string(), as_words)
    return _way_of_scalar(kind)


def _way_of_scalar(kind: pa.DataType) -> tuple[pa.DataType, Convert | None]:
    same: tuple[pa.DataType, ...] = (pa.null(), pa.bool_(), pa.float32(), pa.float64(), pa.string(), pa.large_string())
    if kind in same or pa.types.is_integer(kind) or kind in (pa.binary(), pa.large_binary()):
        return kind, None
    if pa.types.is_decimal128(kind):
        return kind, None
    simpler: tuple[tuple[Callable[[pa.DataType], bool], pa.DataType], ...] = (
        (pa.types.is_float16, pa.float32()),
        (pa.types.is_string_view, pa.large_string()),
        (pa.types.is_binary_view, pa.large_binary()),
        (pa.types.is_fixed_size_binary, pa.binary()),
        (pa.types.is_duration, pa.int64()),
    )
    if pa.types.is_decimal(kind) and kind.bit_width < pa.decimal128(1, 0).bit_width:
        return pa.decimal128(kind.precision, kind.scale), None
    for is_kind, target in simpler:
        if is_kind(kind):
            return target, None
    return pa.string(), as_words


def _way_of_extension(kind: Any) -> tuple[pa.DataType, Convert | None]:
    if kind.extension_name == "arrow.uuid":
        return pa.string(), _uuids
    target, then = _way(kind.storage_type)
    return target, _then(lambda column, _: column.storage, then)


def _way_of_timestamp(kind: Any) -> tuple[pa.DataType, Convert]:
    """Instants keep their instant and are said in UTC: a zone's name that one library knows is an error in another."""
    target = pa.timestamp(kind.unit, "UTC" if kind.tz else None)
    scale = _PER_SECOND[kind.unit]

    def convert(column: pa.Array, repairs: Repairs) -> pa.Array:
        held = _within(column.view(pa.int64()), _YEAR_1 * scale, _YEAR_10000 * scale, "date out of range", repairs)
        return held.view(target)

    def nanoseconds(column: pa.Array, repairs: Repairs) -> pa.Array:
        del repairs  # 64 bits of nanoseconds reach from 1677 to 2262
        return column.view(target)

    return target, nanoseconds if kind.unit == "ns" else convert


def _then(first: Convert, then: Convert | None) -> Convert:
    return first if then is None else lambda column, repairs: then(first(column, repairs), repairs)


def _plain(kind: pa.DataType) -> bool:
    """Whether a nested type holds only types that cross as they are."""
    if pa.types.is_struct(kind):
        fields = [kind.field(index) for index in range(kind.num_fields)]
        return bool(fields) and all(_plain(field.type) for field in fields)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _plain(kind.value_type)
    return not pa.types.is_nested(kind) and not pa.types.is_temporal(kind) and _way(kind) == (kind, None)


def _within(numbers: pa.Array, low: int, high: int, reason: str, repairs: Repairs) -> pa.Array:
    """`numbers` with what is outside [low, high) made null and counted."""
    ends = pc.min_max(numbers).as_py()
    if ends["min"] is None or (ends["min"] >= low and ends["max"] < high):
        return numbers
    out = pc.or_(pc.less(numbers, low), pc.greater_equal(numbers, high))
    repairs[reason] += pc.sum(out).as_py()
    return pc.if_else(out, pa.scalar(None, numbers.type), numbers)


def _days(column: pa.Array, repairs: Repairs) -> pa.Array:
    if pa.types.is_date64(column.type):
        column = pc.floor(pc.divide(column.view(pa.int64()).cast(pa.float64()), 1000.0 * _DAY)).cast(pa.int32())
    else:
        column = column.view(pa.int32())
    return _within(column, _YEAR_1 // _DAY, _YEAR_10000 // _DAY, "date out of range", repairs).view(pa.date32())


def _times(column: pa.Array, repairs: Repairs) -> pa.Array:
    number = pa.int32() if pa.types.is_time32(column.type) else pa.int64()
    held = _within(column.view(number), 0, _DAY * _PER_SECOND[column.type.unit], "time outside the day", repairs)
    return held.view(column.type)


def _uuids(column: pa.Array, repairs: Repairs) -> pa.Array:
    del repairs
    words = [None if raw is None else str(uuid.UUID(bytes=raw)) for raw in column.storage.to_pylist()]
    return pa.array(words, pa.string())


def as_words(column: pa.Array, repairs: Repairs) -> pa.Array:
    """Values of types that no later layer knows, as text: decimals as digits, nested ones as JSON."""
    del repairs
    if pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    return pa.array([None if value is None else _word(value) for value in column.to_pylist()], pa.string())


def _word(value: Any) -> str:
    nested = isinstance(value, dict | list) and not isinstance(value, tuple)
    return json.dumps(value, default=str, ensure_ascii=False) if nested else str(value)


def _decoded(column: pa.Array, repairs: Repairs) -> pa.Array:
    """Text that is no UTF-8, read as Windows-1252 value by value and counted. Other damage is left to raise."""
    if column.type not in (pa.string(), pa.large_string()):
        column.validate(full=True)
    values: list[str | None] = []
    for raw in column.view(pa.binary() if column.type == pa.string() else pa.large_binary()).to_pylist():
        try:
            values.append(None if raw is None else raw.decode())
        except UnicodeDecodeError:
            values.append(legacy_text(raw))
            repairs["not UTF-8"] += 1
    return pa.array(values, column.type)
