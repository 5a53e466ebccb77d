"""The documents of a plan: fetched once within the budget, kept as NDJSON in a private file, and read from there."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO

import pyarrow as pa

from walkaround.connectors.contract import Plan
from walkaround.connectors.mongodb.draws import Documents
from walkaround.connectors.ndjson import CONNECTOR as NDJSON
from walkaround.connectors.spool import spooled
from walkaround.errors import SourceError
from walkaround.model.sample import Drawn, Known, Sample
from walkaround.model.source import Source

Open = Callable[[], AbstractContextManager[Any]]
"""Log in; the database."""


class MongoSample(Sample):
    """Documents of a collection. The server is asked when they are first wanted, and never again."""

    __slots__ = ("_inner", "_known", "_open", "_plan")

    def __init__(self, plan: Plan, connected: Open, state: str) -> None:
        self._plan, self._open = plan, connected
        drawn = Drawn(plan.method, plan.seed, plan.rows or plan.facts.rows_total or 0)
        self._known = Known(plan.facts, drawn, fingerprint=state)
        self._inner: Sample | None = None

    @property
    def known(self) -> Known:
        """What the plan says, and once they were read, the documents: so too the fingerprint."""
        return self._known

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The documents, in the order in which the server sent them.

        Raises:
            SourceError: the server could not be asked, or sent no document.
        """
        if self._inner is None:
            self._inner = self._fetched()
        yield from self._inner.batches()
        self._known = replace(self._known, records=replace(self._inner.records, physical=None))

    def _fetched(self) -> Sample:
        source, documents, planned = self._plan.source, self._plan.parts[0], self._known
        path, began = spooled(".ndjson"), time.monotonic()
        try:
            with self._open() as base, path.open("wb") as file:
                rows, spent, digest = _written(base, documents, source, file)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        if not rows:
            hint = "look at whether it should be, or raise sample.rows"
            raise SourceError(source.name, "empty", f"{source.name}: no document of {documents.collection} came", hint)
        total = rows if documents.method == "full" and not spent else planned.facts.rows_total
        inner = NDJSON.read(NDJSON.plan(Source(source.name, str(path), columns=source.columns)))
        facts = replace(
            planned.facts,
            columns=inner.facts.columns,
            rows_total=total,
            rows_total_is="exact" if documents.method == "full" and not spent else "estimate",
            statements=(*planned.facts.statements, documents.statement),
            notes=(*planned.facts.notes, *((spent,) if spent else ())),
            seconds=round(time.monotonic() - began, 3),
        )
        drawn = _drawn(documents, rows, total, self._plan.seed, cut=bool(spent))
        state = hashlib.blake2b((planned.fingerprint + digest).encode(), digest_size=16).hexdigest()
        self._known = replace(planned, facts=facts, drawn=drawn, fingerprint=state)
        return inner


def _written(base: Any, documents: Documents, source: Source, file: BinaryIO) -> tuple[int, str, str]:
    """Documents to a file until all are there or the budget is spent: how many, why not all, and their digest."""
    began, rows, arrived = time.monotonic(), 0, 0
    digest = hashlib.blake2b(digest_size=16)
    collection = base.get_collection(documents.collection)
    most = None if documents.method == "full" else max(2 * documents.rows, 1_000)
    with closing(collection.aggregate(list(documents.pipeline), **dict(documents.settings))) as cursor:
        for document in cursor:
            line = json.dumps(plain(document), ensure_ascii=True).encode() + b"\n"
            file.write(line)
            digest.update(line)
            rows, arrived = rows + 1, arrived + len(line)
            if arrived > source.sample.bytes:
                return rows, f"reading stopped at its budget of {source.sample.bytes:,} bytes", digest.hexdigest()
            if time.monotonic() - began > source.sample.seconds:
                return rows, f"reading stopped at its budget of {source.sample.seconds:g} seconds", digest.hexdigest()
            if most is not None and rows >= most:
                return rows, f"reading stopped at {rows:,} documents, far more than were expected", digest.hexdigest()
    return rows, "", digest.hexdigest()


def _drawn(documents: Documents, rows: int, total: int | None, seed: int, *, cut: bool) -> Drawn:
    fraction = min(1.0, rows / total) if total else None
    if cut:  # the server sends documents in the order of its storage
        return Drawn("first", seed, rows, fraction, ("duplicate rows",), probability=False)
    return Drawn(documents.method, seed, rows, fraction, documents.cannot_tell, documents.probability)


def plain(value: Any) -> Any:
    """A value of BSON as JSON has it: what JSON has no word for, as text.

    >>> plain({"at": datetime(2024, 1, 3), "x": float("nan"), "in": [b"ab"]})
    {'at': '2024-01-03T00:00:00', 'x': 'NaN', 'in': ['YWI=']}
    """
    if isinstance(value, dict):
        return {str(name): plain(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if _broken(value) else value
    return _single(value)


def _single(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)


def _broken(text: str) -> bool:
    """Whether bytes that are no UTF-8 were kept in a text as surrogates."""
    return any("\udc80" <= letter <= "\udcff" for letter in text)
