"""Exported suites in stock Great Expectations, without walkaround: pandas, SQLite and Spark answer as Polars does.

The public tables are those below the folder that WALKAROUND_PUBLIC_TABLES names: pairs of files whose names differ in
`clean` and `dirty`, or in `reference` and `analysis`.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from walkaround import workflow
from walkaround.connectors import open_sample
from walkaround.gx.export import dumps
from walkaround.model.source import SampleRequest, Source

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
STOCK = Path(__file__).with_name("stock.py")
LEAST_JAVA = 17
PUBLIC = Path(os.environ.get("WALKAROUND_PUBLIC_TABLES", "nowhere"))
PAIRS = (("clean", "dirty"), ("reference", "analysis"))


@dataclass(frozen=True)
class Job:
    """A suite and a table that it is run on; `side` is "pilot" or "production"."""

    name: str
    side: str
    suite: Path
    table: Path

    @property
    def expectations(self) -> list[dict[str, Any]]:
        """What the suite holds."""
        expectations: list[dict[str, Any]] = json.loads(self.suite.read_text(encoding="utf-8"))["expectations"]
        return expectations


def jobs_of(pilot: Path, production: Path, folder: Path, key: tuple[str, ...] = ()) -> Iterator[Job]:
    """The suite of a pilot, on the pilot and on production, typed as the suite says."""
    exported = workflow.core_suite_of(str(pilot), key=key)
    name = re.sub(r"\W+", "_", str(pilot.with_suffix("")))[-60:].strip("_")  # Spark reads no file that begins with one
    suite = folder / f"{name}.json"
    suite.write_text(dumps(exported), encoding="utf-8")
    for side, file in (("pilot", pilot), ("production", production)):
        table = folder / f"{name}-{side}.parquet"
        typed(file, dict(exported.forms)).write_parquet(table)
        yield Job(pilot.name, side, suite, table)


def typed(file: Path, forms: dict[str, str]) -> pl.DataFrame:
    """The table as a reader of text files gives it: empty fields are null, and columns of numbers numbers."""
    sample = open_sample(Source("s", str(file), sample=SampleRequest("full")))
    frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches(list(sample.batches()))))
    if sample.facts.kind != "delimited":
        return frame
    numbers = [name for name in frame.columns if forms.get(name) == "number"]
    frame = frame.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())
    return frame.with_columns(pl.col(numbers).str.strip_chars(" ").cast(pl.Float64, strict=False))


@cache
def outcomes(engine: str, jobs: tuple[Job, ...]) -> list[list[bool | str]]:
    """For each job, what each expectation comes to on an engine: whether it holds, or what it raised."""
    asked = json.dumps([[str(job.suite), str(job.table)] for job in jobs])
    told = subprocess.run(
        [sys.executable, "-I", STOCK, engine],
        input=asked,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    answers: list[list[bool | str]] = json.loads(told.stdout.splitlines()[-1])
    return answers


def agree(engine: str, jobs: tuple[Job, ...]) -> None:
    """The pilot passes all, and every expectation comes to the same on an engine and on Polars.

    What is asked of a column that is gone is left to `expect_column_to_exist`: to most engines of Great Expectations
    a name in other case is the same name.
    """
    for job, ours, theirs in zip(jobs, outcomes("polars", jobs), outcomes(engine, jobs), strict=True):
        there = set(pl.read_parquet_schema(job.table))
        for expectation, mine, other in zip(job.expectations, ours, theirs, strict=True):
            kwargs, kind = expectation["kwargs"], expectation["type"]
            named = {kwargs["column"]} if "column" in kwargs else set(kwargs.get("column_list", ()))
            if named <= there or kind == "expect_column_to_exist":
                assert mine == other, (job.name, job.side, kind, kwargs)
                assert other is True or job.side == "production", (job.name, kind, kwargs)


def lacks_spark() -> str:
    """What Great Expectations on Spark needs and is not here; empty where nothing lacks."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed: `make gx-spark` has it"
    java = shutil.which("java")
    if java is None:
        return f"there is no Java {LEAST_JAVA} or newer"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', told)
    return "" if version and int(version.group(1)) >= LEAST_JAVA else f"Java is older than {LEAST_JAVA}"


on_every_engine = pytest.mark.parametrize(
    "engine",
    [
        "pandas",
        "sqlite",
        pytest.param("spark", marks=[pytest.mark.slow, pytest.mark.skipif(bool(lacks_spark()), reason=lacks_spark())]),
    ],
)


@pytest.fixture(scope="session")
def sample_jobs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, ...]:
    """The suites of the sample data."""
    folder = tmp_path_factory.mktemp("sample")
    keys = {"customers": ("customer_id",), "orders": ("order_id",)}
    return tuple(
        job
        for name, key in keys.items()
        for job in jobs_of(SAMPLE / "pilot" / f"{name}.csv", SAMPLE / "production" / f"{name}.csv", folder, key)
    )


@on_every_engine
def test_the_sample_on_every_engine(engine: str, sample_jobs: tuple[Job, ...]) -> None:
    """What is exported from the sample's pilots holds on them, and finds the same in production everywhere."""
    agree(engine, sample_jobs)


