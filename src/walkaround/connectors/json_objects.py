"""JSON objects as columns: what kinds of value each key holds, and how they become Arrow."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from walkaround.errors import SourceError

MAX_KEYS: Final = 10_000
"""More keys than this are values in the place of names, such as an object keyed by customer."""
_EXACT: Final = 1 << 53
"""Whole numbers up to here are doubles exactly."""
_BATCH_ROWS: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as it was written: "1.10" stays "1.10" where it must become text."""

    text: str


class Literals(json.JSONDecoder):
    """JSON whose numbers keep their text, and whose repeated keys are refused: the last would win in silence."""

    def __init__(self) -> None:
        super().__init__(parse_int=Literal, parse_float=Literal, parse_constant=Literal, object_pairs_hook=_once)


class RepeatedKeyError(ValueError):
    """An object says the same key twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedKeyError
    return found


def schema_of(source: str, objects: Iterable[dict[str, Any]]) -> pa.Schema:
    """The columns of all objects, in order of appearance, each of the one kind its values have, or text.

    Raises:
        SourceError: there are over 10,000 keys.
    """
    kinds: dict[str, set[str]] = {}
    for item in objects:
        for key, value in item.items():
            kinds.setdefault(key, set()).add(_kind(value))
        if len(kinds) > MAX_KEYS:
            words = f"{source}: the objects have over {MAX_KEYS} different keys, these are no columns"
            raise SourceError(source, "not_what_it_says", words, "give one object a row, with the same keys")
    return pa.schema([pa.field(_valid(key), _type(found - {"null"})) for key, found in kinds.items()])


def batches_of(
    objects: Iterable[dict[str, Any]], schema: pa.Schema, repaired: Counter[str]
) -> Iterator[pa.RecordBatch]:
    """The objects as rows of `schema`; a key that one lacks is null."""
    rows: list[dict[str, Any]] = []
    for item in objects:
        rows.append(item)
        if len(rows) == _BATCH_ROWS:
            yield _batch(rows, schema, repaired)
            rows = []
    if rows:
        yield _batch(rows, schema, repaired)


def _batch(rows: list[dict[str, Any]], schema: pa.Schema, repaired: Counter[str]) -> pa.RecordBatch:
    arrays = []
    for field in schema:
        values = [row.get(field.name) for row in rows]
        if pa.types.is_integer(field.type):
            values = [None if value is None else int(value.text) for value in values]
        elif pa.types.is_floating(field.type):
            values = [None if value is None else float(value.text) for value in values]
        elif pa.types.is_string(field.type):
            values = [_text(value, repaired) for value in values]
        arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _kind(value: object) -> str:  # noqa: PLR0911 - one return a kind
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    if not isinstance(value, Literal):
        return "nested"
    try:
        whole = int(value.text)
    except ValueError:
        return "real"
    if abs(whole) <= _EXACT:
        return "integer"
    return "long" if -(1 << 63) <= whole < 1 << 63 else "huge"


def _type(kinds: set[str]) -> pa.DataType:
    if not kinds:
        return pa.null()
    if kinds <= {"integer", "long"}:
        return pa.int64()
    if kinds <= {"integer", "real"}:
        return pa.float64()
    return pa.bool_() if kinds == {"boolean"} else pa.string()


def _text(value: object, repaired: Counter[str]) -> str | None:
    """Text as it is; of other kinds, the JSON that stood there."""
    if value is None:
        return None
    words = value if isinstance(value, str) else literal(value)
    valid = _valid(words)
    if valid != words:
        repaired["not UTF-8"] += 1
    return valid


def literal(value: object) -> str:
    """A parsed value as JSON, numbers as they were written."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, dict):
        inner = (f"{json.dumps(key, ensure_ascii=False)}:{literal(held)}" for key, held in value.items())
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(literal, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _valid(words: str) -> str:
    """Half of a surrogate pair, which JSON can say and UTF-8 cannot, as the sign for what cannot be read."""
    return words if words.isascii() else words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
