"""What connectors of typed files have in common: look at every file, and put the plan together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from walkaround.connectors.assembly import sample_of_plan, wanted
from walkaround.connectors.contract import FileState, Plan, State, problems_of
from walkaround.connectors.kinds import kind_of_place
from walkaround.connectors.location import Place, locate, place_of
from walkaround.connectors.parts import Part, columns_of, common_schema, disagreements
from walkaround.connectors.states import modified, states_of
from walkaround.errors import SourceError
from walkaround.model.sample import ForeignKey, Sample, SourceFacts
from walkaround.model.source import Source


class FilePart(Part, Protocol):
    """A part that can say more of itself."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the report should know."""

    @property
    def statements(self) -> tuple[str, ...]:
        """The SQL that reading sends."""


@runtime_checkable
class KeyedPart(Protocol):
    """A table of a file that declares keys, as databases do."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key."""

    @property
    def foreign_keys(self) -> tuple[ForeignKey, ...]:
        """The columns that point to other tables of the file."""


Look = Callable[[Source, Place, FileState], FilePart]
RangedLook = Callable[[Source, Place, State], FilePart]
"""A look that reaches the bytes through the state alone, so that it serves objects of a store as well."""
Tables = Callable[[Source, Place, FileState], Sequence[str]]


class FileConnector:
    """A kind of typed file: `look` finds out what one file holds, `tables` which tables it has.

    A value made of two functions, so that each module of a kind holds nothing but what is its own. `ranged` is the look
    where it needs no path: such files are read from a store by ranges; others are fetched whole.
    """

    schemes: tuple[str, ...] = ()

    def __init__(self, kind: str, look: Look, tables: Tables | None = None, ranged: RangedLook | None = None) -> None:
        self.kind = kind
        self.ranged = ranged
        self._look = look
        self._tables = tables

    def claims(self, uri: str) -> bool:
        """By scheme, by name, and by the first bytes where the name says nothing."""
        if uri.lower().startswith(f"{self.kind}://"):
            return True
        return kind_of_place(place_of(uri)) == self.kind

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The tables of the file; the source's own name where it is one table."""
        if self._tables is None:
            yield source.name
            return
        place = locate(source)
        yield from self._tables(source, place, states_of(source, place.shown, place.files)[0])

    def describe(self, source: Source) -> SourceFacts:
        """Columns, types and rows, as the file declares them."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """One pass over every file."""
        place = locate(source)
        found = states_of(source, place.shown, place.files)
        states = tuple(state for state in found if state.size)
        parts = tuple(self._look(source, place, state) for state in states)
        notes = [note for part in parts for note in part.notes]
        if len(states) < len(found):
            notes.append(f"{len(found) - len(states)} of {len(found)} files are empty (0 bytes)")
        strata = [part.strata for part in parts]
        counted = sum(sum(sizes) for sizes in strata if sizes is not None)
        known = all(sizes is not None for sizes in strata)
        keyed = parts[0] if len(parts) == 1 and isinstance(parts[0], KeyedPart) else None
        facts = SourceFacts(
            self.kind,
            columns_of(common_schema(parts)),
            rows_total=counted if known else None,
            rows_total_is="exact" if known else None,
            bytes=sum(state.size for state in states),
            modified=modified(states),
            key=keyed.key if keyed else (),
            foreign_keys=keyed.foreign_keys if keyed else (),
            notes=(*dict.fromkeys(notes), *disagreements(source, parts, states)),
            statements=tuple(statement for part in parts for statement in part.statements),
        )
        return Plan(source, self.kind, states, facts, wanted(source), source.sample.seed, parts)

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan."""
        return sample_of_plan(plan, plan.parts)
