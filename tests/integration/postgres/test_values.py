"""Values of every type, the whole way, held to what psql prints of them."""

from __future__ import annotations

import datetime as dt
import math
import struct
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pg_server import Database, frame, psql

from walkaround.connectors.postgres import CONNECTOR
from walkaround.model.source import Source
from walkaround.profiling import profile

VALUES: tuple[tuple[str, str], ...] = (
    ("boolean", "true"), ("boolean", "false"),
    ("smallint", "-32768"), ("smallint", "32767"),
    ("integer", "-2147483648"), ("integer", "2147483647"),
    ("bigint", "-9223372036854775808"), ("bigint", "9223372036854775807"),
    ("real", "'NaN'"), ("real", "'Infinity'"), ("real", "'-Infinity'"), ("real", "1e-45"), ("real", "3.4028235e38"),
    ("real", "16777217"), ("real", "0.1"), ("real", "'-0'"),
    ("double precision", "'NaN'"), ("double precision", "'-Infinity'"), ("double precision", "5e-324"),
    ("double precision", "1.7976931348623157e308"), ("double precision", "'-0'"), ("double precision", "0.1"),
    ("double precision", "9007199254740993"),
    ("numeric", "'NaN'"), ("numeric", "'Infinity'"), ("numeric", "'-Infinity'"), ("numeric", "1.10"),
    ("numeric", "123456789012345678901234567890.123456789012345678901234567890"), ("numeric", "1e-200"),
    ("numeric(12,2)", "1234567890.10"), ("numeric(12,2)", "'NaN'"), ("numeric(12,2)", "-0.01"),
    ("numeric(20,0)", "9007199254740993"), ("numeric(38,10)", "1234567890123456789012345678.0123456789"),
    ("numeric(60,20)", "1234567890123456789012345678901234567890.12345678901234567890"),
    ("numeric(5,-2)", "12345"), ("numeric(3,5)", "0.00123"),
    ("money", "'$1,234.56'"), ("money", "'-$0.01'"),
    ("text", "''"), ("text", "E'tab\\tand\\\\ \"quote\"'"), ("text", "'Zoë 🚀 ﬁ'"), ("text", "repeat('añ', 1500000)"),
    ("text", "' '"), ("text", "'NULL'"), ("varchar(3)", "'abc'"), ("varchar", "''"),
    ("name", "'pg_class'"), ('"char"', "'x'"),
    ("bytea", "'\\x00ff10'"), ("bytea", "''"),
    ("date", "'2024-02-29'"), ("date", "'infinity'"), ("date", "'-infinity'"), ("date", "'0044-03-15 BC'"),
    ("date", "'0001-01-01'"), ("date", "'9999-12-31'"), ("date", "'10000-01-01'"), ("date", "'5874897-12-31'"),
    ("timestamp", "'2024-02-29 12:34:56.789012'"), ("timestamp", "'infinity'"), ("timestamp", "'-infinity'"),
    ("timestamp", "'294276-12-31 23:59:59.999999'"), ("timestamp", "'4713-01-01 00:00:00 BC'"),
    ("timestamp", "'0001-01-01'"), ("timestamp", "'9999-12-31 23:59:59.999999'"),
    ("timestamp(0)", "'1969-12-31 23:59:59'"),
    ("timestamptz", "'2024-03-31 02:30:00+02'"), ("timestamptz", "'infinity'"), ("timestamptz", "'0044-03-15 BC'"),
    ("timestamptz", "'1883-11-18 12:03:58-04:56:02'"), ("timestamptz", "'10000-01-01 00:00:00+00'"),
    ("time", "'24:00:00'"), ("time", "'00:00:00'"), ("time", "'23:59:59.999999'"), ("timetz", "'04:05:06.789-08'"),
    ("interval", "'1 year 2 mons -3 days 04:05:06.7'"), ("interval", "'-178000000 years'"), ("interval", "'0'"),
    ("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"),
    ("json", "'{\"a\":1, \"a\":2, \"n\":1.10}'"), ("jsonb", "'{\"b\":1,\"a\":[1,null,\"x\"]}'"), ("jsonb", "'null'"),
    ("xml", "'<a b=\"1\">x</a>'"), ("tsvector", "'a fat cat:3A'"), ("tsquery", "'fat & !cat'"),
    ("jsonpath", "'$.a[*]'"),
    ("integer[]", "'{1,NULL,3}'"), ("integer[]", "'{{1,2},{3,4}}'"), ("integer[]", "'[0:1]={5,6}'"),
    ("integer[]", "'{}'"), ("text[]", "ARRAY['a,b', 'c\"d', NULL, '']"), ("numeric[]", "'{1.10,NaN}'"),
    ("timestamp[]", "'{infinity,2024-01-01}'"),
    ("bit(5)", "B'10101'"), ("bit varying(9)", "B'1'"), ("bit varying", "B''"),
    ("inet", "'192.168.0.1/24'"), ("inet", "'::1'"), ("cidr", "'10.0.0.0/8'"), ("macaddr", "'08:00:2b:01:02:03'"),
    ("macaddr8", "'08:00:2b:01:02:03:04:05'"),
    ("int4range", "'[1,5)'"), ("int4range", "'empty'"), ("numrange", "'(,1.5]'"),
    ("tstzrange", "'[2024-01-01,infinity)'"),
    ("int8multirange", "'{[1,3),[5,9)}'"), ("daterange", "'[2024-01-01,2024-02-01]'"),
    ("point", "'(1.5,-2)'"), ("line", "'{1,2,3}'"), ("box", "'(1,1),(0,0)'"), ("path", "'[(0,0),(1,1)]'"),
    ("polygon", "'((0,0),(1,1),(1,0))'"), ("circle", "'<(0,0),2>'"), ("lseg", "'[(0,0),(1,1)]'"),
    ("pg_lsn", "'16/B374D848'"), ("oid", "4294967295"), ("xid", "'4294967295'"), ("xid8", "'18446744073709551615'"),
    ("tid", "'(4294967295,65535)'"), ("regclass", "'pg_catalog.pg_class'"), ("pg_snapshot", "'10:20:10,14,15'"),
    ("mood", "'so-so'"), ("mood[]", "'{happy,so-so}'"), ("pair", "ROW(1, 'a,\"b')"),
    ("pair[]", "ARRAY[ROW(1,NULL)::pair]"),
    ("positive", "7"), ("short", "'ab'"), ("price", "12.50"), ("moment", "'infinity'"), ("positives", "'{1,2}'"),
    ("hstore", "'a=>1, b=>NULL'"), ("citext", "'MiXed'"), ("ltree", "'Top.Science'"),
)  # fmt: skip
"""A type, and a value of it as PostgreSQL is given it."""
SAY_NOTHING = {
    ("text", "''"), ("text", "' '"), ("varchar", "''"), ("bit varying", "B''"),
    ("real", "'NaN'"), ("double precision", "'NaN'"),
}  # fmt: skip
"""Values that a profile counts as missing, for what they say."""
SETUP = """
CREATE EXTENSION IF NOT EXISTS hstore; CREATE EXTENSION IF NOT EXISTS citext; CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TYPE mood AS ENUM ('happy', 'so-so'); CREATE TYPE pair AS (number int, word text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE DOMAIN short AS varchar(2); CREATE DOMAIN price AS numeric(8,2);
CREATE DOMAIN moment AS timestamp; CREATE DOMAIN positives AS int[];
"""


