"""Suites of rows that people wrote: where they are found, and what they come to on one source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from walkaround.errors import InternalError, SourceError, UsageError
from walkaround.gx.user_suite import load_rows
from walkaround.judging import RowsRead, row_outcomes
from walkaround.measures.column.missingness import Missingness
from walkaround.measures.effects import effects_of
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile
from walkaround.model.row_suite import RowResult, RowSuite
from walkaround.model.sample import Sample
from walkaround.model.source import Source
from walkaround.workflow.assess import Side

PATTERN = "rows*.json"
"""Suites of rows in expectations/<source>/, beside the suite of facts."""


def own_suites(source: Source, folder: Path | None, given: Sequence[Path] = ()) -> tuple[RowSuite, ...]:
    """The suites of one source: those in its folder, those that its settings name, and those `given`.

    Raises:
        UsageError: two of them have the same file name, so that no report could tell them apart.
        BaselineError: one cannot be read, or is no suite of rows.
    """
    found = sorted((folder / source.name).glob(PATTERN)) if folder is not None else []
    files = {path.resolve(): path for path in [*found, *map(Path, source.suites), *given]}
    named: dict[str, Path] = {}
    for path in files.values():
        if path.name in named:
            raise UsageError(
                f"{source.name} has two suites called {path.name}: {named[path.name]} and {path}", "rename one of them"
            )
        named[path.name] = path
    return tuple(load_rows(path) for path in named.values())


def own_outcomes(side: Side, policy: Policy, told: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """What a source's own suites come to; `told` are the other outcomes of the run."""
    if not side.own:
        return ()
    name = side.source.name
    if side.problem or side.production is None or side.sample is None:
        return row_outcomes(side.own, (), RowsRead(name, problem=side.problem or "it was not read"), 0.0, told)
    read = RowsRead(
        name,
        side.production.drawn,
        side.production.facts_of_source,
        _filled(side.pilot),
        _empty(side.production),
        effects_of(side.production),
    )
    return row_outcomes(side.own, _held(side, side.sample), read, policy.confidence, told)


def _filled(pilot: TableProfile | None) -> frozenset[str] | None:
    """The columns in which the pilot had values; None where there is no pilot."""
    if pilot is None:
        return None
    return frozenset(column.name for column, state in pilot.columns_with(Missingness) if state.present)


def _empty(production: TableProfile) -> frozenset[str]:
    """The columns in which production has no values."""
    return frozenset(column.name for column, state in production.columns_with(Missingness) if not state.present)


def _held(side: Side, sample: Sample) -> tuple[RowResult, ...]:
    """The rows, held to the suites; where they can no longer be read, each says so."""
    from walkaround.gx.user_rows import hold  # noqa: PLC0415 - imports Great Expectations

    expectations = [expectation for suite in side.own for expectation in suite.expectations]
    missing = {name: spec.missing for name, spec in side.source.columns.items() if spec.missing is not None}
    try:
        return hold(expectations, sample, missing)
    except SourceError as error:
        reason = f"the rows could not be read a second time: {error.message}"
    except (InternalError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - Polars panics with a BaseException; told as not assessed (law 3)
        reason = f"the suite could not be run ({type(error).__name__}), which is a bug of walkaround"
    return (RowResult(None, reason),) * len(expectations)
