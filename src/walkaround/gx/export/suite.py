"""The export: each limit of a reviewed suite as core expectations, and a list of what those cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from walkaround.gx.export import presence, values
from walkaround.gx.export.sayings import Core, Saying, Unsaid, ceiling
from walkaround.gx.export.seen import SeenTable, seen
from walkaround.model.limit import Limit, PilotFigure
from walkaround.model.policy import MIN_GROUP
from walkaround.model.profile import TableProfile
from walkaround.model.suite import Suite

SHAPES_FACT: Final = "new_shape_rate"
"""The fact whose patterns speak for others: a value with a stray space has another shape."""
SAYINGS: Final[Mapping[str, Saying]] = {**presence.SAYINGS, **values.SAYINGS}
"""How each fact is said, by its name."""


@dataclass(frozen=True, slots=True)
class Said:
    """A core expectation, and the limit that it says. `notes` are the words of whoever edited the limit."""

    core: Core
    limit: Limit
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What core expectations cannot say: limits of one check on some facts of some columns, and why."""

    code: str
    facts: tuple[str, ...]
    columns: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A suite of core expectations. `forms` says of which type each column has to be for them."""

    name: str
    said: tuple[Said, ...]
    lacking: tuple[Lacking, ...]
    forms: Mapping[str, str]
    pilot: str
    rows: int


def exported(suite: Suite, pilot: TableProfile, min_group: int = MIN_GROUP) -> Exported:
    """The limits of a suite, as they stand in it, in the words of core Great Expectations.

    What was deleted from the suite is not exported; a limit that was edited is exported as edited. Values are told as
    law 4 allows: those of columns that are not personal, in `min_group` rows or more.
    """
    limits = [expectation.limit for expectation in suite.expectations]
    alike = _alike(pilot.columns)
    shapes = {x.columns[0]: ceiling(x) for x in limits if x.fact == SHAPES_FACT and x.columns[0] not in alike}
    table = seen(pilot, min_group, shapes)
    said: list[Said] = [_some_rows(pilot)]
    unsaid: list[tuple[Limit, str]] = []
    for expectation in suite.expectations:
        limit = expectation.limit
        for saying in _sayings(limit, table):
            if isinstance(saying, Unsaid):
                unsaid.append((limit, saying.why))
            elif not alike.isdisjoint([saying.kwargs.get("column"), *saying.kwargs.get("column_list", ())]):
                unsaid.append(
                    (limit, "names that differ in case only: Great Expectations may look at the other column")
                )
            elif saying.kwargs.get("mostly") == 0.0:
                unsaid.append((limit, "it lets every row fail, as so many of the pilot's do"))
            else:
                said.append(Said(saying, limit, expectation.notes))
    forms = {name: column.form for name, column in table.columns.items()}
    return Exported(suite.name, tuple(said), tuple(_lacking(unsaid)), forms, suite.pilot, pilot.rows)


def _alike(names: Iterable[str]) -> frozenset[str]:
    """The names that differ from another in the case of letters only.

    >>> sorted(_alike(["a", "A", "b"]))
    ['A', 'a']
    """
    of_lower: dict[str, list[str]] = {}
    for name in names:
        of_lower.setdefault(name.lower(), []).append(name)
    return frozenset(name for group in of_lower.values() if len(group) > 1 for name in group)


def _lacking(unsaid: Sequence[tuple[Limit, str]]) -> Iterator[Lacking]:
    """What was not said, by check and reason; the facts of the same columns stand together."""
    columns: dict[tuple[str, str, str], list[str]] = {}
    for limit, why in unsaid:
        columns.setdefault((limit.code, why, limit.fact), []).extend(limit.columns)
    facts: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for (code, why, fact), names in sorted(columns.items()):
        facts.setdefault((code, why, tuple(dict.fromkeys(names))), []).append(fact)
    for (code, why, names_of_all), names_of_facts in facts.items():
        yield Lacking(code, tuple(names_of_facts), names_of_all, why)


def _sayings(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    saying = SAYINGS.get(limit.fact)
    strange = [name for name in limit.columns if name not in table.columns]
    if saying is None:
        yield Unsaid("no core expectation is known for this fact")
    elif limit.max_value is None:
        yield Unsaid("it limits the share from below only")
    elif strange:
        yield Unsaid(f"the pilot has no column {strange[0]}")
    else:
        yield from saying(limit, table)
        if limit.min_value is not None:
            yield Unsaid("its minimum is left out: core expectations hold the share from above only")


def _some_rows(pilot: TableProfile) -> Said:
    """An empty table passes every other expectation (law 3)."""
    core = Core("expect_table_row_count_to_be_between", {"min_value": 1})
    figure = PilotFigure(float(pilot.rows), pilot.rows, None)
    why = "an empty table would pass all other expectations"
    return Said(core, Limit("ACC001", "rows", (), None, "critical", figure, why, 1.0, evidence="certain"))
