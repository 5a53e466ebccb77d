"""What samples of a server's table are worth: their design effect, column by column, and what they cost the server.

A table of a million rows in order of time is sampled over and over, each time with another seed. The design effect is
the mean squared error of a mean, over the variance that as many rows drawn one by one would have: 1 is as good as
those, 40 is worth a fortieth of the rows. 40 seeds give it to about a fifth.

    python benchmarks/sampling.py postgresql [--seeds 40]
    python benchmarks/sampling.py mysql

The server is found by the usual variables (PGHOST ..., MYSQL_HOST ...), the table is made in a database of its own, and
dropped.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import polars as pl

from walkaround.connectors import Connector
from walkaround.model.sample import STRATUM, UNIT, Sample
from walkaround.model.source import SampleRequest, Source

ROWS = 1_000_000
WANTED = 10_000
COLUMNS = {"t": "clustered", "legacy": "clustered", "wave": "clustered", "qty": "unclustered", "noise": "unclustered"}
DUPLICATES = 0.057
"""Share of the table's rows whose key stood before: what a sample by the keys' hash is to find."""


@dataclass(frozen=True)
class Truth:
    """Mean and variance of each column over the whole table."""

    mean: dict[str, float]
    variance: dict[str, float]
    rows: int


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", choices=sorted(SERVERS))
    parser.add_argument("--seeds", type=int, default=40)
    asked = parser.parse_args()
    SERVERS[asked.server](asked.seeds)


def report(method: str, samples: list[pl.DataFrame], truth: Truth, seconds: float) -> dict[str, float]:
    """Print a line for each column; the design effects."""
    effects = {}
    rows = [len(sample) for sample in samples]
    units = [sample[UNIT].n_unique() if UNIT in sample.columns else 0 for sample in samples]
    print(f"\n{method}: {np.mean(rows):,.0f} rows, {np.mean(units):,.0f} units, {seconds:.2f} s a sample")
    for column, order in COLUMNS.items():
        means = np.array([sample[column].mean() for sample in samples], float)
        errors = means - truth.mean[column]
        simple = np.mean([truth.variance[column] / n * (1 - n / truth.rows) for n in rows])
        effects[column] = float(np.mean(errors**2) / simple)
        told = [spread(sample, column) for sample in samples]
        covered = np.mean([abs(error) <= 1.96 * s for error, s in zip(errors, told, strict=True)])
        print(
            f"  {column:7} {order:12} design effect {effects[column]:8.2f}   told {estimated(told, simple):8.2f}   "
            f"95 % intervals cover {covered:.0%}"
        )
    return effects


def estimated(told: list[float], simple: float) -> float:
    """The design effect that the samples tell of themselves, on average."""
    return float(np.mean(np.square(told)) / simple)


def spread(sample: pl.DataFrame, column: str) -> float:
    """Standard error of a mean, from the sample alone, as its design allows."""
    values = sample[column].cast(pl.Float64)
    mean, rows = float(values.mean() or 0.0), len(sample)
    if UNIT not in sample.columns:
        return float(values.std() or 0.0) / math.sqrt(rows)
    units = sample.group_by(UNIT).agg((pl.col(column).cast(pl.Float64) - mean).sum().alias("e")).sort(UNIT)["e"]
    e = units.to_numpy()
    count = len(e)
    if STRATUM in sample.columns:  # one unit of each stratum: second differences (Wolter, ch. 8)
        total = count / (count - 2) * float(np.sum((e[:-2] - 2 * e[1:-1] + e[2:]) ** 2) / 6)
    else:
        total = count / (count - 1) * float(np.sum(e**2))
    return math.sqrt(total) / rows


def drawn(
    connector: Connector, source: Callable[[int], Source], seeds: int
) -> tuple[list[pl.DataFrame], float, Sample]:
    """Samples by as many seeds, how long one takes, and the last of them."""
    samples, began = [], time.perf_counter()
    for seed in range(seeds):
        sample = connector.read(connector.plan(source(seed)))
        samples.append(pl.concat([pl.DataFrame(pl.from_arrow(batch)) for batch in sample.batches()]))
    return samples, (time.perf_counter() - began) / seeds, sample


def repeated(sample: pl.DataFrame, key: str) -> float:
    """The share of rows whose key stood before."""
    return 1 - sample[key].n_unique() / len(sample)


TABLE = f"""
CREATE TABLE events AS SELECT g AS id, g AS t, (g <= {ROWS * 3 // 10})::int AS legacy,
  sin(g * 6.283185 / {ROWS} * 30) + (hashint8(g * 7) % 1000) / 2000.0 AS wave,
  abs(hashint8(g)) % 97 AS qty, (hashint8(g * 13) % 100000) / 1000.0::float8 AS noise,
  CASE WHEN g % 1000 < {DUPLICATES * 1000:.0f} THEN g - 500 ELSE g END AS key,
  repeat('x', 20 + abs(hashint8(g * 3)) % 60) AS filler
FROM generate_series(1, {ROWS}) g; ANALYZE events;
"""
"""In order of time; in 57 of each thousand rows, `key` is that of a row before."""


def postgresql(seeds: int) -> None:
    """Every method that PostgreSQL offers."""
    from walkaround.connectors.postgres import CONNECTOR

    with _database() as (uri, psql):
        psql(TABLE)
        listed = ", ".join(f"avg({name}::float8), var_pop({name}::float8)" for name in COLUMNS)
        told = [float(word) for word in psql(f"SELECT {listed} FROM events").split("|")]
        truth = Truth(dict(zip(COLUMNS, told[::2], strict=True)), dict(zip(COLUMNS, told[1::2], strict=True)), ROWS)

        def source(method: str) -> Callable[[int], Source]:
            return lambda seed: Source(
                "events", uri, table="public.events", key=("key",), sample=SampleRequest(WANTED, seed, method)
            )

        for method in ("pages", "key_hash", "rows", "system", "first"):
            samples, seconds, sample = drawn(CONNECTOR, source(method), seeds if method != "first" else 1)
            report(method, samples, truth, seconds)
            if method == "pages":
                pages = CONNECTOR.plan(source(method)(0)).parts[0].draw.units
                print(f"  pages that are read: {len(pages):,}; looked into {_touched(sample, psql):,} times")
            if method == "key_hash":
                exact = float(psql("SELECT 1 - count(DISTINCT key)::float8 / count(*) FROM events"))
                rates = [repeated(sample, "key") for sample in samples]
                print(f"  keys that repeat: {exact:.2%} of all rows; of samples {min(rates):.2%} to {max(rates):.2%}")


def _touched(sample: Sample, psql: Callable[[str], str]) -> int:
    """How often the statements of a sample looked into a page, hits and reads together, as the server counts."""
    plans = [
        psql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {line}")
        for line in sample.facts.statements
        if "FROM ONLY" in line
    ]
    counts = [json.loads(plan)[0]["Plan"] for plan in plans]
    return sum(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in counts)


@contextmanager
def _database() -> Iterator[tuple[str, Callable[[str], str]]]:
    """A database of our own: its URI, and psql."""
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    user, name = os.environ.get("PGUSER", "postgres"), f"walkaround_{uuid.uuid4().hex[:12]}"

    def run(statement: str, database: str = name) -> str:
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", port, "-U", user, "-d", database, "-f-"]
        return subprocess.run(command, input=statement, capture_output=True, text=True, check=True).stdout.strip()

    run(f"CREATE DATABASE {name}", "postgres")
    try:
        yield f"postgresql:///{name}?host={host}&port={port}&user={user}", run
    finally:
        run(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


MYSQL = f"""
CREATE TABLE events (id BIGINT PRIMARY KEY, t INT, legacy INT, wave DOUBLE, qty INT, noise DOUBLE, k INT, filler TEXT);
INSERT INTO events WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 999),
  s AS (SELECT a.n * 1000 + b.n + 1 AS g FROM d AS a, d AS b)
SELECT g, g, g <= {ROWS * 3 // 10}, SIN(g * 6.283185 / {ROWS} * 30) + CRC32(g * 7) % 1000 / 2000, CRC32(g) % 97,
  CRC32(g * 13) % 100000 / 1000, IF(g % 1000 < {DUPLICATES * 1000:.0f}, g - 500, g),
  REPEAT('x', 20 + CRC32(g * 3) % 60) FROM s; ANALYZE TABLE events;
"""


def mysql(seeds: int) -> None:
    """Every method that MySQL and MariaDB offer."""
    from walkaround.connectors.mysql import CONNECTOR

    with _mysql_database() as (uri, asked):
        asked(MYSQL)
        listed = ", ".join(f"AVG({name}), VAR_POP({name})" for name in COLUMNS)
        told = [float(word) for word in asked(f"SELECT {listed} FROM events").split()]
        truth = Truth(dict(zip(COLUMNS, told[::2], strict=True)), dict(zip(COLUMNS, told[1::2], strict=True)), ROWS)

        def source(method: str) -> Callable[[int], Source]:
            return lambda seed: Source(
                "events", uri, table="events", key=("k",), sample=SampleRequest(WANTED, seed, method)
            )

        for method in ("key_ranges", "key_hash", "rows", "first"):
            samples, seconds, _ = drawn(CONNECTOR, source(method), seeds if method != "first" else 1)
            report(method, samples, truth, seconds)
            print(f"  rows that the server looked at: {_handled(source(method)(0)):,}")
            if method == "key_hash":
                rates = [repeated(sample, "k") for sample in samples]
                print(
                    f"  keys that repeat: {DUPLICATES:.2%} of all rows; of samples {min(rates):.2%} to {max(rates):.2%}"
                )


def _handled(source: Source) -> int:
    """Rows that the server's engine looked at for the statements of a sample, as the session's own counters say."""
    from walkaround.connectors.address import address_of
    from walkaround.connectors.mysql import CONNECTOR
    from walkaround.connectors.mysql.dialect import MySql
    from walkaround.connectors.sql.dialect import Limits

    session = MySql().connect(address_of(source), Limits())

    def counted() -> int:
        return sum(int(count) for _, count in session.ask("SHOW SESSION STATUS LIKE 'Handler_read%'"))

    try:
        statements = CONNECTOR.plan(source).parts[0].statements
        before = counted()
        for statement in statements:
            for _ in session.stream(statement):
                pass
        return counted() - before
    finally:
        session.close()


@contextmanager
def _mysql_database() -> Iterator[tuple[str, Callable[[str], str]]]:
    """A database of our own: its URI, and the command line client, which finds a password in MYSQL_PWD as we do."""
    host, port = os.environ.get("MYSQL_HOST", "127.0.0.1"), os.environ.get("MYSQL_TCP_PORT", "3306")
    user, name = os.environ.get("MYSQL_USER", "root"), f"walkaround_{uuid.uuid4().hex[:12]}"

    def run(statement: str, database: str = name) -> str:
        command = ["mariadb", "--protocol=tcp", "-NB", "-h", host, "-P", port, "-u", user, "-e", statement, database]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    run(f"CREATE DATABASE {name}", "information_schema")
    try:
        yield f"mysql://{user}@{host}:{port}/{name}", run
    finally:
        run(f"DROP DATABASE {name}", "information_schema")


SERVERS: dict[str, Callable[[int], None]] = {"mysql": mysql, "postgresql": postgresql}

if __name__ == "__main__":
    main()
