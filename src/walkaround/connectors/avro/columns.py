"""Types of Avro as types of Arrow: what each field becomes, and how its values do."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.border import legacy_text

_PLAIN: Final[Mapping[str, pa.DataType]] = {
    "null": pa.null(), "boolean": pa.bool_(), "int": pa.int32(), "long": pa.int64(), "float": pa.float32(),
    "double": pa.float64(), "string": pa.string(), "bytes": pa.binary(), "enum": pa.string(), "fixed": pa.binary(),
}  # fmt: skip
_LOGICAL: Final[Mapping[tuple[str, str], pa.DataType]] = {
    ("int", "date"): pa.date32(),
    ("int", "time-millis"): pa.time32("ms"),
    ("long", "time-micros"): pa.time64("us"),
    ("long", "timestamp-millis"): pa.timestamp("ms", "UTC"),
    ("long", "timestamp-micros"): pa.timestamp("us", "UTC"),
    ("long", "timestamp-nanos"): pa.timestamp("ns", "UTC"),
    ("long", "local-timestamp-millis"): pa.timestamp("ms"),
    ("long", "local-timestamp-micros"): pa.timestamp("us"),
    ("long", "local-timestamp-nanos"): pa.timestamp("ns"),
}
"""Kept as the numbers that they are, so that no date is out of anybody's range before the border counts it."""
_WIDER: Final = {frozenset({"int", "long"}): "long", frozenset({"float", "double"}): "double"}
_MOST_DIGITS: Final = 76
"""What Arrow's widest decimal holds; those with more digits become text."""
_UUID_BYTES: Final = 16

Values = Sequence[Any]
Convert = Callable[[Values, Counter[str]], pa.Array]


@dataclass(frozen=True, slots=True)
class AvroColumn:
    """A field: its name, its type in Arrow, and how a list of its values becomes an array."""

    name: str
    type: pa.DataType
    convert: Convert


def columns_of_schema(schema: Any) -> tuple[AvroColumn, ...]:
    """The columns of records of `schema`; one named "value" where the file holds no records."""
    names: dict[str, Any] = {}
    _collect(schema, "", names)
    if isinstance(schema, dict) and schema["type"] in ("record", "error"):
        return tuple(_column(field["name"], field["type"], names) for field in schema["fields"])
    return (_column("value", schema, names),)


def without_logical(schema: Any) -> Any:
    """The schema with every value as it is stored: numbers for dates, bytes for decimals."""
    if isinstance(schema, list):
        return [without_logical(branch) for branch in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: value for key, value in schema.items() if key not in ("logicalType", "default", "aliases", "doc")}
    for key in ("items", "values"):
        if key in plain:
            plain[key] = without_logical(plain[key])
    if "fields" in plain:
        plain["fields"] = [{"name": field["name"], "type": without_logical(field["type"])} for field in plain["fields"]]
    if isinstance(plain.get("type"), dict | list):
        plain["type"] = without_logical(plain["type"])
    return plain


def _collect(schema: Any, space: str, names: dict[str, Any]) -> None:
    """The named types of a schema, by full name; a bare name stands for one of the same namespace."""
    if isinstance(schema, list):
        for branch in schema:
            _collect(branch, space, names)
    if not isinstance(schema, dict):
        return
    if "name" in schema and schema.get("type") in ("record", "error", "enum", "fixed"):
        space = schema.get("namespace", space)
        full = schema["name"] if "." in schema["name"] or not space else f"{space}.{schema['name']}"
        names[full] = names[schema["name"]] = schema
        space = full.rpartition(".")[0]
    for inner in (schema.get("type"), schema.get("items"), schema.get("values")):
        _collect(inner, space, names)
    for field in schema.get("fields", ()):
        _collect(field["type"], space, names)


