"""Stored: where the runs of a project are kept, and how one is found again."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from walkaround.errors import UsageError
from walkaround.model.source import Source
from walkaround.settings import Settings

PAGE: Final = "index.html"
RECORD: Final = "run.json"
_LONGEST_ID: Final = 64
"""A run id has 26 characters; more is a path or a mistake."""


def folder(settings: Settings) -> Path:
    """The folder of all reports of the project."""
    return settings.root / "reports" / settings.project.name


def history(settings: Settings) -> Path:
    """The database of all runs of the project."""
    return settings.root / ".walkaround" / "history.duckdb"


def suite(settings: Settings, source: str) -> Path:
    """The file of the limits of a source."""
    return settings.root / "expectations" / source / "suite.json"


def frozen(settings: Settings, source: Source) -> tuple[str, ...]:
    """The names under which a source is frozen: its own, or those of its tables where it is many."""
    if not source.tables:
        return (source.name,)
    folders = (settings.root / "expectations").glob(f"{glob.escape(source.name)}.*/suite.json")
    return tuple(sorted(path.parent.name for path in folders))


def locations(settings: Settings, sources: Iterable[Source]) -> Iterator[str]:
    """Everything that is read for these sources, as paths, patterns and URIs: limits and suites of rows as well."""
    for source in sources:
        for name in frozen(settings, source):
            yield f"{glob.escape(str(suite(settings, name).parent))}/*"
        yield source.uri
        if source.pilot is not None:
            yield source.pilot
        yield from source.suites


def find(wanted: str | None, reports: Path) -> Path:
    """The record of a run: of the latest where `wanted` is None, else of an id, the beginning of one, or a path.

    Raises:
        UsageError: there is no such run, or more than one.
    """
    if wanted is not None and (path := Path(wanted)).exists():
        record = path / RECORD if path.is_dir() else path
        if not record.is_file():
            raise UsageError(f"{wanted} holds no {RECORD}", "give the id of a run; `walkaround history` lists them")
        return record
    runs = sorted(record.parent.name for record in reports.glob(f"*/{RECORD}"))
    fitting = runs[-1:] if wanted is None else [run for run in runs if run.startswith(wanted[:_LONGEST_ID])]
    if not fitting:
        what = "no run is stored" if wanted is None else f"no run {wanted!r} is stored"
        raise UsageError(f"{what} in {reports}", "`walkaround check` makes one, `walkaround history` lists them")
    if len(fitting) > 1:
        raise UsageError(f"{len(fitting)} runs begin with {wanted!r}", f"the latest is {fitting[-1]}")
    return reports / fitting[0] / RECORD
