"""Every value arrives as the server says it: compared with what its own command line client prints."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from my_server import Database, fresh

from walkaround.model.sample import Sample
from walkaround.profiling import profile

INT, HUGE, DOUBLE, FLOAT, TEXT = pa.int64(), pa.uint64(), pa.float64(), pa.float32(), pa.string()
DAY, INSTANT = pa.date32(), pa.timestamp("us")


@dataclass(frozen=True)
class Case:
    """A column's type, a value as SQL, the type that arrives, and what the client is asked for (`c`, the column)."""

    declared: str
    value: str
    arrives: pa.DataType
    asked: str = "c"

    def __str__(self) -> str:
        return re.sub(r"\W+", "-", f"{self.declared} {self.value}")[:60]


CASES = [
    Case("tinyint", "-128", INT),
    Case("tinyint unsigned", "255", INT),
    Case("tinyint(1)", "2", INT),
    Case("tinyint(1)", "-1", INT),
    Case("boolean", "true", INT),
    Case("smallint unsigned", "65535", INT),
    Case("mediumint", "-8388608", INT),
    Case("int unsigned", "4294967295", INT),
    Case("int(6) zerofill", "42", TEXT),
    Case("bigint", "-9223372036854775808", INT),
    Case("bigint", "9007199254740993", INT),
    Case("bigint unsigned", "18446744073709551615", HUGE),
    Case("decimal(20,0)", "9007199254740993", pa.decimal128(20, 0)),
    Case("decimal(38,10)", "-1234567890123456789012345678.0123456789", pa.decimal128(38, 10)),
    Case("decimal(12,2)", "0.10", pa.decimal128(12, 2)),
    Case("decimal(65,30)", "12345678901234567890123456789012345.012345678901234567890123456789", TEXT),
    Case("decimal(5,5)", "-0.00001", pa.decimal128(5, 5)),
    Case("float", "16777217", FLOAT, "c + 0e0"),
    Case("float", "0.1", FLOAT, "c + 0e0"),
    Case("float", "3.4028234e38", FLOAT, "c + 0e0"),
    Case("double", "1.7976931348623157e308", DOUBLE),
    Case("double", "5e-324", DOUBLE),
    Case("double", "0.1", DOUBLE),
    Case("double", "-123456789012345678", DOUBLE),
    Case("double(10,3)", "1234.5", DOUBLE),
    Case("bit(1)", "b'1'", HUGE, "c + 0"),
    Case("bit(8)", "b'10000001'", HUGE, "c + 0"),
    Case("bit(64)", "~0", HUGE, "c + 0"),
    Case("date", "'2024-02-29'", DAY),
    Case("date", "'9999-12-31'", DAY),
    Case("date", "'0000-00-00'", TEXT),
    Case("date", "'2024-00-00'", TEXT),
    Case("date", "'2024-06-00'", TEXT),
    Case("date", "'2024-02-31'", TEXT),
    Case("date", "'0000-01-01'", TEXT),
    Case("date", "'0001-01-01'", DAY),
    Case("datetime", "'2024-12-31 23:59:59'", INSTANT),
    Case("datetime(6)", "'2024-12-31 23:59:59.000001'", INSTANT),
    Case("datetime(3)", "'1000-01-01 00:00:00.120'", INSTANT),
    Case("datetime", "'0000-00-00 00:00:00'", TEXT),
    Case("datetime(6)", "'2024-02-31 10:00:00.5'", TEXT),
    Case("timestamp null", "'2024-03-31 02:30:00'", INSTANT),
    Case("timestamp null", "'0000-00-00 00:00:00'", TEXT),
    Case("timestamp(6) null", "'2038-01-19 03:14:07.999999'", INSTANT),
    Case("time", "'838:59:59'", TEXT),
    Case("time(6)", "'-838:59:58.999999'", TEXT),
    Case("time", "'00:00:00'", TEXT),
    Case("year", "2155", TEXT),
    Case("year", "0", TEXT),
    Case("char(6)", "'ab  '", TEXT),
    Case("varchar(10)", "''", TEXT),
    Case("varchar(10)", "'  x  '", TEXT),
    Case("varchar(10)", "'007'", TEXT),
    Case("varchar(10)", "'NULL'", TEXT),
    Case("varchar(40)", "'tab\\tline\\nback\\\\ quote\\' 100%'", TEXT),
    Case("varchar(10)", "'👩‍👩‍👧 é'", TEXT),
    Case("varchar(10) character set latin1", "x'8081e9'", TEXT),
    Case("varchar(10) character set utf8mb3", "'žluťoučký'", TEXT),
    Case("varchar(10) character set ucs2", "'Ωmega'", TEXT),
    Case("varchar(10) character set sjis", "x'93fa967b'", TEXT),
    Case("longtext", "REPEAT('long ', 60000)", TEXT),
    Case("enum('a','b\\'c','')", "'b\\'c'", TEXT),
    Case("enum('a','b')", "''", TEXT),
    Case("set('x','y','z')", "'z,x'", TEXT),
    Case("set('x','y')", "''", TEXT),
    Case("json", '\'{"b": 1.10, "a": 1, "a": 2}\'', TEXT),
    Case("binary(4)", "x'00ff0a'", TEXT, "HEX(c)"),
    Case("varbinary(8)", "x'00e9ff00'", TEXT, "HEX(c)"),
    Case("varbinary(8)", "''", TEXT, "HEX(c)"),
    Case("blob", "x'89504e470d0a1a0a00'", TEXT, "HEX(c)"),
    Case("longblob", "REPEAT('x', 3000000)", TEXT, "CONCAT(LENGTH(c), ' bytes, MD5 ', MD5(c))"),
    Case("point", "POINT(1, -2.5)", TEXT, "HEX(c)"),
    Case("geometry", "ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326)", TEXT, "HEX(c)"),
    Case("int generated always as (6 * 7) virtual", "DEFAULT", INT),
]
OF_MARIADB = [
    Case("uuid", "'123e4567-e89b-12d3-a456-426655440000'", TEXT),
    Case("inet6", "'2001:db8::ff00:42:8329'", TEXT),
    Case("inet4", "'255.255.255.255'", TEXT),
]
SESSION = "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'"


