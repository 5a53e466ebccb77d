"""Source: what is to be read, and what the settings say of it. Never holds a secret."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

EMPTY: Final[Mapping[str, Any]] = MappingProxyType({})
"""The mapping of nothing: a default that nobody can fill by mistake."""

LONGEST_NAME: Final = 128
"""Characters of a source's name: folders are named after it."""
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9 ._-]")

HashAs = Literal["native", "text", "number", "date"]
"""In which form values are hashed, so that two sides of different type can be compared (see `Column.hashes`)."""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """What is known of a column before it is read: from the settings, or from the other side of a comparison.

    `personal` is None where nobody said; measures then go by name and content.
    `missing` are words that mean "nothing" in this column, instead of the usual ones.
    `formats` are the date formats (strftime) that the column is declared to have.
    """

    name: str
    personal: bool | None = None
    key: bool = False
    as_of: bool = False
    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = None
    hash_as: HashAs = "native"


Method = Literal["pages", "key_ranges", "key_hash", "rows", "system", "first"]
"""How rows of a server or a store may be drawn; what each means, and what it cannot tell, is said by `Drawn`."""
MAX_SECONDS: Final = 300.0
MAX_BYTES: Final = 2 << 30
"""What one reading of a source may take where the settings do not say: a nightly guest is gone in five minutes."""
EXACT: Final = ("row_count", "nulls", "duplicates")
"""Facts that a server may be asked for over its whole table."""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """How much of a source is wanted, and what reading it may cost.

    `rows` None: whatever the connector does by default; "full": all of it. `method` None: the best that the source
    offers. `max_seconds` and `max_bytes` are kept while the rows of a server or a store stream in: reading stops there,
    and says so; where they are None, `seconds` and `bytes` say what is kept. `columns` are those that are wanted of a
    server's table; none stands for all.
    """

    rows: int | Literal["full"] | None = None
    seed: int = 7
    method: Method | None = None
    max_seconds: float | None = None
    max_bytes: int | None = None
    columns: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long reading may take."""
        return MAX_SECONDS if self.max_seconds is None else self.max_seconds

    @property
    def bytes(self) -> int:
        """How many bytes may arrive."""
        return MAX_BYTES if self.max_bytes is None else self.max_bytes


@dataclass(frozen=True, slots=True)
class Source:
    """One table of production, or of a pilot.

    `uri` is a path, a glob, or a URI as the settings give it, with `${NAME}` still in it: secrets are filled in by the
    connector when it connects and never stand in a value that could be printed.
    `pilot` is the URI of the clean data that the pilot was built on, where the settings name one. `suites` are files of
    expectations about rows that people wrote. `exact` names facts (of `EXACT`) that the source is asked for over the
    whole table. `tables` are patterns of tables, each of which is a source of its own (`exclude` leaves some out), read
    so many `connections` at a time; such a family has no rows itself.
    """

    name: str
    uri: str
    table: str | None = None
    pilot: str | None = None
    criticality: Literal["required", "supporting"] = "required"
    key: tuple[str, ...] = ()
    as_of: str | None = None
    sample: SampleRequest = SampleRequest()
    columns: Mapping[str, ColumnSpec] = field(default_factory=lambda: EMPTY)
    suites: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    connections: int = 2

    def member(self, table: str) -> Source:
        """One table of a family, as a source of its own; `{table}` in the pilot's URI is the table's bare name."""
        pilot = None if self.pilot is None else self.pilot.replace("{table}", table.rpartition(".")[2])
        return replace(self, name=_name(f"{self.name}.{table}"), table=table, pilot=pilot, tables=(), exclude=())

    def spec(self, column: str) -> ColumnSpec:
        """What is known of one column; a bare spec where nothing is."""
        known = self.columns.get(column)
        return known if known is not None else ColumnSpec(column, key=column in self.key, as_of=column == self.as_of)


def _name(text: str) -> str:
    """A name that a folder can have; one that had to be changed ends in a digest, so that no two are the same.

    >>> _name("crm.public.orders"), _name("crm.public.a/b")
    ('crm.public.orders', 'crm.public.a_b-0fef941a')
    """
    safe = _UNSAFE.sub("_", text)
    if safe == text and len(text) <= LONGEST_NAME and not text.endswith((" ", ".")):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{safe[: LONGEST_NAME - 9]}-{digest}"
