"""JSON as one document: an array of objects, or a single object. The array is read element by element."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from walkaround.connectors.contract import FileState
from walkaround.connectors.encoding import utf8_lines
from walkaround.connectors.json_objects import Literals, RepeatedKeyError, batches_of, schema_of
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source

_SPACE: Final = re.compile(r"[\s]*")
_STEP: Final = 1 << 20
"""Characters read at once; more where an element is longer."""


@dataclass(frozen=True, slots=True)
class JsonPart:
    """One document."""

    path: Path
    source: str
    schema: pa.Schema
    strata: tuple[int, ...]
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    def read(self) -> Reading:
        """All objects, in order; elements that are none are counted by reason."""
        tally: Counter[str] = Counter()
        repaired: Counter[str] = Counter()
        rows = 0
        for batch in batches_of(_objects(self.path, self.source, tally), self.schema, repaired):
            rows += batch.num_rows
            yield batch
        return Records(rows, rows + tally.total(), dict(tally), dict(repaired))


class _Text:
    """The text of a document, as much of it as is needed; `drop` forgets what was read."""

    def __init__(self, path: Path, source: str) -> None:
        self.text, self.at, self.ended = "", 0, False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._data = utf8_lines(path, source, Counter())
        self._waiting = ""

    def more(self) -> bool:
        """Read on; False where the document has ended."""
        want = max(_STEP, len(self.text) - self.at)
        while len(self._waiting) < want and not self.ended:
            data = next(self._data, None)
            self.ended = data is None
            self._waiting += self._decoder.decode(data or b"")
        self.text = self.text[self.at :] + self._waiting[:want]
        self._waiting, self.at = self._waiting[want:], 0
        return bool(self._waiting) or not self.ended

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            found = _SPACE.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            before = len(self.text) - self.at
            if not self.more() and len(self.text) - self.at == before:
                return ""


def _objects(path: Path, source: str, tally: Counter[str]) -> Iterator[dict[str, Any]]:
    """The objects of a document.

    Raises:
        SourceError: it is no JSON, or no table.
    """
    text, decoder = _Text(path, source), Literals()
    if text.peek() != "[":
        yield _single(text, decoder, path, source)
        return
    text.at += 1
    while (sign := text.peek()) != "]":
        if not sign:
            tally["truncated"] += 1
            return
        value = _element(text, decoder, path, source, tally)
        if value is _CUT:
            return
        if isinstance(value, dict):
            yield value
        sign = text.peek()
        if sign == ",":
            text.at += 1
        elif sign and sign != "]":
            raise _malformed(path, source)


_CUT: Final = object()


def _element(text: _Text, decoder: Literals, path: Path, source: str, tally: Counter[str]) -> object:
    """The next element, `_CUT` where the document ends within it; what is no object is counted and None."""
    while True:
        try:
            value, end = decoder.raw_decode(text.text, text.at)
        except RepeatedKeyError:
            raise SourceError(
                source, "unreadable", f"{path.name}: an object has the same key twice", "mend the export"
            ) from None
        except (json.JSONDecodeError, RecursionError) as error:
            if text.more():
                continue
            if isinstance(error, RecursionError) or "}" in text.text[getattr(error, "pos", text.at) :]:
                raise _malformed(path, source) from None
            tally["truncated"] += 1
            return _CUT
        if end == len(text.text) and text.more():
            continue
        text.at = end
        if isinstance(value, dict):
            return value
        tally["array" if isinstance(value, list) else "not an object"] += 1
        return None


def _single(text: _Text, decoder: Literals, path: Path, source: str) -> dict[str, Any]:
    while text.more():
        pass
    try:
        value = decoder.decode(text.text[text.at :])
    except (ValueError, RecursionError):
        raise _malformed(path, source) from None
    if not isinstance(value, dict):
        hint = "give an array of objects, or an object a line"
        raise SourceError(source, "not_what_it_says", f"{path.name}: holds a single JSON value, not a table", hint)
    for key, held in value.items():
        if isinstance(held, list) and held and all(isinstance(item, dict) for item in held):
            words = f"{path.name}: is one object whose key {json.dumps(key)} holds the rows"
            raise SourceError(source, "not_what_it_says", words, "write that array to a file of its own")
    return value


def _malformed(path: Path, source: str) -> SourceError:
    return SourceError(source, "unreadable", f"{path.name}: is not valid JSON", "mend the export, or give NDJSON")


def _look(source: Source, place: Place, state: FileState) -> JsonPart:
    del place
    tally: Counter[str] = Counter()
    counted: Counter[str] = Counter()

    def counting() -> Iterator[dict[str, Any]]:
        for item in _objects(state.path, source.name, tally):
            counted["rows"] += 1
            yield item

    try:
        schema = schema_of(source.name, counting())
    except OSError as error:
        raise failure(source.name, state.path.name, error) from None
    if not schema.names:
        words = f"{state.path.name}: holds no JSON object with a key"
        raise SourceError(source.name, "empty", words, "look at the export that should have filled it")
    return JsonPart(state.path, source.name, schema, (counted["rows"],))


CONNECTOR = FileConnector("json", _look)