@pytest.fixture(scope="module")
def cases(database: Database) -> list[Case]:
    """Those of this server."""
    return CASES + OF_MARIADB if "MariaDB" in database.run("SELECT VERSION()") else CASES


@pytest.fixture(scope="module")
def stored(database: Database, cases: list[Case]) -> Iterator[str]:
    """A table of one row and a column for each case."""
    name = fresh()
    columns = ", ".join(f"c{place} {case.declared}" for place, case in enumerate(cases))
    values = ", ".join(case.value for case in cases)
    database.run(
        f"{SESSION}; CREATE TABLE {name} (id INT PRIMARY KEY, {columns}); INSERT INTO {name} VALUES (1, {values})"
    )
    yield name
    database.run(f"DROP TABLE {name}")


@pytest.fixture(scope="module")
def sample(database: Database, stored: str) -> Sample:
    """The table, the whole way."""
    return database.sample(stored)


def test_each_value_is_what_the_server_says(database: Database, stored: str, cases: list[Case], sample: Sample) -> None:
    """Each value of every type and edge is the server's own text, or what that says as a number or date."""
    (batch,) = sample.batches()
    assert len(cases) >= 74
    wrong = []
    for place, case in enumerate(cases):
        asked = re.sub(r"\bc\b", f"c{place}", case.asked)
        told = database.run(f"{SESSION}; SELECT {asked} FROM {stored}").removesuffix("\n")
        arrived = batch.column(place + 1)
        if not arrived.type.equals(case.arrives) or not same(arrived[0].as_py(), told, case.arrives):
            wrong.append((str(case), told[:80], str(arrived.type), str(arrived[0])[:80]))
    assert wrong == []


def same(arrived: Any, told: str, kind: pa.DataType) -> bool:
    """Whether a value is what a text says."""
    if pa.types.is_decimal(kind):
        return str(arrived) == str(Decimal(told)) and arrived == Decimal(told)
    if kind.equals(FLOAT):
        return struct.pack("f", arrived) == struct.pack("f", float(told)) and float(told) == arrived
    readings = {INT: int, HUGE: int, DOUBLE: float, DAY: date.fromisoformat, INSTANT: datetime.fromisoformat, TEXT: str}
    return bool(arrived == readings[kind](told))


