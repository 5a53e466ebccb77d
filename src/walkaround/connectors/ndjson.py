"""NDJSON: an object on each line, and every line accounted for. Read twice: for the columns, then for the rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from walkaround.connectors.contract import FileState
from walkaround.connectors.encoding import old_encoding, utf8_lines
from walkaround.connectors.json_objects import Literals, RepeatedKeyError, batches_of, schema_of
from walkaround.connectors.location import Place, failure
from walkaround.connectors.parts import Reading
from walkaround.connectors.simple import FileConnector
from walkaround.errors import InternalError, SourceError
from walkaround.model.sample import Records
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class NdjsonPart:
    """One file."""

    path: Path
    source: str
    schema: pa.Schema
    strata: tuple[int, ...]
    notes: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()

    def read(self) -> Reading:
        """All objects, in order; lines that are none are counted by reason."""
        tally: Counter[str] = Counter()
        repaired: Counter[str] = Counter()
        rows = 0
        for batch in batches_of(_objects(self.path, self.source, tally, repaired), self.schema, repaired):
            rows += batch.num_rows
            yield batch
        physical, blank = tally.pop("physical", 0), tally.pop("blank", 0)
        if rows + blank + tally.total() != physical:
            raise InternalError(
                f"{self.path.name}: of {physical} lines, {rows} became rows, {tally.total()} were rejected"
            )
        return Records(rows, physical, dict(tally), dict(repaired), blank)


def _lines(path: Path, source: str, repaired: Counter[str], tally: Counter[str]) -> Generator[bytes, None, None]:
    seen: Counter[str] = Counter()
    chunks = utf8_lines(path, source, seen)
    try:
        while True:
            held = next(chunks).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
            if held and not held[-1]:
                held.pop()
            yield from held
    except StopIteration as end:
        if end.value:
            tally["physical"] += 1
            tally["truncated"] += 1
    finally:
        chunks.close()
    old = old_encoding(seen)
    if seen[old]:
        repaired[old] = seen[old]


def _objects(path: Path, source: str, tally: Counter[str], repaired: Counter[str]) -> Iterator[dict[str, Any]]:
    decoder = Literals()
    for line in _lines(path, source, repaired, tally):
        tally["physical"] += 1
        if not line.strip():
            tally["blank"] += 1
            continue
        try:
            value = decoder.decode(line.decode())
        except json.JSONDecodeError:
            tally["malformed"] += 1
        except RepeatedKeyError:
            tally["repeated key"] += 1
        except RecursionError:
            tally["nested too deep"] += 1
        else:
            if isinstance(value, dict):
                yield value
            else:
                tally["array" if isinstance(value, list) else "not an object"] += 1


def _look(source: Source, place: Place, state: FileState) -> NdjsonPart:
    del place
    tally: Counter[str] = Counter()
    try:
        schema = schema_of(source.name, _objects(state.path, source.name, tally, Counter()))
    except OSError as error:
        raise failure(source.name, state.path.name, error) from None
    rejected = tally.total() - tally["physical"] - tally["blank"]
    rows = tally["physical"] - tally["blank"] - rejected
    if not rows and rejected:
        words = f"{state.path.name}: none of its lines is a JSON object"
        raise SourceError(source.name, "not_what_it_says", words, "give one JSON object a line")
    if not schema.names:
        words = f"{state.path.name}: holds no JSON object with a key"
        raise SourceError(source.name, "empty", words, "look at the export that should have filled it")
    return NdjsonPart(state.path, source.name, schema, (rows,))


CONNECTOR = FileConnector("ndjson", _look)