@pytest.fixture(scope="module")
def every_value(database: Database) -> str:
    """A table of one column for each value: a row that holds it, and a row of nulls."""
    database.run(SETUP)
    columns = ", ".join(f"c{place} {kind}" for place, (kind, _) in enumerate(VALUES))
    filled = ", ".join(f"CAST({value} AS {kind})" for kind, value in VALUES)
    database.run(
        f"CREATE TABLE every_value ({columns}); "
        f"INSERT INTO every_value VALUES ({filled}); INSERT INTO every_value DEFAULT VALUES"
    )
    return "public.every_value"


def test_every_value_arrives_as_it_is_stored(database: Database, every_value: str) -> None:
    """Each value is the one that psql prints, or the number, instant or bytes that it stands for; nulls are nulls."""
    assert len(VALUES) >= 60
    listed = ", ".join(f"c{place}::text" for place in range(len(VALUES)))
    printed = database.run(f"SET TimeZone = 'UTC'; SELECT {listed} FROM {every_value}").split("\n")
    rows = frame(database.sample(every_value))
    wrong = [
        (kind, value, text[:100], str(told)[:100])
        for (kind, value), text, told in zip(VALUES, printed[0].split("\x1f"), rows.row(0), strict=True)
        if not same(told, text, kind)
    ]
    assert wrong == []
    assert set(printed[1].split("\x1f")) == {"\x1enull"}
    assert set(rows.row(1)) == {None}


def test_every_value_is_profiled(database: Database, every_value: str) -> None:
    """A profile of them is made, each column has one value and one null, nothing was repaired."""
    source = database.source(every_value)
    sample = CONNECTOR.read(CONNECTOR.plan(source))
    made = profile(sample, source)
    assert made.rows == 2
    missing = {fact.columns[0]: fact.count for fact in made.facts() if fact.name == "missing_rate"}
    assert len(missing) == len(VALUES)
    twice = {VALUES[int(name[1:])] for name, count in missing.items() if count != 1}
    assert twice == SAY_NOTHING
    assert sample.records.repaired == {}


