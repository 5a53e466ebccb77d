"""What every connector promises, and the plan that it shows before it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from walkaround.errors import SourceError
from walkaround.model.sample import Sample, SourceFacts
from walkaround.model.source import Source


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it stood when it was looked at; another state later means that it changed."""

    path: Path
    size: int
    modified_ns: int
    inode: int

    @classmethod
    def of(cls, path: Path) -> FileState:
        """The state now.

        Raises:
            OSError: the file is gone or may not be looked at.
        """
        status = path.stat()
        return cls(path, status.st_size, status.st_mtime_ns, status.st_ino)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be read, and how. Printed, it is the dry run.

    `rows` None reads everything; otherwise so many rows are drawn with `seed`. `parts` is what the connector found out
    of each file and needs again to read it (a dialect, a schema); it holds no value of any row.
    """

    source: Source
    kind: str
    files: tuple[FileState, ...]
    facts: SourceFacts
    rows: int | None
    seed: int
    parts: tuple[Any, ...] = ()

    def __str__(self) -> str:
        """One line for what is read, and one for every statement that would be sent."""
        how = "one full pass" if self.rows is None else f"{self.rows} seeded rows (seed {self.seed})"
        names = ", ".join(state.path.name for state in self.files) or "memory"
        lines = [f"{self.source.name}: {self.kind}, {how} of {names}, {self.facts.bytes or 0} bytes"]
        return "\n".join([*lines, *(f"  {statement}" for statement in self.facts.statements)])


class Connector(Protocol):
    """A kind of source. Connectors hold no state: everything they need again stands in the plan."""

    @property
    def kind(self) -> str:
        """The word that facts and reports use: "delimited", "parquet", "arrow", ..."""

    def claims(self, uri: str) -> bool:
        """Whether this connector reads `uri` (no `${NAME}` left in it): by name, and by content where it exists."""

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading `source`; nothing where it can be read. Reads no more than a plan does."""

    def datasets(self, source: Source) -> Iterator[str]:
        """The tables that `source` holds; one for a plain file."""

    def describe(self, source: Source) -> SourceFacts:
        """What the source says of itself.

        Raises:
            SourceError: it cannot be read.
        """

    def plan(self, source: Source) -> Plan:
        """What would be read, and how.

        Raises:
            SourceError: it cannot be read.
        """

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan, to be read as often as needed."""
