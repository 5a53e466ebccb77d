"""What checks share: limits over the pilot, and novelty of production against the pilot."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from walkaround.intervals import ODD_VALUE, ODDITY, least_novelty_chance, novelty_ceiling, novelty_chance
from walkaround.measures.counting import Sketch
from walkaround.model.check import Check
from walkaround.model.fact import Fact
from walkaround.model.limit import Evidence, Limit, PilotFigure
from walkaround.model.measure import Measure
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

M = TypeVar("M", bound=Measure[Any])


def pairs(pilot: TableProfile, production: TableProfile, kind: type[M]) -> Iterator[tuple[str, M, M]]:
    """Each column that both sides have, with its state of a measure on either side."""
    for column, before in pilot.columns_with(kind):
        other = production.columns.get(column.name)
        after = other.get(kind) if other else None
        if after is not None:
            yield column.name, before, after


def limit(  # noqa: PLR0917 - every check says it once, in this order: what is held, the pilot's figure, and why
    check: Check, policy: Policy, fact: str, column: str, count: int, of: int, why: str, evidence: Evidence = "rise"
) -> Limit:
    """At most the pilot's share plus the tolerance. `count` of `of` is the same figure in the pilot."""
    had = count / of if of else 0.0
    tolerance = policy.tolerated(check.code, check.tolerance, column)
    grave = policy.graved(check.code, check.grave, column)
    return Limit(
        check.code,
        fact,
        (column,) if column else (),
        min(1.0, had + tolerance),
        check.severity,
        PilotFigure(had, count, of),
        why,
        tolerance=tolerance,
        grave=None if grave is None else min(1.0, had + grave),
        evidence=evidence,
    )


def novelty_of_pilot(counts: Iterable[int]) -> tuple[int, int]:
    """How many rows of the pilot hold an item that no other row of it holds, and of how many rows.

    The share of singletons estimates the share of new rows that will hold something unseen (Good, 1953).
    """
    total, single = 0, 0
    for count in counts:
        total += count
        single += count == 1
    return single, total


def novelty(
    name: str,
    column: str,
    pilot: Mapping[str, int],
    production: Mapping[str, int],
    *,
    known: Iterable[str] = (),
    oddity: float = ODDITY,
) -> Fact:
    """The share of production's rows that hold an item the pilot lacks; `known` items are never new.

    `oddity` is how often clean data shows something new where the pilot had nothing that occurred once.
    """
    exempt = set(known)
    new = {item: count for item, count in production.items() if item not in pilot and item not in exempt}
    pooled: Counter[int] = Counter()
    for item in {*pilot, *production} - exempt:
        pooled[pilot.get(item, 0) + production.get(item, 0)] += 1
    single, pilot_rows = novelty_of_pilot(pilot.values())
    return _novelty(
        name,
        column,
        count=sum(new.values()),
        items=len(new),
        of=sum(production.values()),
        single=single,
        pilot_rows=pilot_rows,
        pooled=pooled,
        detail=max(new, key=lambda item: new[item], default=""),
        oddity=oddity,
    )


def novelty_of_values(name: str, column: str, pilot: Sketch, production: Sketch, together: float = 1.0) -> Fact:
    """The same for values, known by their hashes, up to the bound that both sketches reach.

    `together` values come and go in one row, as the words of a text do: they are so many fewer coins.
    """
    bound = min(pilot.bound, production.bound)
    old, old_counts = pilot.up_to(bound)
    new, new_counts = production.up_to(bound)
    unseen = ~np.isin(new, old, assume_unique=True)
    _, copies = _pooled(old, old_counts, new, new_counts)
    sizes, items = np.unique(copies, return_counts=True)
    pooled = dict(zip(sizes.tolist(), items.tolist(), strict=True))
    return _novelty(
        name,
        column,
        count=int(new_counts[unseen].sum()),
        items=int(unseen.sum()),
        of=int(new_counts.sum()),
        single=int((old_counts == 1).sum()),
        pilot_rows=int(old_counts.sum()),
        pooled=pooled,
        oddity=ODD_VALUE,
        together=together,
    )


def _pooled(
    old: NDArray[np.uint64], old_counts: NDArray[np.int64], new: NDArray[np.uint64], new_counts: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    distinct, codes = np.unique(np.concatenate([old, new]), return_inverse=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, codes, np.concatenate([old_counts, new_counts]))
    return distinct, total


def _novelty(
    name: str,
    column: str,
    *,
    count: int,
    items: int,
    of: int,
    single: int,
    pilot_rows: int,
    pooled: Mapping[int, int],
    oddity: float,
    together: float = 1.0,
    detail: str = "",
) -> Fact:
    odds = 1.0 if single else oddity
    coins = {copies: math.ceil(number / together) for copies, number in pooled.items()}
    novel_rows, novel_items = int(count / together), int(items / together)
    return Fact(
        name,
        (column,),
        count / of if of else None,
        count,
        of,
        pilot_count=single,
        pilot_of=pilot_rows,
        chance=odds * novelty_chance(novel_rows, novel_items, coins, pilot_rows, of),
        least_chance=odds * least_novelty_chance(coins, pilot_rows, of),
        ceiling=odds * novelty_ceiling(coins, pilot_rows, of),
        detail=detail,
    )