def test_blanks_that_fill_a_character_column_are_kept(database: Database, table: str) -> None:
    """`character(6)` arrives with the blanks that are stored, which a cast to text would lose."""
    database.run(f"CREATE TABLE {table} AS SELECT 'ab'::char(6) AS c")
    assert frame(database.sample(f"public.{table}")).rows() == [("ab    ",)]


def test_a_column_with_one_date_out_of_range_is_the_server_s_text(database: Database, table: str) -> None:
    """All its values are written as the server writes them, those within range too."""
    database.run(
        f"CREATE TABLE {table} AS SELECT d, d AT TIME ZONE 'UTC' AS z, d::date AS day FROM (VALUES "
        "(timestamp '2024-01-02 03:04:05.6'), ('infinity'), ('2024-01-02'), ('0044-03-15 BC'), (NULL)) v (d)"
    )
    printed = database.run(f"SET TimeZone = 'UTC'; SELECT d::text, z::text, day::text FROM {table}").split("\n")
    expected = [tuple(None if text == "\x1enull" else text for text in line.split("\x1f")) for line in printed]
    assert frame(database.sample(f"public.{table}")).rows() == expected


@pytest.mark.parametrize(
    ("encoding", "raw"), [("SQL_ASCII", b"caf\xe9 \x80\x81"), ("LATIN1", b"caf\xe9"), ("EUC_JP", b"\xa4\xa2")]
)
def test_databases_of_other_encodings(database: Database, encoding: str, raw: bytes) -> None:
    """Text arrives decoded; bytes that no encoding speaks for are read as Windows-1252, and counted."""
    name = f"{database.name}_{encoding.lower()}_{uuid.uuid4().hex[:4]}"
    psql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'", "postgres")
    try:
        other = Database(name)
        other.run(
            f"CREATE TABLE t AS SELECT convert_from('\\x{raw.hex()}'::bytea, '{encoding}') AS c, "
            f"'plain'::varchar(9) AS p, ARRAY[convert_from('\\x{raw.hex()}'::bytea, '{encoding}')] AS a, "
            "1 AS n, '2024-01-01'::date AS d"
        )
        sample = other.sample("public.t")
        expected = {"SQL_ASCII": "café €\x81", "LATIN1": "café", "EUC_JP": "あ"}[encoding]
        listed = {"SQL_ASCII": '{"café €\x81"}'}.get(encoding, f"{{{expected}}}")
        assert frame(sample).rows() == [(expected, "plain", listed, 1, dt.date(2024, 1, 1))]
        assert sample.records.repaired == ({"not UTF-8": 2} if encoding == "SQL_ASCII" else {})
    finally:
        psql(f"DROP DATABASE {name} WITH (FORCE)", "postgres")


def same(told: Any, text: str, kind: str) -> bool:  # noqa: PLR0911 - a table of types, read downwards
    """Whether a value of Python is what the server's text says; each kind by itself, none by way of the connector."""
    if isinstance(told, bool):
        return text == str(told).lower()
    if isinstance(told, float):
        exact = struct.unpack("f", struct.pack("f", float(text)))[0] if kind == "real" else float(text)
        return (math.isnan(told) and math.isnan(exact)) or struct.pack("d", told) == struct.pack("d", exact)
    if isinstance(told, int):
        return text == str(told)
    if isinstance(told, Decimal):
        return text == f"{told:f}"
    if isinstance(told, bytes):
        return text == "\\x" + told.hex()
    if isinstance(told, dt.datetime):
        return dt.datetime.fromisoformat(text) == told
    if isinstance(told, dt.date):
        return dt.date.fromisoformat(text) == told
    return text == told


def test_the_judge_of_values_judges() -> None:
    """The comparison of this file tells a wrong value from a right one."""
    assert list(_judged()) == [True, False, True, False, True, False, False]


def _judged() -> Iterator[bool]:
    yield same(-0.0, "-0", "double precision")
    yield same(0.0, "-0", "double precision")
    yield same(Decimal("1.10"), "1.10", "numeric(12,2)")
    yield same(Decimal("1.1"), "1.10", "numeric(12,2)")
    yield same(dt.datetime(2024, 1, 1, tzinfo=dt.UTC), "2024-01-01 00:00:00+00", "timestamptz")
    yield same(None, "x", "text")
    yield same(Source("s", "s"), "s", "text")