def test_what_is_planted_in_the_sample_is_found(sample_jobs: tuple[Job, ...]) -> None:
    """Of the planted defects those that core expectations can say, by code and column; sample_data/README.md has them.

    The factor of a thousand shows as numbers out of range. The rows that stand twice show where the key does.
    """
    failed = {
        (expectation["meta"]["walkaround"]["code"], expectation["kwargs"].get("column"))
        for job, answers in zip(sample_jobs, outcomes("pandas", sample_jobs), strict=True)
        for expectation, answer in zip(job.expectations, answers, strict=True)
        if job.side == "production" and answer is False
    }
    assert failed >= {
        ("FMT001", "signup_date"), ("MIS001", "email"), ("MIS002", "email"), ("MIS003", "birth_date"),
        ("DUP001", "customer_id"), ("SCH001", "phone"), ("OUT001", "amount"), ("CAT001", "status"),
    }  # fmt: skip
    follow = {("FMT003", "signup_date"), ("FMT005", "signup_date"), ("FMT003", "status"), ("FMT003", "email"),
              ("FMT005", "email"), ("FMT003", "name"), ("FMT005", "name")}  # fmt: skip
    assert {column for _, column in failed - follow} <= {
        "signup_date", "email", "birth_date", "customer_id", "phone", "amount", "status",
    }  # fmt: skip


def typed_table(rows: int, *, spoilt: bool) -> pl.DataFrame:
    """A table with columns of every type, nulls and blanks; where it is spoilt, one row in ten of each column."""
    places = range(rows)
    odd = [spoilt and place % 10 == 3 for place in places]
    start = date(2024, 1, 1)
    return pl.DataFrame(
        {
            "id": [0 if odd[n] else n for n in places],
            "line": [n // 2 for n in places],
            "part": [0 if odd[n] else n % 2 for n in places],
            "amount": [-1e6 if odd[n] else None if n % 9 == 0 else n / 8 for n in places],
            "pieces": [None if odd[n] or n % 50 == 0 else n % 7 for n in places],
            "day": [None if odd[n] else start + timedelta(days=n % 300) for n in places],
            "at": [None if odd[n] else datetime(2024, 1, 1, n % 24, tzinfo=UTC) for n in places],
            "flag": [None if odd[n] else n % 3 == 0 for n in places],
            "city": ["Évora" if odd[n] else ("Lisbon", "Porto", "Faro")[n % 3] for n in places],
            "the.code": [f" a{n}" if odd[n] else None if n % 40 == 0 else f"AB-{n}" for n in places],
            "note": ["unknown" if odd[n] else ("", "  ", "fine", "São João\n")[n % 4] for n in places],
        }
    )


@pytest.fixture(scope="session")
def typed_jobs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, ...]:
    """The suite of a typed table."""
    folder = tmp_path_factory.mktemp("typed")
    for name, spoilt in (("pilot", False), ("production", True)):
        typed_table(600, spoilt=spoilt).write_parquet(folder / f"{name}.parquet")
    return tuple(jobs_of(folder / "pilot.parquet", folder / "production.parquet", folder, ("line", "part")))


@on_every_engine
def test_typed_tables_on_every_engine(engine: str, typed_jobs: tuple[Job, ...]) -> None:
    """Numbers, dates, truth values, blanks, line ends and letters outside ASCII come to the same everywhere."""
    agree(engine, typed_jobs)
    (failed,) = [
        {e["kwargs"].get("column") for e, answer in zip(job.expectations, answers, strict=True) if answer is False}
        for job, answers in zip(typed_jobs, outcomes(engine, typed_jobs), strict=True)
        if job.side == "production"
    ]
    assert failed >= {"amount", "pieces", "day", "at", "flag", "city", "the.code", "note"}


@pytest.fixture(scope="session")
def decimal_jobs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, ...]:
    """The suite of a table of decimals, of few digits and of more than a float has."""
    folder = tmp_path_factory.mktemp("decimals")
    for name, spoilt in (("pilot", False), ("production", True)):
        cents = [Decimal(-(10**7) if spoilt and n % 10 == 3 else 10 + 7 * n) / 100 for n in range(600)]
        large = [cent + Decimal("123456789012345678.9") for cent in cents]
        columns = {
            "id": range(600),
            "cents": pl.Series(cents, dtype=pl.Decimal(12, 2)),
            "large": pl.Series(large, dtype=pl.Decimal(38, 6)),
        }
        pl.DataFrame(columns).write_parquet(folder / f"{name}.parquet")
    return tuple(jobs_of(folder / "pilot.parquet", folder / "production.parquet", folder, ("id",)))


@on_every_engine
def test_decimals_on_every_engine(engine: str, decimal_jobs: tuple[Job, ...]) -> None:
    """A pilot's decimals pass their own bounds, and what is beyond them fails everywhere. SQLite has none."""
    if engine == "sqlite":
        pytest.skip("SQLite has no decimals")
    agree(engine, decimal_jobs)
    pilot, production = outcomes(engine, decimal_jobs)
    bounds = [n for n, each in enumerate(decimal_jobs[0].expectations) if "max_value" in each["kwargs"]]
    told = {(decimal_jobs[0].expectations[n]["kwargs"]["column"], pilot[n], production[n]) for n in bounds}
    assert told >= {("cents", True, False), ("large", True, False)}


@pytest.fixture(scope="session")
def public_jobs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, ...]:
    """The suites of the public tables."""
    folder = tmp_path_factory.mktemp("public")
    files = sorted(file for file in PUBLIC.rglob("*") if file.suffix in {".csv", ".parquet"})
    pairs = [
        (file, file.with_name(file.name.replace(before, after)))
        for file in files
        for before, after in PAIRS
        if before in file.name and file.with_name(file.name.replace(before, after)) in files
    ]
    return tuple(job for pilot, production in pairs for job in jobs_of(pilot, production, folder))


@pytest.mark.slow
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="WALKAROUND_PUBLIC_TABLES names no folder")
@on_every_engine
def test_public_tables_on_every_engine(engine: str, public_jobs: tuple[Job, ...]) -> None:
    """Every clean table passes what is exported from it, and its dirty twin fails the same everywhere."""
    assert public_jobs
    agree(engine, public_jobs)
