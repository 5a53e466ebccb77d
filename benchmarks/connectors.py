"""How fast rows of a server come into a profile's hands, beside the bare driver in the same run.

200,000 rows of 12 columns are read whole: by the driver alone, drained, and by a sample, whose rows are checked, kept
in its private file and handed out. Each runs in a process of its own, by turns; of each the best time counts, and the
largest peak of memory above what the imports took.

    python benchmarks/connectors.py postgresql [--turns 5]
    python benchmarks/connectors.py mysql

The server is found by the usual variables (PGHOST ..., MYSQL_HOST ...); the table is made in a database of its own, and
dropped. Exit code 1 where a goal is missed. For MySQL and MariaDB the driver alone hands out tuples of bytes, row by
row as they come, with its decoders off; "mysql-decoded" has it make numbers and dates of them, as when told nothing.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

ROWS: Final = 200_000
KIB_OF_MAXRSS: Final = 1 if sys.platform == "darwin" else 1024
MOST_MEMORY: Final = 150
"""Mebibytes above what the imports took."""


@dataclass(frozen=True)
class Server:
    """A server to measure: its table, the driver alone, the sample, and the share that is asked for."""

    database: Callable[[], Iterator[str]]
    raw: Callable[[str], Callable[[], int]]
    sample: Callable[[str], Callable[[], int]]
    goal: float


def main() -> int:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", choices=sorted(SERVERS))
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    server = SERVERS[asked.server]
    if asked.child:
        return _child(getattr(server, asked.child[0])(asked.child[1]))
    best = {"raw": float("inf"), "sample": float("inf")}
    peak = dict.fromkeys(best, 0.0)
    with contextmanager(server.database)() as uri:
        for _ in range(asked.turns):
            for way in tuple(best):
                command = [sys.executable, __file__, asked.server, "--child", way, uri]
                seconds, memory = map(float, subprocess.run(command, check=True, capture_output=True).stdout.split())
                best[way], peak[way] = min(best[way], seconds), max(peak[way], memory)
    for way, name in (("raw", "the driver alone"), ("sample", "a sample")):
        print(
            f"{name:17} {ROWS / best[way] / 1000:6,.0f} k rows/s  {best[way]:.3f} s  {peak[way]:5.0f} MiB above import"
        )
    share = best["raw"] / best["sample"]
    print(f"share of the driver's rows per second: {share:.2f} (goal: {server.goal})")
    return int(share < server.goal or peak["sample"] > MOST_MEMORY)


def _child(read: Callable[[], int]) -> int:
    """Read once; print seconds, and the peak of memory above what there was before."""
    before, began = _peak(), time.perf_counter()
    rows = read()
    seconds = time.perf_counter() - began
    print(seconds, _peak() - before)
    return int(rows != ROWS)


def _peak() -> float:
    """The largest resident size so far, in mebibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_OF_MAXRSS / (1 << 20)


POSTGRESQL: Final = f"""
CREATE TABLE customers AS SELECT g::bigint AS id, 'Customer ' || g AS name, md5(g::text) || '@mail.example' AS email,
  (g % 90)::int AS age, (g * 1.37)::numeric(12,2) AS balance, random() AS score, g % 3 = 0 AS active,
  date '1990-01-01' + g % 9000 AS born, timestamp '2020-01-01' + g * interval '1 minute' AS created,
  timestamptz '2021-01-01' + g * interval '7 seconds' AS seen, (ARRAY['PT','ES','FR','DE'])[1 + g % 4] AS country,
  CASE WHEN g % 5 > 0 THEN 'note number ' || g END AS note
FROM generate_series(1, {ROWS}) g; ANALYZE customers;
"""


