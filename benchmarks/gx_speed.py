"""How long suites take on `walkaround.gx.rows`, beside stock Great Expectations on pandas in the same run.

    python benchmarks/gx_speed.py            5 million rows x 12 columns, 40 expectations; then 500 on 100 columns
    python benchmarks/gx_speed.py --small    200,000 rows: does it run, and are the results the same?

Each way of running a suite has a process of its own, by turns, pandas first; of each the least wall time counts and
the largest peak of memory. Wall time is from Arrow data in memory (from the path, for a LazyFrame) to the result of
`ValidationDefinition.run`: making the batch, and for pandas making the frame, counts; importing and reading the file
do not. The results must be the same, value by value. Exit code 1 where they are not, or a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from gx_suites import WIDE_COLUMNS, WIDE_ROWS, make_mixed, make_wide, mixed_suite, wide_suite
from profile_speed import CACHE, KIB_OF_MAXRSS, SEED

ROWS: Final = 5_000_000
SMALL: Final = 200_000
LEAST_FASTER: Final = 7.0
LEAST_FASTER_PROFILED: Final = 12.0
MOST_MEMORY: Final = 0.7
"""Of the peak of the process with pandas."""
MOST_OF_WIDE: Final = 0.5
"""Of the wall time of the process with pandas, on the wide table."""
MOST_ENGINE: Final = 0.2
"""Of the wall time on the wide table: what is spent in the engine, not in Great Expectations around it."""
WAYS: Final = ("pandas", "arrow", "lazy", "profiled")
SAME: Final = 1e-9
"""Relative difference of two numbers that are the same: sums of floats depend on the order of adding."""
NOT_COMPARED: Final = frozenset({"unexpected_index_query", "partial_unexpected_counts"})
"""Text in the words of pandas, of which ours lists only as many rows as the result does; and what Great Expectations
itself counts in the list of unexpected values, where each NaN of pandas counts as another value."""
PANDAS_NULLS: Final = ("nan", "NaT", "<NA>")
"""How a null that pandas made of it stands in a result."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way took: seconds of wall time, of all processors, in the engine, of making the pandas frame; GB of
    memory before the clock started and at most.
    """

    seconds: float
    processors: float
    engine: float
    frame: float
    before: float
    memory: float

    def __str__(self) -> str:
        return (
            f"{self.seconds:8.2f} s{self.processors:8.2f} s of processors{self.engine:8.2f} s in the engine"
            f"{self.frame:8.2f} s making the frame{self.before:6.2f} GB before it, {self.memory:.2f} GB at most"
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of a way, and what each expectation came to."""

    cost: Cost
    results: list[dict[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether the results are the same and the goals are met."""
    asked = _parser().parse_args(arguments)
    if asked.child:
        _child(asked.child, Path(asked.file), asked.suite)
        return 0
    met = [_mixed(SMALL if asked.small else ROWS, asked.runs)] if asked.part != "wide" else []
    met += [_wide(asked.runs)] if asked.part != "mixed" else []
    return int(not (all(met) or asked.small))


def _mixed(rows: int, runs: int) -> bool:
    file = _made("mixed", rows)
    size = file.stat().st_size / 1e6
    print(f"{rows:,} rows x 12 columns, {size:,.0f} MB of Parquet, {len(mixed_suite(rows))} expectations")
    _run("profile", file, "mixed")
    seen = by_turns(WAYS, file, "mixed", runs)
    peer, met = seen["pandas"].cost, _same(seen)
    for way in WAYS[1:]:
        cost = seen[way].cost
        faster, memory = peer.seconds / cost.seconds, cost.memory / peer.memory
        goal = LEAST_FASTER_PROFILED if way == "profiled" else LEAST_FASTER
        print(f"  {way}: {faster:.1f} times faster (goal {goal:.0f}), {memory:.2f} of the memory (goal {MOST_MEMORY})")
        met = met and faster >= goal and memory <= MOST_MEMORY
    return met


def _wide(runs: int) -> bool:
    file = _made("wide", WIDE_ROWS)
    print(f"{WIDE_ROWS:,} rows x {WIDE_COLUMNS} columns, {len(list(wide_suite()))} expectations")
    seen = by_turns(("pandas", "arrow"), file, "wide", runs)
    peer, own = seen["pandas"].cost, seen["arrow"].cost
    share, engine = own.seconds / peer.seconds, own.engine / own.seconds
    print(
        f"  {share:.2f} of the wall time (goal {MOST_OF_WIDE}), {engine:.2f} of that in our engine (goal {MOST_ENGINE})"
    )
    return _same(seen) and share <= MOST_OF_WIDE and engine <= MOST_ENGINE


def _made(kind: str, rows: int) -> Path:
    """The file of a table, made in a process of its own: what this one holds would count in that of its children."""
    file = CACHE / f"{kind}-nulls-{rows}-{SEED}.parquet"
    if not file.exists():
        CACHE.mkdir(exist_ok=True)
        _run("make", file, kind)
    return file


def by_turns(ways: Sequence[str], file: Path, suite: str, runs: int) -> dict[str, Measured]:
    """Run the ways by turns, print each best: least times, largest memory, results of the last run."""
    seen: dict[str, list[Measured]] = {way: [] for way in ways}
    for _ in range(runs):
        for way in ways:
            seen[way].append(_run(way, file, suite))
    best = {way: Measured(_best([one.cost for one in all_]), all_[-1].results) for way, all_ in seen.items()}
    for way, measured in best.items():
        print(f"  {way:<9}{measured.cost}")
    return best


def _best(seen: Sequence[Cost]) -> Cost:
    least = min(seen, key=lambda cost: cost.seconds)
    return replace(least, memory=max(cost.memory for cost in seen))


def _run(child: str, file: Path, suite: str) -> Measured:
    """Run this script as a child to its end.

    Raises:
        SystemExit: it failed.
    """
    command = [sys.executable, __file__, "--child", child, "--file", str(file), "--suite", suite]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    said = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} exited with {process.returncode}")
    told = json.loads(said or b'{"cost": [0, 0, 0, 0, 0], "results": []}')
    return Measured(Cost(*told["cost"], memory=usage.ru_maxrss * KIB_OF_MAXRSS / 1e9), told["results"])


def _same(seen: dict[str, Measured]) -> bool:
    """Whether every way came to the results of pandas; prints where not."""
    theirs = seen["pandas"].results
    differing = [
        f"  {way} differs from pandas in {result['type']} of {result['kwargs']}: {', '.join(places)}"
        for way, measured in seen.items()
        for result, expected in zip(measured.results, theirs, strict=True)
        if (places := sorted(_differences(result, expected, "")))
    ]
    failing = sum(not result["success"] for result in theirs)
    raising = sum(result["raised"] for result in theirs)
    print("\n".join(differing) or f"  all results are the same ({failing} of {len(theirs)} not met, {raising} raised)")
    return not differing


def _differences(ours: Any, theirs: Any, place: str) -> Iterator[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in (ours.keys() | theirs.keys()) - NOT_COMPARED:
            yield from _differences(ours.get(key), theirs.get(key), f"{place}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(one, other, f"{place}[{number}]")
    elif isinstance(ours, float) and isinstance(theirs, int | float):
        if not math.isclose(ours, theirs, rel_tol=SAME):
            yield f"{place}: {ours} != {theirs}"
    elif ours != theirs and not (ours is None and str(theirs) in PANDAS_NULLS):
        yield f"{place}: {ours!r:.80} != {theirs!r:.80}"


def _child(child: str, file: Path, suite: str) -> None:
    """Make a table, or its profile, or run a suite in one way and print its cost and results as JSON."""
    if child == "make":
        make = make_mixed if suite == "mixed" else make_wide
        make(file, int(file.stem.split("-")[2]))
    elif child == "profile":
        _profile(file)
    else:
        _validate(child, file, suite)


def _profile(file: Path) -> None:
    from walkaround.connectors import sample_of
    from walkaround.model.source import Source
    from walkaround.profiling import dump, profile

    began = time.perf_counter()
    made = profile(sample_of(file.stem, _arrow(file)), Source(file.stem, file.stem))
    print(f"  the profile took {time.perf_counter() - began:.2f} s and is not counted below", file=sys.stderr)
    _walk(file).write_text(dump(made, portable=False), encoding="utf-8")


def _walk(file: Path) -> Path:
    return file.with_suffix(".walk")


def _arrow(file: Path) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(file)


def _at_hand(way: str, file: Path) -> Any:
    """The data as it is before the clock starts."""
    if way == "lazy":
        import polars as pl

        return pl.scan_parquet(file)
    if way == "profiled":
        from walkaround.gx.rows import Profiled
        from walkaround.profiling import load

        return Profiled(_arrow(file), load(_walk(file).read_text(encoding="utf-8"), str(file)))
    return _arrow(file)


def _validate(way: str, file: Path, name: str) -> None:
    import great_expectations as gx

    if way != "pandas":
        import walkaround.gx.rows  # noqa: F401 - importing it gives contexts `add_polars`

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    sources = context.data_sources
    source = sources.add_pandas("pandas") if way == "pandas" else sources.add_polars("polars")
    batches = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("rows")
    expected = mixed_suite(int(file.stem.split("-")[2])) if name == "mixed" else list(wide_suite())
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=expected))
    assert len(suite.expectations) == len(expected)  # noqa: S101 - GX drops what it does not know without a word
    definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batches, suite=suite))
    engine = _Timed(source.execution_engine_type)
    data = [_at_hand(way, file)]

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_OF_MAXRSS / 1e9
    began, processors = time.perf_counter(), time.process_time()
    frame = data.pop().to_pandas() if way == "pandas" else data.pop()  # nothing holds the table beside the frame
    made = time.perf_counter() - began
    outcome = definition.run(batch_parameters={"dataframe": frame}, result_format="SUMMARY")
    cost = (time.perf_counter() - began, time.process_time() - processors, engine.seconds, made, before)
    json.dump({"cost": cost, "results": [_result(one.to_json_dict()) for one in outcome.results]}, sys.stdout)


class _Timed:
    """Adds up the time that an engine spends in resolving metrics."""

    def __init__(self, engine: Any) -> None:
        self.seconds = 0.0
        resolve = engine.resolve_metrics

        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return resolve(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - began

        engine.resolve_metrics = timed


def _result(told: dict[str, Any]) -> dict[str, Any]:
    """What is compared of a result."""
    config = told["expectation_config"]
    raised = bool(told["exception_info"].get("raised_exception", True))
    kwargs = {key: value for key, value in config["kwargs"].items() if key != "batch_id"}
    return {
        "type": config["type"],
        "kwargs": kwargs,
        "success": told["success"],
        "raised": raised,
        "result": told["result"],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="200,000 rows; the goals decide nothing")
    parser.add_argument("--part", choices=("mixed", "wide"), help="only this table")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    parser.add_argument("--suite", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
