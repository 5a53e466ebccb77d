"""compare and profile: one shot, no settings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl

from walkaround.errors import SourceError, UsageError
from walkaround.gx.user_suite import known_to_gx
from walkaround.model.policy import Policy
from walkaround.model.run import Run
from walkaround.model.source import SampleRequest, Source
from walkaround.workflow.assess import (
    Progress,
    Side,
    common_forms,
    emptiness,
    explained,
    judge_at_hand,
    opened,
    profiled,
    sample_kinds,
    silent,
    suite_of,
)  # fmt: skip
from walkaround.workflow.compose import compose, compose_profile, utc_now
from walkaround.workflow.listings import write_cells, write_groups
from walkaround.workflow.own_suites import own_suites

HASH_SEED = 0
"""One shot stores no hash, so there is none to protect."""


def compare(
    pilot: Any,
    production: Any,
    *,
    key: Sequence[str] = (),
    sample: int | Literal["full"] | None = None,
    seed: int = 7,
    policy: Policy = Policy(),
    suites: Sequence[str | Path] = (),
    failing_cells: Path | None = None,
    duplicate_groups: Path | None = None,
    now: datetime | None = None,
    progress: Progress = silent,
) -> Run:
    """Hold production against the pilot, and say whether it is ready for what was built on the pilot.

    `pilot` and `production` are paths, globs or URIs, or tables: Polars, pandas, PyArrow. `key` names the columns that
    identify a row. `sample` rows are drawn with `seed`, "full" or None reads local files whole. `suites` are files of
    Great Expectations about rows that production is held to as well. `failing_cells` and `duplicate_groups` name CSV
    files to write positions to.

    Raises:
        UsageError: a path does not exist, or a key column is in neither table.
        BaselineError: one of the suites cannot be read, or is none.
    """
    began, started = time.monotonic(), now or utc_now()
    request = SampleRequest(sample, seed)
    source, production_data = source_of(production, "production", key, request)
    base, pilot_data = source_of(pilot, "pilot", key, SampleRequest("full", seed))
    source = Source(source.name, source.uri, source.table, base.uri, "required", source.key, None, request)
    own = own_suites(source, None, [Path(path) for path in suites])
    with judge_at_hand():
        known_to_gx(own)
        side = _read(base, pilot_data, source, production_data, policy=policy, now=started, progress=progress)
    progress("judging")
    run = compose("compare", [replace(side, own=own)], policy, started, began)
    write_cells(failing_cells, [side], run, HASH_SEED)
    write_groups(duplicate_groups, [side], HASH_SEED)
    return run


def profile(
    data: Any,
    *,
    sample: int | Literal["full"] | None = None,
    seed: int = 7,
    policy: Policy = Policy(),
    now: datetime | None = None,
    progress: Progress = silent,
) -> Run:
    """Say what is in a source, held against nothing.

    Raises:
        UsageError: the path does not exist.
        SourceError: the source could not be read.
    """
    began, started = time.monotonic(), now or utc_now()
    source, table = source_of(data, "source", (), SampleRequest(sample, seed))
    try:
        read = opened(source, table)
        side = Side(source, sample=read, production=profiled(source, read, {}, HASH_SEED, progress, now=started))
    except SourceError as error:
        raise usage(error) from error
    return compose_profile(side, policy, started, began)


def source_of(data: Any, role: str, key: Sequence[str], request: SampleRequest) -> tuple[Source, Any]:
    """The source that an argument stands for, and its table where it is one."""
    if isinstance(data, (str, Path)):
        uri = str(data)
        path, _, query = uri.partition("?")
        table = dict(parse_qsl(query)).get("table")
        name = table or Path(path.partition("#")[0]).name.partition(".")[0] or role
        return Source(name, uri, key=tuple(key), sample=request), None
    return Source(
        role, f"{type(data).__module__.partition('.')[0]}.{type(data).__name__}", key=tuple(key), sample=request
    ), data


def usage(error: SourceError) -> Exception:
    """A path that was given and does not exist is a usage error; anything else is about the source."""
    return UsageError(error.message, error.hint) if error.reason == "missing" else error


def _read(
    base: Source, base_data: Any, source: Source, data: Any, *, policy: Policy, now: datetime, progress: Progress
) -> Side:
    """Both sides read and profiled; a side that could not be read is a problem, not an error."""
    try:
        before, after = opened(base, base_data), None
        after = opened(source, data)
        forms = (
            common_forms(sample_kinds(before), sample_kinds(after))
            if _typed(before.facts.kind, after.facts.kind)
            else {}
        )
    except SourceError as error:
        if error.reason == "missing":
            raise usage(error) from error
        return Side(source, problem=explained(error))
    try:
        pilot = profiled(base, before, forms, HASH_SEED, progress, now=now)
    except SourceError as error:
        return Side(source, problem=f"the pilot: {explained(error)}")
    if pilot.rows == 0:
        return Side(source, problem=emptiness(pilot, "the pilot"))
    suite = suite_of(source.name, pilot, policy, now)
    try:
        production = profiled(source, after, forms, HASH_SEED, progress, now=now)
    except SourceError as error:
        return Side(source, suite, pilot, problem=explained(error))
    _check_key(source, pilot.columns, production.columns)
    return Side(source, suite, pilot, after, production, emptiness(production, "production"))


def _typed(*kinds: str) -> bool:
    """Whether any side may hold columns that are not text."""
    return any(kind != "delimited" for kind in kinds)


def _check_key(source: Source, *sides: Any) -> None:
    for name in source.key:
        if not any(name in side for side in sides):
            raise UsageError(
                f"the key column {name!r} is in neither table", f"there are: {', '.join(list(sides[0])[:20])}"
            )