def _postgresql_database() -> Iterator[str]:
    host, port = os.environ.get("PGHOST", "127.0.0.1"), os.environ.get("PGPORT", "5432")
    user, name = os.environ.get("PGUSER", "postgres"), f"walkaround_{uuid.uuid4().hex[:12]}"

    def run(statement: str, database: str) -> None:
        command = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", port, "-U", user, "-d", database, "-f-"]
        subprocess.run(command, input=statement, capture_output=True, text=True, check=True)

    run(f"CREATE DATABASE {name}", "postgres")
    try:
        run(POSTGRESQL, name)
        yield f"postgresql:///{name}?host={host}&port={port}&user={user}"
    finally:
        run(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


def _postgresql_raw(uri: str) -> Callable[[], int]:
    """The driver, told nothing: native types, its own batches, drained."""
    import pyarrow  # noqa: F401, ICN001 - what the driver loads as it reads
    from adbc_driver_postgresql import dbapi

    def read() -> int:
        with dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT * FROM customers")
            return sum(batch.num_rows for batch in cursor.fetch_record_batch())

    return read


def _postgresql_sample(uri: str) -> Callable[[], int]:
    import adbc_driver_postgresql.dbapi  # noqa: F401 - what a sample loads as it reads

    from walkaround.connectors.postgres import CONNECTOR
    from walkaround.model.source import Source

    def read() -> int:
        sample = CONNECTOR.read(CONNECTOR.plan(Source("customers", uri, table="public.customers")))
        return sum(batch.num_rows for batch in sample.batches())

    return read


MYSQL: Final = f"""
CREATE TABLE customers (id BIGINT PRIMARY KEY, name VARCHAR(40), email VARCHAR(60), age INT, balance DECIMAL(12,2),
  score DOUBLE, active BOOLEAN, born DATE, created DATETIME, seen TIMESTAMP, country CHAR(2), note VARCHAR(40));
INSERT INTO customers WITH RECURSIVE d AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM d WHERE n < 999),
  g AS (SELECT a.n * 1000 + b.n + 1 AS g FROM d AS a, d AS b WHERE a.n < {ROWS // 1000})
SELECT g, CONCAT('Customer ', g), CONCAT(MD5(g), '@mail.example'), g % 90, g * 1.37, RAND(g), g % 3 = 0,
  DATE '1990-01-01' + INTERVAL g % 9000 DAY, TIMESTAMP '2020-01-01 00:00:00' + INTERVAL g MINUTE,
  TIMESTAMP '2021-04-01 00:00:00' + INTERVAL g * 7 SECOND, ELT(1 + g % 4, 'PT', 'ES', 'FR', 'DE'),
  IF(g % 5 > 0, CONCAT('note number ', g), NULL) FROM g; ANALYZE TABLE customers;
"""


def _mysql_database() -> Iterator[str]:
    host, port = os.environ.get("MYSQL_HOST", "127.0.0.1"), os.environ.get("MYSQL_TCP_PORT", "3306")
    user, name = os.environ.get("MYSQL_USER", "root"), f"walkaround_{uuid.uuid4().hex[:12]}"

    def run(statement: str) -> None:  # the password, where there is one, is the client's MYSQL_PWD
        command = ["mariadb", "--protocol=tcp", "-h", host, "-P", port, "-u", user, "-e", statement]
        subprocess.run(command, capture_output=True, text=True, check=True)

    run(f"CREATE DATABASE {name}")
    try:
        run(f"SET time_zone = '+00:00'; USE {name}; {MYSQL}")
        yield f"mysql://{user}@{host}:{port}/{name}"
    finally:
        run(f"DROP DATABASE {name}")


def _mysql_raw(uri: str, *, decoded: bool = False) -> Callable[[], int]:
    """The driver: tuples, row by row."""
    import pymysql
    from pymysql.cursors import SSCursor

    place = urlsplit(uri)
    told = {} if decoded else {"conv": {}, "use_unicode": False}

    def read() -> int:
        with (
            closing(
                pymysql.connect(
                    host=place.hostname, port=place.port or 3306, user=place.username, database=place.path[1:],
                    password=os.environ.get("MYSQL_PWD", ""), autocommit=None, **told,
                )
            ) as connection,
            connection.cursor(SSCursor) as cursor,
        ):  # fmt: skip
            cursor.execute("SELECT * FROM customers")
            return sum(1 for _ in cursor.fetchall_unbuffered())

    return read


def _mysql_sample(uri: str) -> Callable[[], int]:
    import pymysql  # noqa: F401 - what a sample loads as it reads

    from walkaround.connectors.mysql import CONNECTOR
    from walkaround.model.source import Source

    def read() -> int:
        sample = CONNECTOR.read(CONNECTOR.plan(Source("customers", uri, table="customers")))
        return sum(batch.num_rows for batch in sample.batches())

    return read


SERVERS: Final = {
    "postgresql": Server(_postgresql_database, _postgresql_raw, _postgresql_sample, 0.6),
    "mysql": Server(_mysql_database, _mysql_raw, _mysql_sample, 0.8),
    "mysql-decoded": Server(_mysql_database, partial(_mysql_raw, decoded=True), _mysql_sample, 0.8),
}

if __name__ == "__main__":
    raise SystemExit(main())