def test_a_table_of_every_type_is_profiled(database: Database, stored: str, sample: Sample, cases: list[Case]) -> None:
    """No type makes a measure fall over."""
    made = profile(sample, database.source(stored))
    assert made.rows == 1
    assert len(made.columns) == len(cases) + 1


def test_nulls_stay_nulls_and_empty_stays_empty(database: Database, table: str) -> None:
    """In a column of each way of reading."""
    database.run(
        f"CREATE TABLE {table} (i INT, n DECIMAL(5,2), d DATE, t VARCHAR(5), b BLOB, f FLOAT, v BIT(3)); "
        f"INSERT INTO {table} VALUES (NULL, NULL, NULL, NULL, NULL, NULL, NULL), (0, 0, '2024-01-01', '', '', 0, 0)"
    )
    (batch,) = database.sample(table).batches()
    assert batch.slice(0, 1).to_pylist() == [dict.fromkeys("indtbfv")]
    assert batch.slice(1).to_pylist() == [
        {"i": 0, "n": Decimal("0.00"), "d": date(2024, 1, 1), "t": "", "b": "", "f": 0.0, "v": 0}
    ]


def test_one_zero_date_leaves_a_column_text_and_is_counted(database: Database, table: str) -> None:
    """Every row is then as the server says it, and a note says how many were no dates, without a value."""
    database.run(
        f"{SESSION}; CREATE TABLE {table} (id INT PRIMARY KEY, d DATETIME); INSERT INTO {table} VALUES "
        "(1, '2024-01-02 03:04:05'), (2, '0000-00-00'), (3, '0000-00-00'), (4, '2024-02-31'), (5, NULL)"
    )
    sample = database.sample(table)
    (batch,) = sample.batches()
    assert batch.column(1).to_pylist() == [
        "2024-01-02 03:04:05", "0000-00-00 00:00:00", "0000-00-00 00:00:00", "2024-02-31 00:00:00", None,
    ]  # fmt: skip
    assert sample.facts.notes[-2:] == (
        "d: 1 values are no dates, so all are read as the server's text",
        "d: 2 values are zero dates, so all are read as the server's text",
    )


def test_a_million_bytes_of_a_row_make_a_batch_of_their_own(database: Database, table: str) -> None:
    """Batches are bounded by what arrives, not by rows: 40 rows of half a megabyte come in many batches."""
    database.run(
        f"CREATE TABLE {table} (t LONGTEXT); INSERT INTO {table} VALUES {', '.join(['(REPEAT(0x78, 500000))'] * 40)}"
    )
    sizes = [batch.num_rows for batch in database.sample(table).batches()]
    assert sum(sizes) == 40
    assert max(sizes) <= 3


def test_values_of_any_length_are_whole(database: Database, table: str) -> None:
    """Around each length that the protocol writes in another way, and in a row that takes more than one packet."""
    sizes = [0, 1, 250, 251, 252, 65_535, 65_536, 9_000_000]
    database.run(
        f"CREATE TABLE {table} (id INT PRIMARY KEY, a LONGTEXT, b LONGTEXT, c LONGTEXT); INSERT INTO {table} VALUES "
        + ", ".join(f"({place}, REPEAT('a', {size}), NULL, REPEAT('c', {size}))" for place, size in enumerate(sizes))
    )
    rows = [row for batch in database.sample(table).batches() for row in batch.to_pylist()]
    assert [(row["id"], len(row["a"]), row["b"], len(row["c"])) for row in rows] == [
        (place, size, None, size) for place, size in enumerate(sizes)
    ]
    assert all(set(row["a"]) <= {"a"} and set(row["c"]) <= {"c"} for row in rows)


def test_names_of_any_kind_are_columns(database: Database, table: str) -> None:
    """A quote, a blank, a percent sign, letters of another script."""
    names = ["a`b", "with blank", "100%", "Größe", "select", "%s"]
    listed = ", ".join(f"`{name.replace('`', '``')}` INT" for name in names)
    database.run(f"CREATE TABLE {table} ({listed}); INSERT INTO {table} VALUES (1, 2, 3, 4, 5, 6)")
    (batch,) = database.sample(table).batches()
    assert batch.to_pylist() == [dict(zip(names, range(1, 7), strict=True))]
