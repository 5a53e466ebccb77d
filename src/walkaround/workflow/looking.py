"""Looking without reading: what check would read and what that costs, and whether everything that it needs is there."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from walkaround.connectors import Plan, connector_for
from walkaround.errors import SourceError, UsageError
from walkaround.history.store import History
from walkaround.model.source import Source
from walkaround.settings import Settings
from walkaround.workflow.assess import Progress, explained, silent
from walkaround.workflow.baseline import frozen_names
from walkaround.workflow.compose import utc_now
from walkaround.workflow.families import every_member

ROOM: Final = 4 << 30
"""Free bytes under which a night may run out of room: two samples of the largest size that is read by default."""

State = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be read of one source, or why nothing can be."""

    source: Source
    plan: Plan | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at: `about` a source, or the project, and what was found. `hint` says what to do."""

    about: str
    state: State
    words: str
    hint: str = ""


def plan(settings: Settings, names: Sequence[str] = (), *, progress: Progress = silent) -> tuple[Planned, ...]:
    """What `check` would read of some sources (all, where none is named), and how. Reads no row.

    A source that cannot be planned is told with its problem; the others go on.
    """
    told: list[Planned] = []
    for source, problem in every_member(settings.chosen(names), frozen_names(settings.root)):
        progress(f"planning {source.name}")
        if problem:
            told.append(Planned(source, problem=problem))
            continue
        try:
            told.append(Planned(source, connector_for(source).plan(source)))
        except SourceError as error:
            told.append(Planned(source, problem=explained(error)))
    return tuple(told)


def doctor(
    settings: Settings, names: Sequence[str] = (), *, now: datetime | None = None, progress: Progress = silent
) -> tuple[Diagnosis, ...]:
    """Try everything that `check` needs: each source with one login, the frozen pilots, folders, room and clock."""
    moment = now or utc_now()
    told = list(_project(settings, moment))
    for source in settings.chosen(names):
        progress(f"trying {source.name}")
        told += _source(settings, source)
    return tuple(told)


def _project(settings: Settings, now: datetime) -> Iterator[Diagnosis]:
    """What is no source's own."""
    yield Diagnosis("settings", "ok", f"{len(settings.sources)} sources, project {settings.project.name}")
    for folder in (settings.root, Path(tempfile.gettempdir())):
        free = shutil.disk_usage(folder).free
        words = f"{free / 2**30:,.1f} GiB free in {folder}"
        enough = free >= ROOM
        yield Diagnosis(
            "disk",
            "ok" if enough else "problem",
            words,
            "" if enough else "make room there: what is sampled is kept on disk while it is assessed",
        )
    yield from _clock(settings, now)


def _clock(settings: Settings, now: datetime) -> Iterator[Diagnosis]:
    """A clock that runs backwards makes the newest run look old."""
    path = settings.root / ".walkaround" / "history.duckdb"
    if not path.is_file():
        yield Diagnosis("history", "note", "no run is remembered yet")
        return
    with History.open(path) as history:
        runs = history.runs(1)
    if runs and runs[0].started > now:
        words = f"the last run was at {runs[0].started:%Y-%m-%d %H:%M} UTC, and here it is {now:%Y-%m-%d %H:%M} UTC"
        yield Diagnosis("clock", "problem", words, "set the clock of this machine")
    else:
        yield Diagnosis("clock", "ok", f"it is {now:%Y-%m-%d %H:%M} UTC here")


def _source(settings: Settings, source: Source) -> Iterator[Diagnosis]:
    """One login, then what stands in the way."""
    try:
        if source.tables:
            told = every_member([source], frozen_names(settings.root))
            found = [member for member, problem in told if not problem]
            if found:
                yield Diagnosis(source.name, "ok", f"{len(found)} tables match {', '.join(source.tables)}")
            for member, problem in told:
                if problem:
                    yield Diagnosis(member.name, "problem", problem)
                else:
                    yield from _pilot(settings, member)
            return
        made = connector_for(source).plan(source)
    except SourceError as error:
        yield Diagnosis(source.name, "problem", error.message, error.hint)
        return
    except UsageError as error:
        yield Diagnosis(source.name, "problem", error.message, error.hint)
        return
    facts = made.facts
    about = "about " if facts.rows_total_is == "estimate" else ""
    rows = "" if facts.rows_total is None else f", {about}{facts.rows_total:,} rows"
    columns = f", {len(facts.columns)} columns" if facts.columns else ""
    yield Diagnosis(source.name, "ok", f"{facts.kind}{columns}{rows}")
    for barrier in facts.barriers:
        yield Diagnosis(source.name, "problem", barrier.message, barrier.hint)
    yield from _pilot(settings, source)


def _pilot(settings: Settings, source: Source) -> Iterator[Diagnosis]:
    if not (settings.root / "expectations" / source.name / "suite.json").is_file():
        yield Diagnosis(source.name, "note", "has no frozen pilot", "`walkaround baseline freeze` makes it")
