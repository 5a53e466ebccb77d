"""Runs suites in Great Expectations: `python stock.py ENGINE < jobs`; on all engines but ours without walkaround.

Started by tests as a process of its own. A job is `[suite, table]`, a JSON and a Parquet file; prints for each a list
of what the expectations come to.
"""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

if sys.argv[1] != "polars":
    sys.modules["walkaround"] = None  # type: ignore[assignment]  # so that an import of it fails
warnings.simplefilter("ignore")

import great_expectations as gx  # noqa: E402 - not before walkaround is out of reach
import pandas as pd  # noqa: E402


def pandas_batch(context: Any, name: str, table: Path) -> Any:
    """The table as pandas reads it."""
    asset = context.data_sources.add_pandas(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe("all")
    return batch.get_batch(batch_parameters={"dataframe": pd.read_parquet(table)})


def sqlite_batch(context: Any, name: str, table: Path) -> Any:
    """The table in a SQLite file, as pandas writes it."""
    import sqlite3  # noqa: PLC0415 - one engine needs it

    database = Path(tempfile.mkdtemp()) / "table.db"
    with sqlite3.connect(database) as connection:
        pd.read_parquet(table).to_sql("rows", connection, index=False)
    asset = context.data_sources.add_sqlite(name, connection_string=f"sqlite:///{database}").add_table_asset("rows")
    return asset.add_batch_definition_whole_table("all").get_batch()


def spark_batch(context: Any, name: str, table: Path) -> Any:
    """The table as Spark reads it, on one core of this machine."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - one engine needs it

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate()
    )
    asset = context.data_sources.add_spark(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe("all")
    return batch.get_batch(batch_parameters={"dataframe": session.read.parquet(str(table))})


def polars_batch(context: Any, name: str, table: Path) -> Any:
    """The table as Polars reads it, by our engine."""
    import polars as pl  # noqa: PLC0415 - one engine needs it

    import walkaround.gx.rows  # noqa: F401, PLC0415 - importing it is all that is needed

    asset = context.data_sources.add_polars(name).add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe("all")
    return batch.get_batch(batch_parameters={"dataframe": pl.scan_parquet(table)})


BATCHES = {"pandas": pandas_batch, "sqlite": sqlite_batch, "spark": spark_batch, "polars": polars_batch}


def outcomes(engine: str, suite: Path, table: Path) -> list[bool | str]:
    """For each expectation whether it holds, or what it raised."""
    raw = json.loads(suite.read_text(encoding="utf-8"))
    for place, expectation in enumerate(raw["expectations"]):
        expectation["meta"]["place"] = place
    loaded = gx.ExpectationSuite(**raw)
    if len(loaded.expectations) != len(raw["expectations"]):
        raise SystemExit("Great Expectations dropped an expectation")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    result = BATCHES[engine](context, "table", table).validate(loaded, result_format="BOOLEAN_ONLY")
    by_place = {each.expectation_config.meta["place"]: each for each in result.results}
    return [answer(by_place[place]) for place in range(len(raw["expectations"]))]


def answer(result: Any) -> bool | str:
    """Whether an expectation holds, or the first line of what it raised."""
    raised = result.exception_info or {}
    first = raised if "raised_exception" in raised else next(iter(raised.values()), {})
    if first.get("raised_exception"):
        return str(first.get("exception_message")).partition("\n")[0]
    return bool(result.success)


if __name__ == "__main__":
    jobs = json.load(sys.stdin)
    print(json.dumps([outcomes(sys.argv[1], Path(suite), Path(table)) for suite, table in jobs]))  # noqa: T201