def _column(name: str, kind: Any, names: Mapping[str, Any]) -> AvroColumn:
    branches = [_resolved(branch, names) for branch in (kind if isinstance(kind, list) else [kind])]
    filled = [branch for branch in branches if _word(branch) != "null"]
    if not filled:
        return AvroColumn(name, pa.null(), lambda values, _: pa.nulls(len(values)))
    if len(filled) == 1:
        target, convert = _way(filled[0])
        return AvroColumn(name, target, convert)
    logical = any(isinstance(branch, dict) and "logicalType" in branch for branch in filled)
    wider = None if logical else _WIDER.get(frozenset(map(_word, filled)))
    if wider is None:
        return AvroColumn(name, pa.string(), _texts)
    return AvroColumn(name, _PLAIN[wider], _plainly(_PLAIN[wider]))


def _resolved(kind: Any, names: Mapping[str, Any]) -> Any:
    """A name as the type that it names, and `{"type": {"type": ...}}` as what is inside."""
    if isinstance(kind, str):
        return kind if kind in _PLAIN else names.get(kind, kind)
    inner = kind.get("type")
    return _resolved(inner, names) if isinstance(inner, dict) else kind


def _word(kind: Any) -> str:
    return str(kind["type"] if isinstance(kind, dict) else kind)


def _way(kind: Any) -> tuple[pa.DataType, Convert]:
    word = _word(kind)
    logical = kind.get("logicalType", "") if isinstance(kind, dict) else ""
    if (word, logical) in _LOGICAL:
        target = _LOGICAL[word, logical]
        return target, _counted(target)
    if logical == "decimal" and word in ("bytes", "fixed"):
        return _way_of_decimal(int(kind.get("precision", 0)), int(kind.get("scale", 0)))
    if logical == "uuid" and word == "fixed" and kind.get("size") == _UUID_BYTES:
        return pa.string(), lambda values, _: pa.array([raw and str(uuid.UUID(bytes=raw)) for raw in values])
    if word in ("string", "enum") or word not in _PLAIN:
        return pa.string(), _texts
    return _PLAIN[word], _plainly(_PLAIN[word])


def _way_of_decimal(precision: int, scale: int) -> tuple[pa.DataType, Convert]:
    exact = Context(prec=10_000)
    fits = 0 < precision <= _MOST_DIGITS and 0 <= scale <= precision
    target = pa.string() if not fits else pa.decimal256(precision, scale)
    if fits and precision <= 38:  # noqa: PLR2004 - digits of a 128-bit decimal
        target = pa.decimal128(precision, scale)

    def convert(values: Values, repairs: Counter[str]) -> pa.Array:
        del repairs
        numbers = [None if raw is None else Decimal(int.from_bytes(raw, signed=True)) for raw in values]
        scaled = [None if number is None else number.scaleb(-scale, exact) for number in numbers]
        if fits:
            return pa.array(scaled, target)
        return pa.array([None if number is None else f"{number:f}" for number in scaled], pa.string())

    return target, convert


def _plainly(target: pa.DataType) -> Convert:
    return lambda values, _: pa.array(values, target)


def _counted(target: pa.DataType) -> Convert:
    """Dates and times are stored as whole numbers of days, or of parts of a second."""
    number = pa.int32() if target.bit_width == pa.int32().bit_width else pa.int64()
    return lambda values, _: pa.array(values, number).view(target)


def _texts(values: Values, repairs: Counter[str]) -> pa.Array:
    """Text as it is; anything else as JSON."""
    said = [value if value is None or isinstance(value, str) else _json(value) for value in values]
    try:
        return pa.array(said, pa.string())
    except UnicodeEncodeError:
        return pa.array([None if text is None else _valid(text, repairs) for text in said], pa.string())


def _json(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=lambda raw: raw.hex() if isinstance(raw, bytes) else str(raw))


def _valid(text: str, repairs: Counter[str]) -> str:
    """Bytes that were no UTF-8 arrive as lone surrogates; they are read as Windows-1252 and counted."""
    raw = text.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        repairs["not UTF-8"] += 1
        return legacy_text(raw)
