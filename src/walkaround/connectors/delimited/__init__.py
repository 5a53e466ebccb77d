"""Delimited text: CSV, TSV and their relatives, however they are written. It arrives as text, exactly as it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from walkaround.connectors.assembly import sample_of_plan, wanted
from walkaround.connectors.contract import FileState, Plan, problems_of
from walkaround.connectors.delimited.dialect import Dialect
from walkaround.connectors.delimited.reading import read_records
from walkaround.connectors.delimited.sniff import sniff
from walkaround.connectors.encoding import MAX_LINE, old_encoding, utf8_lines
from walkaround.connectors.kinds import kind_of
from walkaround.connectors.legacy import DEFAULT
from walkaround.connectors.location import failure, locate, place_of
from walkaround.connectors.parts import Reading, disagreements
from walkaround.connectors.states import modified, states_of
from walkaround.errors import SourceError
from walkaround.model.sample import DeclaredColumn, Sample, SourceFacts
from walkaround.model.source import Source

_PROBE: Final = 1 << 20
"""Bytes of text that the dialect is found from."""
_MARKUP: Final = ((b"<!doctype", "an HTML page"), (b"<html", "an HTML page"), (b"<?xml", "an XML file"))


@dataclass(frozen=True, slots=True)
class DelimitedFile:
    """One file and its dialect."""

    path: Path
    source: str
    dialect: Dialect
    encoding: str

    @property
    def schema(self) -> pa.Schema:
        """Text, all of it."""
        return pa.schema([pa.field(name, pa.string()) for name in self.dialect.names])

    @property
    def strata(self) -> None:
        """How many rows there are is not known before they are read."""

    def read(self) -> Reading:
        """All rows, in order."""
        return read_records(self.path, self.source, self.dialect, Counter())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report should know of the file."""
        dialect = self.dialect
        said = [f"encoding {self.encoding}", dialect.words]
        if not dialect.header:
            said.append("no header")
        if dialect.preamble:
            said.append(f"{dialect.preamble} lines before the table")
        if dialect.trailing:
            said.append("a delimiter after the last field")
        return tuple(said)


class Delimited:
    """Delimited text files, packed or not, one or many."""

    kind = "delimited"
    schemes: tuple[str, ...] = ()

    def claims(self, uri: str) -> bool:
        """By the name, and where that says nothing, because it is no other kind."""
        place = place_of(uri)
        return bool(place.files) and kind_of(place.files[0]) == self.kind

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The one table there is."""
        yield source.name

    def describe(self, source: Source) -> SourceFacts:
        """Columns, encoding and dialect, from the first megabyte."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """One pass over every file, with the dialect found for each."""
        place = locate(source)
        states = states_of(source, place.shown, place.files)
        states = tuple(state for state in states if state.size)
        parts = tuple(_look(source, state) for state in states)
        notes = [*parts[0].notes, *disagreements(source, parts, states)]
        if len(place.files) > 1:
            notes.append(f"{len(place.files)} files, {len(place.files) - len(states)} of them empty")
        columns = {name: DeclaredColumn(name, "text") for part in parts for name in part.dialect.names}
        size = sum(state.size for state in states)
        facts = SourceFacts(
            self.kind, tuple(columns.values()), bytes=size, modified=modified(states), notes=tuple(notes)
        )
        return Plan(source, self.kind, states, facts, wanted(source), source.sample.seed, parts)

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan."""
        return sample_of_plan(plan, plan.parts)


def _look(source: Source, state: FileState) -> DelimitedFile:
    """The dialect of one file.

    Raises:
        SourceError: it is no table of text.
    """
    path, shown = state.path, state.path.name
    seen: Counter[str] = Counter()
    lines = utf8_lines(path, source.name, seen)
    text, cut = b"", False
    try:
        while len(text) < _PROBE and len(text) < MAX_LINE:
            text += next(lines)
    except StopIteration as end:
        cut = bool(end.value)
    except OSError as error:
        raise failure(source.name, shown, error) from None
    finally:
        lines.close()
    if not text.strip():
        if cut:
            raise SourceError(
                source.name, "truncated", f"{shown}: is cut off, nothing of it can be read", "copy it again"
            )
        hint = "look at the export that should have filled it"
        raise SourceError(source.name, "empty", f"{shown}: holds no records", hint)
    start = text[:100].lstrip().lower()
    for mark, words in _MARKUP:
        if start.startswith(mark):
            hint = "look at the file; a failed download often leaves a page"
            raise SourceError(source.name, "not_what_it_says", f"{shown}: is {words}, not delimited text", hint)
    return DelimitedFile(path, source.name, sniff(text), _encoding_words(seen))


def _encoding_words(seen: Counter[str]) -> str:
    """The encoding, as the report says it."""
    encoding = next((key.removeprefix("in ") for key in seen if key.startswith("in ")), "utf-8")
    old = old_encoding(seen)
    if not old:
        return encoding
    if seen["utf-8"]:
        return f"utf-8 and {old} mixed"
    return old if old == DEFAULT else f"{old}, told by its letters"


CONNECTOR = Delimited()
