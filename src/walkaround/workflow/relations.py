"""Relations: keys of one table that point into another of the same server, and whether they find a row there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from walkaround.checks.orphans import CHECK, GRAVE, TOLERANCE
from walkaround.connectors import open_sample
from walkaround.connectors.sql.drawing import key_hash
from walkaround.errors import SourceError
from walkaround.intervals import wilson
from walkaround.model.outcome import Outcome, Status
from walkaround.model.policy import MIN_VALUES, Policy
from walkaround.model.sample import ForeignKey, Sample
from walkaround.model.source import SampleRequest
from walkaround.workflow.assess import Progress, Side, explained

FACT: Final = "orphan_rate"
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Columns of a child that point to a parent; `declared` by the server, or guessed from names."""

    child: Side
    key: ForeignKey
    declared: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one side with their rows, as far as they were drawn: those whose hash is at most `reach`; all where it is
    None.
    """

    rows: Mapping[Key, int]
    reach: int | None
    statements: tuple[str, ...] = ()


def related(sides: Sequence[Side], policy: Policy, progress: Progress) -> tuple[tuple[Side, ...], tuple[Outcome, ...]]:
    """The sides, with every statement that this sends, and an outcome for each relation of theirs."""
    told = {side.source.name: side for side in sides}
    outcomes: list[Outcome] = []
    for relation in relations(sides):
        child = relation.child.source
        progress(f"looking for orphans of {child.name}")
        try:
            keys = _keys(relation.child, relation.key.columns)
            parent = _keys(_parent(relation, sides), relation.key.to)
        except SourceError as error:
            outcomes.append(_unassessed(relation, explained(error)))
            continue
        told[child.name] = _with_statements(told[child.name], (*keys.statements, *parent.statements))
        outcomes.append(_outcome(relation, keys, parent, child.sample.seed, policy))
    return tuple(told[side.source.name] for side in sides), tuple(outcomes)


def relations(sides: Sequence[Side]) -> Iterator[Relation]:
    """What the servers declare, then what names suggest and nobody declared. Sources of one URI are one server."""
    read = [side for side in sides if side.production is not None and not side.problem and side.source.table]
    for _, group in groupby(sorted(read, key=lambda side: side.source.uri), key=lambda side: side.source.uri):
        neighbours = list(group)
        for child in neighbours:
            declared = child.production.facts_of_source.foreign_keys if child.production else ()
            yield from (Relation(child, key, declared=True) for key in declared)
            known = {key.columns for key in declared}
            for parent in neighbours:
                guess = _guess(child, parent)
                if guess is not None and guess.columns not in known:
                    yield Relation(child, guess, declared=False)


def _guess(child: Side, parent: Side) -> ForeignKey | None:
    """A column that is named like the key of another table: `customer_id` for customers(id)."""
    if child is parent or parent.production is None or child.production is None:
        return None
    key = parent.source.key or parent.production.facts_of_source.key
    if len(key) != 1:
        return None
    table = (parent.source.table or "").rpartition(".")[2]
    names = {f"{table}_{key[0]}", f"{table.removesuffix('s')}_{key[0]}"}
    if key[0].lower() not in ("id", "key", "code", "name"):
        names.add(key[0])
    own = child.source.key or child.production.facts_of_source.key
    kinds = {name: column.kind for name, column in child.production.columns.items() if name in names - set(own)}
    column = next((name for name, kind in kinds.items() if kind == parent.production.columns[key[0]].kind), None)
    return None if column is None else ForeignKey((column,), parent.source.table or "", key)


def _parent(relation: Relation, sides: Sequence[Side]) -> Side:
    """The side that a key points to; a bare one where that table is no source of this run."""
    child = relation.child.source
    for side in sides:
        if side.source.uri == child.uri and side.source.table == relation.key.table and not side.problem:
            return side
    return Side(replace(child, name=relation.key.table, table=relation.key.table, columns={}, key=relation.key.to))


def _keys(side: Side, columns: tuple[str, ...]) -> Keys:
    """The keys of a side: of its sample where that is the whole table, else drawn by their hash."""
    if side.sample is not None and side.production is not None and side.production.drawn.method == "full":
        return Keys(_counted(side.sample, columns), None)
    source = side.source
    rows = source.sample.rows if isinstance(source.sample.rows, int) else None
    request = SampleRequest(
        rows, source.sample.seed, "key_hash", source.sample.max_seconds, source.sample.max_bytes, columns
    )
    sample = open_sample(replace(source, key=columns, sample=request, exact=()))
    counted = _counted(sample, columns)
    if not sample.drawn.probability:
        words = f"the keys of {source.table} were not read to their end, which a budget cut short"
        raise SourceError(source.name, "budget", words, "allow more with max_seconds or max_bytes")
    whole = sample.drawn.method == "full"
    reach = None if whole else max((_hash(key, source.sample.seed) for key in counted), default=0)
    return Keys(counted, reach, sample.facts.statements)


def _counted(sample: Sample, columns: tuple[str, ...]) -> Counter[Key]:
    """Rows of each whole key, as text that is the same whatever the types of both sides are."""
    found: Counter[Key] = Counter()
    for batch in sample.batches():
        texts = [batch.column(batch.schema.get_field_index(name)).to_pylist() for name in columns]
        found.update(
            tuple(str(part).rstrip() for part in parts) for parts in zip(*texts, strict=True) if None not in parts
        )
    return found


def _hash(key: Key, seed: int) -> int:
    return key_hash(key, seed) or 0


def _outcome(relation: Relation, child: Keys, parent: Keys, seed: int, policy: Policy) -> Outcome:
    """Orphans among the keys that both sides were drawn for."""
    reaches = [side.reach for side in (child, parent) if side.reach is not None]
    reach = min(reaches) if reaches else None
    both = {key: rows for key, rows in child.rows.items() if reach is None or _hash(key, seed) <= reach}
    orphans = sum(rows for key, rows in both.items() if key not in parent.rows)
    of = sum(both.values())
    if of < MIN_VALUES:
        return _unassessed(relation, f"{of} rows have a key, and fewer than {MIN_VALUES} support no pass")
    share = orphans / of
    effective = float(of) if reach is None else float(len(both))
    interval = (share, share) if reach is None else wilson(share * effective, effective, policy.confidence)
    large = share > policy.tolerated("INT002", TOLERANCE)
    status: Status = "pass" if not large else "fail" if interval[0] > TOLERANCE else "inconclusive"
    grave = share >= (policy.graved("INT002", GRAVE) or GRAVE) and relation.declared
    return replace(
        _bare(relation, status),
        severity="blocker" if grave else "warning",
        observed=share,
        count=orphans,
        rows=of,
        basis="exact" if reach is None else "sample",
        interval=interval,
    )


def _unassessed(relation: Relation, reason: str) -> Outcome:
    return replace(_bare(relation, "not_assessed"), reason=reason)


def _bare(relation: Relation, status: Status) -> Outcome:
    return Outcome(
        CHECK.code, relation.child.source.name, relation.key.columns, status, "warning", FACT,
        limit=TOLERANCE, detail=relation.key.table,
    )  # fmt: skip


def _with_statements(side: Side, statements: tuple[str, ...]) -> Side:
    if side.production is None or not statements:
        return side
    facts = side.production.facts_of_source
    facts = replace(facts, statements=(*facts.statements, *statements))
    return replace(side, production=replace(side.production, facts_of_source=facts))
