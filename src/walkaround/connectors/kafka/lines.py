"""Lines: messages as JSON objects, one a line, for the reader of NDJSON to make columns and count rejects of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from walkaround.connectors.border import legacy_text
from walkaround.connectors.kafka.log import Message
from walkaround.connectors.kafka.target import META
from walkaround.model.sample import STRATUM, UNIT

PREFIX: Final = "kafka_"
"""Before what a message says of itself, where its value's own keys are columns."""
_FRAME: Final = 5
"""Bytes before a value that was written with a schema registry: a zero, and the number of the schema."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BROKEN: Final = b"{\n"
"""A line that is no JSON, for a value that is none and whose own lines would count as several."""
_LEAST_TEXT: Final = 0.5
"""A topic whose values are mostly neither JSON objects nor text is binary; one with a few bad bytes is not."""


def form_of(messages: Iterable[Message]) -> str:
    """How values are read: "json" where at least half of them are JSON objects by their first and last sign, "text"
    where they are something else that can be read, "binary" where they are not.
    """
    values = [message.value for message in messages if message.value]
    if sum(is_object(value) for value in values) * 2 >= len(values):
        return "json"
    return "text" if sum(is_text(value) for value in values) >= _LEAST_TEXT * len(values) else "binary"


def is_object(value: bytes) -> bool:
    """Whether a value begins and ends as a JSON object does."""
    bare = unframed(value).strip()
    return bare[:1] == b"{" and bare[-1:] == b"}"


def is_text(value: bytes) -> bool:
    """Whether a value is UTF-8 without the bytes that stand in no text."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in value


def unframed(value: bytes) -> bytes:
    """A value without the frame of a schema registry, where JSON follows it."""
    return value[_FRAME:] if value[:1] == b"\0" and value[_FRAME:].lstrip()[:1] == b"{" else value


def json_line(message: Message, unit: int | None, meta: Sequence[str]) -> bytes:
    """The value as it stands, with what is asked for of the message before its own keys. An empty line for a tombstone;
    what is no object stays what it is, and is rejected by whoever reads it.
    """
    if not message.value:
        return b"\n"
    value = _utf8(unframed(message.value)).strip()
    if not is_object(value):
        return _one_line(value) + b"\n"
    if b"\n" in value or b"\r" in value:
        # A line's end between two signs of JSON is white space, and within a text it may not stand as it is.
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            return _BROKEN
        value = _one_line(value)
    more = _hidden(unit) | {PREFIX + name: found for name, found in _said(message).items() if name in meta}
    if not more:
        return value + b"\n"
    inner = value[1:].lstrip()
    return json.dumps(more).encode()[:-1] + (b"" if inner[:1] == b"}" else b", ") + inner + b"\n"


def text_line(message: Message, unit: int | None, meta: Sequence[str]) -> bytes:
    """Key and value as text, and where the message stands."""
    said = {"key": _text(message.key), "value": _text(message.value)}
    others = {name: found for name, found in _said(message).items() if name in (meta or META) and name != "key"}
    return json.dumps(_hidden(unit) | said | others).encode() + b"\n"


def is_old(message: Message) -> bool:
    """Whether the value is in an encoding older than UTF-8."""
    return bool(message.value) and not _is_utf8(unframed(message.value or b""))


def _hidden(unit: int | None) -> dict[str, object]:
    return {} if unit is None else {UNIT: unit, STRATUM: unit}


def _said(message: Message) -> dict[str, object]:
    moment = None
    if message.timestamp is not None:
        try:
            moment = (_EPOCH + timedelta(milliseconds=message.timestamp)).isoformat(timespec="milliseconds")
        except OverflowError:
            moment = str(message.timestamp)
    return {
        "key": _text(message.key),
        "partition": message.partition,
        "offset": message.offset,
        "timestamp": moment,
    }


def _text(raw: bytes | None) -> str | None:
    return None if raw is None else _utf8(raw).decode()


def _utf8(raw: bytes) -> bytes:
    return raw if _is_utf8(raw) else legacy_text(raw).encode()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _one_line(value: bytes) -> bytes:
    return value.replace(b"\r", b" ").replace(b"\n", b" ")
