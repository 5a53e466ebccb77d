"""Draws: which documents of a collection are read, as a pipeline that is printed and sent.

$sample takes no seed, so a run could not be repeated; documents are drawn by a hash of their id, which the server
computes as it does for a hashed index, with the seed in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from walkaround.connectors.sql.dialect import APPLICATION
from walkaround.model.source import Source

_SPACE: Final = 1 << 20
"""Hashes are taken modulo this: a share is kept to a millionth."""
BATCH: Final = 1_000
"""Documents that the server sends at once."""


@dataclass(frozen=True, slots=True)
class Documents:
    """A draw: `pipeline` and `settings` as they are sent, `statement` as a person would type it."""

    method: str
    collection: str
    pipeline: tuple[dict[str, Any], ...]
    settings: tuple[tuple[str, Any], ...]
    rows: int
    cost: tuple[str, ...]
    cannot_tell: tuple[str, ...] = ("duplicate rows",)
    probability: bool = True

    @property
    def statement(self) -> str:
        """In the words of the mongo shell."""
        said = f"{json.dumps(list(self.pipeline))}, {json.dumps(dict(self.settings))}"
        return f"db.getCollection({json.dumps(self.collection)}).aggregate({said})"


def offered(source: Source) -> tuple[str, ...]:
    """The methods, best first: by key where one is named that is not the id."""
    return (
        ("key_hash", "rows", "system", "first")
        if source.key and source.key != ("_id",)
        else ("rows", "system", "first")
    )


def drawn(method: str, collection: str, total: int, wanted: int, source: Source) -> Documents:
    """The documents that one method draws."""
    settings = (
        ("maxTimeMS", int(source.sample.seconds * 1000)),
        ("comment", APPLICATION),
        ("batchSize", BATCH),
        ("allowDiskUse", False),
    )
    if method == "full":
        return Documents("full", collection, (), settings, total, (f"one full scan, about {total:,} documents",), ())
    if method == "first":
        cost = (f"the first {wanted:,} documents that the server finds",)
        return Documents(method, collection, ({"$limit": wanted},), settings, wanted, cost, probability=False)
    if method == "system":
        unknown = ("duplicate rows", "the same rows again: the engine takes no seed")
        cost = (f"{wanted:,} documents of the engine's choice",)
        pipeline: tuple[dict[str, Any], ...] = ({"$sample": {"size": wanted}},)
        return Documents(method, collection, pipeline, settings, wanted, cost, unknown, probability=False)
    fields = source.key if method == "key_hash" else ("_id",)
    share = max(1, min(_SPACE, _SPACE * wanted // max(total, 1)))
    there = {field: {"$ne": None} for field in fields}
    pipeline = ({"$match": {**there, "$expr": {"$lt": [_hash(fields, source.sample.seed), share]}}},)
    cost = (f"one full scan, about {total:,} documents",)
    keyless = ("documents without a key",) if method == "key_hash" else ()
    return Documents(method, collection, pipeline, settings, wanted, cost, ("duplicate rows", *keyless))


def _hash(fields: tuple[str, ...], seed: int) -> dict[str, Any]:
    parts: list[Any] = []
    for field in fields:
        parts += ["\x1f"] if parts else []
        parts.append({"$convert": {"input": f"${field}", "to": "string", "onError": "", "onNull": ""}})
    hashed = {"$toHashedIndexKey": {"$concat": [*parts, f"|{seed}"]}}
    return {"$abs": {"$mod": [hashed, _SPACE]}}
