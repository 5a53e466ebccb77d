"""check: what a schedule runs. Every source against its frozen pilot, remembered, reported, and held against last
time.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from walkaround.checks.owner import FRESH_DAYS
from walkaround.errors import SourceError, UsageError
from walkaround.gx.suite import dumps
from walkaround.gx.user_suite import known_to_gx
from walkaround.history.store import History
from walkaround.measures.privacy import may_leave
from walkaround.model.fact import Fact
from walkaround.model.outcome import Outcome
from walkaround.model.run import Owner, Run
from walkaround.model.sample import Sample
from walkaround.model.source import HashAs, Source
from walkaround.report import folder
from walkaround.settings import Settings
from walkaround.workflow.assess import (
    Progress,
    Side,
    emptiness,
    explained,
    facts_of,
    judge_at_hand,
    opened,
    profiled,
    sample_kinds,
    silent,
)  # fmt: skip
from walkaround.workflow.baseline import frozen, frozen_names, hash_seed
from walkaround.workflow.compose import compose, utc_now
from walkaround.workflow.families import every_member
from walkaround.workflow.fetching import fetching
from walkaround.workflow.listings import write_cells, write_groups
from walkaround.workflow.own_suites import own_suites
from walkaround.workflow.relations import related


def check(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    suites: Sequence[Path] = (),
    failing_cells: Path | None = None,
    duplicate_groups: Path | None = None,
    now: datetime | None = None,
    progress: Progress = silent,
) -> Run:
    """Assess some sources (all, where none is named), remember the run, and write its report.

    A source that cannot be read, or has no frozen pilot, is not assessed; the others go on. `suites` are files of
    expectations about rows, beside those that the settings name, for the one source that is assessed.

    Raises:
        LockedError: another run of this project is going on.
        BaselineError: a frozen suite or profile is damaged, or a suite of rows is; nothing was read then.
        UsageError: `suites` are given for more than one source.
    """
    began, started = time.monotonic(), now or utc_now()
    told = every_member(settings.chosen(names), frozen_names(settings.root))
    sources = [source for source, _ in told]
    if suites and len(sources) != 1:
        raise UsageError(
            f"a suite was given, and {len(sources)} sources are to be checked",
            f"name the one that it is for, of {', '.join(source.name for source in sources)}",
        )
    own = {source.name: own_suites(source, settings.root / "expectations", suites) for source in sources}
    with History.open(settings.root / ".walkaround" / "history.duckdb") as history, history.lock("check", started):
        with judge_at_hand():
            known_to_gx(tuple(suite for each in own.values() for suite in each))
            found = [replace(side, own=own[side.source.name]) for side in _sides(settings, told, started, progress)]
        sides, orphans = related(found, settings.policy, progress)
        progress("judging")
        written = [dumps(side.suite) for side in sides if side.suite]
        written += [suite.digest for side in sides for suite in side.own]
        rules = hashlib.sha256("".join(written).encode()).hexdigest()[:16]
        run = compose(
            "check",
            sides,
            settings.policy,
            started,
            began,
            project=settings.project,
            further=(owner_outcome(settings.project.owner, started), *orphans),
            settings={"rules": rules},
        )
        seed = hash_seed(settings.root)
        write_cells(failing_cells, sides, run, seed)
        write_groups(duplicate_groups, sides, seed)
        run = replace(run, since=history.since(run))
        progress("writing the report")
        folder.write(run, settings.root / "reports" / settings.project.name / run.id)
        history.write(run, _remembered(sides))
    return run


def _sides(settings: Settings, told: Sequence[tuple[Source, str]], now: datetime, progress: Progress) -> Iterator[Side]:
    """Every source read and profiled; those of one server, side by side, are fetched several at a time."""
    for _, neighbours in groupby(told, key=lambda pair: pair[0].uri):
        pairs = list(neighbours)
        ready = [source for source, problem in pairs if not problem and _suite(settings, source).exists()]
        with fetching(ready) if len(ready) > 1 else nullcontext() as under_way:
            read = under_way.take if under_way else opened
            for source, problem in pairs:
                yield Side(source, problem=problem) if problem else _side(settings, source, read, now, progress)


def _suite(settings: Settings, source: Source) -> Path:
    return settings.root / "expectations" / source.name / "suite.json"


def _side(
    settings: Settings, source: Source, read: Callable[[Source], Sample], now: datetime, progress: Progress
) -> Side:
    """One source, read and profiled like its frozen pilot."""
    if not _suite(settings, source).exists():
        return Side(source, problem=f"{source.name} has no frozen pilot; `walkaround baseline freeze` makes it")
    suite, pilot = frozen(settings, source, progress)
    progress(f"reading {source.name}")
    try:
        sample = read(source)
        forms = _forms({name: column.kind for name, column in pilot.columns.items()}, sample_kinds(sample))
        production = profiled(source, sample, forms, hash_seed(settings.root), progress, now=now)
    except SourceError as error:
        return Side(source, suite, pilot, problem=explained(error))
    return Side(source, suite, pilot, sample, production, emptiness(production, "production"))


def _forms(pilot: Mapping[str, str], production: Mapping[str, str]) -> dict[str, HashAs]:
    """In which form production's values are hashed, so that they compare with a pilot that was hashed as it stood."""
    forms: dict[str, HashAs] = {}
    for name, kind in production.items():
        before = pilot.get(name, kind)
        if kind != "text" and before == "text":
            forms[name] = "text"
        elif kind == "text" and before == "number":
            forms[name] = "number"
        elif kind == "text" and before == "date":
            forms[name] = "date"
    return forms


def owner_outcome(owner: Owner, now: datetime) -> Outcome:
    """Whether somebody answers for the data in operation."""
    if not owner.name:
        detail = "nobody is named who answers for this data in operation"
    elif owner.confirmed_on is None:
        detail = f"{owner.name} was never confirmed as the owner"
    elif (age := (now.date() - owner.confirmed_on).days) > FRESH_DAYS:
        detail = f"{owner.name} was last confirmed as the owner {age} days ago"
    else:
        detail = ""
    return Outcome("OPS001", "", (), "fail" if detail else "pass", "warning", "owner", detail=detail)


def _remembered(sides: Sequence[Side]) -> dict[str, list[Fact]]:
    """The facts of each source that was read, without values of personal columns (law 4)."""
    return {
        side.source.name: [
            fact
            for fact in facts_of(side.pilot, side.production)[0].values()
            if may_leave(fact, side.pilot, side.production)
        ]
        for side in sides
        if side.production is not None and side.pilot is not None and not side.problem
    }
