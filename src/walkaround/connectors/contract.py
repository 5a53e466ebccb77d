"""What every connector promises, and the plan that it shows before it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from walkaround.errors import SourceError
from walkaround.model.sample import Sample, SourceFacts
from walkaround.model.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

REMOTE_ROWS: Final = 200_000
"""Rows that are drawn of a server's table, or of a store's objects, where the settings do not say how many."""


class State(Protocol):
    """A file of this machine, or an object of a store, as it stood when it was looked at, and the way to its bytes."""

    @property
    def path(self) -> Path:
        """Where a file is. Of an object only the name means anything: it is what messages say."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def modified_ns(self) -> int:
        """When it was last changed, in nanoseconds since 1970."""

    @property
    def tag(self) -> str:
        """What the store calls this content (its etag); empty of a file, whose content is at hand."""

    def open(self) -> BufferedIOBase:
        """Its bytes, for reading.

        Raises:
            OSError: the file is gone or may not be read.
            SourceError: the same of an object, or it is not what it was.
        """

    def arrow(self) -> pa.NativeFile:
        """Its bytes, for Arrow's own readers; raises as `open` does."""

    def again(self) -> State:
        """It as it stands now; raises as `open` does."""


NAMED: Final = 5
"""Files that a plan names in its first line."""


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

    @property
    def tag(self) -> str:
        """Nothing: its content is at hand."""
        return ""

    def open(self) -> BufferedIOBase:
        """Its bytes."""
        return self.path.open("rb")

    def arrow(self) -> pa.NativeFile:
        """Its bytes, read by Arrow itself."""
        import pyarrow as pa  # noqa: PLC0415 - loads where it is used

        return pa.OSFile(str(self.path))

    def again(self) -> FileState:
        """The file as it stands now."""
        return FileState.of(self.path)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be read, and how. Printed, it is the dry run.

    `rows` None reads everything; otherwise so many rows are drawn with `seed`. `parts` is what the connector found out
    of each file or table and needs again to read it (a dialect, a schema, page numbers); it holds no value of any row.
    `steps` are what reading would send or fetch, word for word: SQL statements, objects and ranges. `cost` says in
    words what they cost the source ("1,000 of 23,214 pages, about 8 MB").
    """

    source: Source
    kind: str
    files: tuple[State, ...]
    facts: SourceFacts
    rows: int | None
    seed: int
    parts: tuple[Any, ...] = ()
    method: str = ""
    steps: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()

    def __str__(self) -> str:
        """What is read and how, what it costs, and what would be sent."""
        by = f" by {self.method}" if self.method and self.rows is not None else ""
        how = "one full pass" if self.rows is None else f"{self.rows:,} seeded rows (seed {self.seed})"
        if self.method == "first" and self.rows is not None:
            how, by = f"the first {self.rows:,} rows", ""
        names = _names(self.files) or self.source.table or "memory"
        lines = [f"{self.source.name}: {self.kind}, {how}{by} of {names}, {_size(self.facts)}"]
        sent = self.steps or self.facts.statements
        return "\n".join([*lines, *(f"  costs {line}" for line in self.cost), *(f"  {step}" for step in sent)])


def _names(files: tuple[State, ...]) -> str:
    named = ", ".join(state.path.name for state in files[:NAMED])
    return f"{named} and {len(files) - NAMED:,} more" if len(files) > NAMED else named


def _size(facts: SourceFacts) -> str:
    about = "about " if facts.rows_total_is == "estimate" else ""
    rows = "" if facts.rows_total is None else f"{about}{facts.rows_total:,} rows, "
    return f"{rows}{'a size that is not known' if facts.bytes is None else f'{facts.bytes:,} bytes'}"


def problems_of(plan: Callable[[Source], Plan], source: Source) -> tuple[SourceError, ...]:
    """What stands in the way of planning how to read `source`: the first that comes up, or nothing."""
    try:
        plan(source)
    except SourceError as error:
        return (error,)
    return ()


class Connector(Protocol):
    """A kind of source. Connectors hold no state: everything they need again stands in the plan."""

    @property
    def kind(self) -> str:
        """The word that facts and reports use: "delimited", "parquet", "arrow", ..."""

    @property
    def schemes(self) -> tuple[str, ...]:
        """URI schemes, in lower case, that are this connector's alone; none where it reads files of this machine."""

    def claims(self, uri: str) -> bool:
        """Whether this connector reads `uri` (no `${NAME}` left in it): by scheme, by name, by content where it exists.

        Asked of a URI with a scheme only where that is one of `schemes`.
        """

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading `source`; nothing where it can be read. Reads no more than a plan does, and
        tries to log in once.
        """

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
