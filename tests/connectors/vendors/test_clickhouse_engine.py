"""ClickHouse's own engine, by the real client: chDB has it in a process. Skipped where either is not installed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from walkaround.connectors.clickhouse import CONNECTOR
from walkaround.connectors.sql.drawing import Wanted, key_hash, threshold
from walkaround.model.source import SampleRequest, Source

clickhouse_connect = pytest.importorskip("clickhouse_connect", reason="needs walkaround[clickhouse]")
pytest.importorskip("chdb", reason="needs chdb, ClickHouse's engine in a process")

ROWS = 100_000
TABLE = """
CREATE TABLE crm.t (
    id UInt64, name String, amount Decimal(12, 2), day Date, early Date32, at DateTime, exact DateTime64(3),
    gap Nullable(Int32), list Array(Int32), low LowCardinality(String), uid UUID, kind Enum8('a' = 1, 'b' = 2),
    score Float64, flag Bool, fixed FixedString(3), huge UInt256
) ENGINE = MergeTree ORDER BY (id, intHash32(id)) SAMPLE BY intHash32(id)
"""
FILL = f"""
INSERT INTO crm.t SELECT number, concat('n\\'', toString(number)), number / 4, toDate('2024-01-01') + number % 300,
    toDate32('1950-01-01'), toDateTime('2024-01-01 10:00:00', 'UTC') + number,
    toDateTime64('2024-01-01 10:00:00.125', 3, 'UTC'), if(number % 3 = 0, NULL, number), [1, 2], 'x',
    toUUID('7f1e4f7e-52f5-4a0b-8e2b-0123456789ab'), 'b', 0.1, true, 'abc', toUInt256('1267650600228229401496703205376')
FROM numbers({ROWS})
"""  # noqa: S608 - a number of our own


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("chdb")
    client = clickhouse_connect.get_client(interface="chdb", path=str(path))
    for statement in ("CREATE DATABASE crm", TABLE, FILL):
        client.command(statement)
    client.close()
    return f"clickhouse:///crm?interface=chdb&path={path}"


def read(uri: str, **request: Any) -> tuple[Any, list[dict[str, Any]]]:
    source = Source("s", uri, "crm.t", key=("id",), sample=SampleRequest(**request))
    sample = CONNECTOR.read(CONNECTOR.plan(source))
    return sample, [row for batch in sample.batches() for row in batch.to_pylist()]


def test_values_are_what_is_stored(uri: str) -> None:
    """Each type arrives as such, or as the server's text."""
    sample, rows = read(uri, rows="full")
    assert (len(rows), sample.drawn.method) == (ROWS, "full")
    row = next(row for row in rows if row["id"] == 50)
    assert row == {
        "id": 50, "name": "n'50", "amount": Decimal("12.50"), "day": dt.date(2024, 2, 20),
        "early": dt.date(1950, 1, 1), "at": dt.datetime(2024, 1, 1, 10, 0, 50),  # noqa: DTZ001
        "exact": dt.datetime(2024, 1, 1, 10, 0, 0, 125_000), "gap": 50, "list": "[1,2]", "low": "x",  # noqa: DTZ001
        "uid": "7f1e4f7e-52f5-4a0b-8e2b-0123456789ab", "kind": "b", "score": 0.1, "flag": True, "fixed": "abc",
        "huge": str(2**100),
    }  # fmt: skip


def test_keys_are_those_of_every_server(uri: str) -> None:
    """The keys whose MD5 is small, as Python computes it."""
    _, rows = read(uri, rows=2_000, method="key_hash")
    below = threshold(ROWS, Wanted(2_000, 7, ""))
    assert {row["id"] for row in rows} == {key for key in range(ROWS) if key_hash((str(key),), 7) < below}


@pytest.mark.parametrize("method", ["rows", "system", "first"])
def test_a_method_draws_what_it_says(uri: str, method: Any) -> None:
    """About as many rows as are wanted, and the same ones again."""
    sample, rows = read(uri, rows=2_000, method=method)
    assert 1_600 < len(rows) < 2_400
    assert sample.drawn.probability is (method != "first")
    assert read(uri, rows=2_000, method=method)[1] == rows
