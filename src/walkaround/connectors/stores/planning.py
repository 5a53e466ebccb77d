"""Planning: what of the objects travels, and how, from listings, footers and first bytes; no row is read."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from walkaround.connectors.contract import REMOTE_ROWS, Plan
from walkaround.connectors.hive import Keys
from walkaround.connectors.location import Place
from walkaround.connectors.parquet import ParquetPart
from walkaround.connectors.parts import columns_of, common_schema, disagreements
from walkaround.connectors.simple import FilePart, RangedLook
from walkaround.connectors.states import modified
from walkaround.connectors.stores.found import found, kind_of_object
from walkaround.connectors.stores.groups import Pick, pick_groups, travelling
from walkaround.connectors.stores.partitions import PartitionedPart, keys_of_all, note_on
from walkaround.connectors.stores.state import ObjectState
from walkaround.connectors.stores.visit import LISTED, Visit, too_large
from walkaround.connectors.stores.waiting import Asked
from walkaround.errors import SourceError
from walkaround.model.sample import SourceFacts
from walkaround.model.source import Source

AT_ONCE: Final = 8
"""Footers that are asked for side by side: each is a round trip of some tens of milliseconds, and no load."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the rows come here. `parts` are files that are read by ranges, and `picks` their row groups where not all
    travel; without parts, the objects are fetched whole. `keys` are what the folders say of each file's rows.
    """

    visit: Visit
    states: tuple[ObjectState, ...]
    parts: tuple[FilePart, ...] = ()
    picks: tuple[Pick, ...] = ()
    keys: tuple[Keys, ...] = ()

    @property
    def tables(self) -> tuple[FilePart, ...]:
        """The files with the columns of their folders."""
        if not self.keys:
            return self.parts
        return tuple(PartitionedPart(part, keys) for part, keys in zip(self.parts, self.keys, strict=True))


def plan_of(source: Source, visit: Visit, looks: dict[str, RangedLook]) -> Plan:
    """The plan of a source whose objects `visit` can see. `looks` are the kinds that are read by ranges.

    Raises:
        SourceError: there is nothing to read, it may not be read, or it is more than reading may cost.
    """
    items = found(visit)
    states = tuple(ObjectState(item, visit) for item in items if item.size)
    shown = visit.target.name(visit.target.key)
    if not states:
        raise SourceError(
            source.name, "empty", f"{shown}: holds 0 bytes", "look at the export that should have filled it"
        )
    notes = (
        (f"{len(items) - len(states)} of {len(items)} objects are empty (0 bytes)",) if len(items) > len(states) else ()
    )
    kind = kind_of_object(visit, states[0].item)
    look = looks.get(kind) if all(state.item.ranges and state.size > 0 for state in states) else None
    if look is None:
        return _whole(source, visit, states, kind, notes)
    place = Place(shown, shown, tuple(state.path for state in states))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        footers = pool.map(lambda state: look(source, place, state), states)
        try:
            parts = Asked(lambda: tuple(footers)).answer()
        except BaseException:
            visit.stop()  # or leaving would wait for the others
            raise
    keys = keys_of_all(visit, states) if kind == "parquet" else ()
    return _by_ranges(source, Way(visit, states, parts, keys=keys), "hive" if keys else kind, (*notes, *note_on(keys)))


def wanted_rows(source: Source) -> int | None:
    """Rows that are drawn; None is all of them."""
    rows = source.sample.rows
    return REMOTE_ROWS if rows is None else rows if isinstance(rows, int) else None


def _whole(source: Source, visit: Visit, states: tuple[ObjectState, ...], kind: str, notes: tuple[str, ...]) -> Plan:
    sizes = [state.size for state in states]
    total = sum(sizes) if min(sizes) >= 0 else None
    if total is not None and total > source.sample.bytes:
        raise too_large(source.name, visit.target.name(visit.target.key), total, source.sample.bytes)
    steps = [f"GET {visit.target.name(state.item.key)}{_bytes(state.size)}" for state in states]
    facts = SourceFacts(kind or "file", bytes=total, modified=_modified(states), notes=notes, statements=visit.said)
    cost = (f"{_objects(len(states))} fetched whole{'' if total is None else f', {total:,} bytes'}",)
    rows = wanted_rows(source)
    return Plan(
        source,
        facts.kind,
        states,
        facts,
        rows,
        source.sample.seed,
        (Way(visit, states),),
        "lines",
        _bounded(steps),
        cost,
    )


def _by_ranges(source: Source, way: Way, kind: str, notes: tuple[str, ...]) -> Plan:
    parts, states, name = way.parts, way.states, way.visit.target.name
    strata = [part.strata for part in parts]
    counted = sum(sum(sizes) for sizes in strata if sizes is not None)
    known = all(sizes is not None for sizes in strata)
    total, most, rows = sum(state.size for state in states), source.sample.bytes, wanted_rows(source)
    if known and rows is not None and rows >= counted:
        rows = None
    travels = total
    if total > most:
        files = [part for part in parts if isinstance(part, ParquetPart)]
        picks = pick_groups(files, rows, most, source.sample.seed) if rows and len(files) == len(parts) else ()
        if not picks:
            raise too_large(source.name, name(way.visit.target.key), total, most)
        travels = int(travelling(files)[[pick.unit for pick in picks]].sum())
        way = replace(way, picks=picks)
    said = [note for part in parts for note in part.notes]
    facts = SourceFacts(
        kind,
        columns_of(common_schema(way.tables)),
        rows_total=counted if known else None,
        rows_total_is="exact" if known else None,
        bytes=total,
        modified=_modified(states),
        notes=(
            *notes,
            *dict.fromkeys(said),
            *disagreements(source, way.tables, states),
        ),
        statements=way.visit.said,
    )
    groups = sum(len(sizes) for sizes in strata if sizes is not None)
    what = f"{len(way.picks):,} of {groups:,} row groups" if way.picks else _objects(len(states))
    cost = (f"{what}, about {travels:,} of {total:,} bytes",)
    steps = _bounded(_ranges(way))
    method = "row_groups" if known else "rows"
    return Plan(source, kind, states, facts, rows, source.sample.seed, (way,), method, steps, cost)


def _ranges(way: Way) -> list[str]:
    name = way.visit.target.name
    if not way.picks:
        return [f"GET {name(state.item.key)} by ranges{_bytes(state.size)}" for state in way.states]
    groups: dict[int, list[str]] = {}
    for pick in way.picks:
        groups.setdefault(pick.part, []).append(str(pick.group + 1))
    return [f"GET {name(way.states[part].item.key)} row groups {', '.join(which)}" for part, which in groups.items()]


def _bounded(steps: Sequence[str]) -> tuple[str, ...]:
    more = len(steps) - LISTED
    return (*steps[:LISTED], f"and {more:,} more objects") if more > 0 else tuple(steps)


def _objects(count: int) -> str:
    return "1 object" if count == 1 else f"{count:,} objects"


def _bytes(size: int) -> str:
    return f" ({size:,} bytes)" if size >= 0 else ""


def _modified(states: Sequence[ObjectState]) -> datetime | None:
    return modified(states) if all(state.modified_ns for state in states) else None
