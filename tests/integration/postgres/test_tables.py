"""Tables, views and partitions: what the catalog says of them, and which rows are drawn."""

from __future__ import annotations

import polars as pl
import pytest
from pg_server import Database, frame

from walkaround.connectors.postgres import CONNECTOR
from walkaround.connectors.sql.drawing import HASH_SPACE, key_hash
from walkaround.errors import UsageError
from walkaround.model.sample import STRATUM, UNIT, ForeignKey, Sample
from walkaround.model.source import SampleRequest


def filled(database: Database, table: str, rows: int = 20_000) -> str:
    """A table in order of its key, analysed."""
    database.run(
        f"CREATE TABLE {table} (id int PRIMARY KEY, word text); "
        f"INSERT INTO {table} SELECT g, md5(g::text) FROM generate_series(1, {rows}) g; ANALYZE {table}"
    )
    return f"public.{table}"


def ids(sample: Sample) -> list[int]:
    """The first column of a sample."""
    return frame(sample)[:, 0].to_list()


def test_the_catalog_tells_size_keys_and_types(database: Database, table: str) -> None:
    """Names, types, keys and sizes are the catalog's; generated columns are read, dropped ones are not."""
    database.run(
        f"CREATE TABLE {table}_o (a int, b text, PRIMARY KEY (b, a)); "
        f'CREATE TABLE {table} ("Äpfel ""x""" int, gone int, '
        'double int GENERATED ALWAYS AS ("Äpfel ""x""" * 2) STORED, '
        f"sum numeric(12,2), word varchar(3) UNIQUE NOT NULL, a int, b text, FOREIGN KEY (b, a) REFERENCES {table}_o "
        f"(b, a)); ALTER TABLE {table} DROP gone; "
        f'INSERT INTO {table} ("Äpfel ""x""", word) SELECT g, g::text FROM generate_series(1, 500) g; ANALYZE {table}'
    )
    sample = database.sample(f"public.{table}")
    facts = sample.facts
    assert [(column.name, column.type) for column in facts.columns] == [
        ('Äpfel "x"', "integer"), ("double", "integer"), ("sum", "numeric(12,2)"), ("word", "character varying(3)"),
        ("a", "integer"), ("b", "text"),
    ]  # fmt: skip
    assert (facts.kind, facts.rows_total, facts.rows_total_is, facts.key) == ("postgresql", 500, "estimate", ("word",))
    assert facts.foreign_keys == (ForeignKey(("b", "a"), f"public.{table}_o", ("b", "a")),)
    assert int(database.run(f"SELECT pg_table_size('{table}')")) == facts.bytes
    assert frame(sample).row(6) == (7, 14, None, "7", None, None)
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (500, "exact")


def test_tables_are_listed_as_far_as_a_user_may_read_them(database: Database, table: str, role: str) -> None:
    """Tables, views, materialized views and partitioned tables; partitions stand in their table."""
    database.run(
        f"CREATE SCHEMA {table}; CREATE TABLE {table}.plain (a int); CREATE VIEW {table}.shown AS SELECT 1 AS a; "
        f"CREATE MATERIALIZED VIEW {table}.kept AS SELECT 1 AS a; CREATE TABLE {table}.parts (a int) "
        f"PARTITION BY LIST (a); CREATE TABLE {table}.part1 PARTITION OF {table}.parts FOR VALUES IN (1); "
        f"CREATE TABLE {table}.hidden (a int); "
        f"GRANT USAGE ON SCHEMA {table} TO {role}; GRANT SELECT ON {table}.plain, {table}.shown, {table}.kept, "
        f"{table}.parts TO {role}"
    )
    source = database.source(f"{table}.plain", uri=database.uri(role))
    found = [name for name in CONNECTOR.datasets(source) if name.startswith(table)]
    assert found == [f"{table}.{name}" for name in ("kept", "parts", "plain", "shown")]
    database.run(f"DROP SCHEMA {table} CASCADE")


@pytest.mark.parametrize("method", ["pages", "key_hash", "rows", "system", "first"])
def test_a_sample_is_the_same_again(database: Database, table: str, method: str) -> None:
    """The same seed draws the same rows in the same order, another seed others; about as many as are wanted."""
    name = filled(database, table)
    drawn = [
        ids(database.sample(name, sample=SampleRequest(2_000, seed, method)))  # type: ignore[arg-type]
        for seed in (7, 7, 8)
    ]
    assert drawn[0] == drawn[1]
    assert (drawn[0] == drawn[2]) == (method == "first")
    assert len(set(drawn[0])) == len(drawn[0])
    assert 1_400 < len(drawn[0]) < 2_600


def test_rows_of_pages_know_their_unit_and_stratum(database: Database, table: str) -> None:
    """Each row of a sample by pages stands in the page that it says, one page in each stratum; none is lost."""
    name = filled(database, table)
    sample = database.sample(name, sample=SampleRequest(5_000, method="pages"))
    rows = frame(sample, hidden=True)
    told = database.run(f"SELECT id, (ctid::text::point)[0]::int FROM {table}").split("\n")
    pages = {int(line.split("\x1f")[0]): int(line.split("\x1f")[1]) for line in told}
    assert all(pages[row] == unit for row, unit in rows.select("id", UNIT).iter_rows())
    assert rows.group_by(STRATUM).agg(pl.col(UNIT).n_unique())[UNIT].to_list() == [1] * rows[STRATUM].n_unique()
    if "one in" not in CONNECTOR.plan(database.source(name, sample={"rows": 5_000})).cost[0]:
        assert set(rows["id"]) == {row for row, page in pages.items() if page in set(rows[UNIT])}


def test_pages_of_a_table_that_lives(database: Database, table: str) -> None:
    """Updates, deletions and empty pages: all pages together give each row once, as it is now."""
    name = filled(database, table, 5_000)
    database.run(
        f"UPDATE {table} SET word = 'new' WHERE id % 3 = 0; DELETE FROM {table} WHERE id BETWEEN 2000 AND 3000; "
        f"VACUUM {table}; UPDATE {table} SET word = 'newer' WHERE id % 5 = 0; ANALYZE {table}"
    )
    sample = database.sample(name, sample=SampleRequest(1_000_000, method="pages"))
    kept = [row for row in range(1, 5_001) if not 2_000 <= row <= 3_000]
    assert sorted(ids(sample)) == kept
    assert frame(sample).filter(word="newer").height == sum(row % 5 == 0 for row in kept)


def test_a_key_is_hashed_as_everywhere(database: Database, table: str) -> None:
    """The keys that are drawn are those whose hash in Python is small, of one part and of two; null is no key."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS a, CASE WHEN g % 10 > 0 THEN 'ø' || g END AS b "
        f"FROM generate_series(1, 5000) g; ANALYZE {table}"
    )
    request = SampleRequest(500, 11, "key_hash")
    for key in (("a",), ("a", "b")):
        source = database.source(f"public.{table}", sample=request, key=key)
        rows = frame(CONNECTOR.read(CONNECTOR.plan(source)))
        every = [(g, f"ø{g}" if g % 10 else None) for g in range(1, 5001)]
        parts = [tuple(None if part is None else str(part) for part in row[: len(key)]) for row in every]
        hashes = [key_hash(part, 11) for part in parts]
        limit = HASH_SPACE * 500 // 5_000
        assert rows.rows() == [
            row for row, hashed in zip(every, hashes, strict=True) if hashed is not None and hashed < limit
        ]


def test_rows_of_a_key_are_one_unit(database: Database, table: str) -> None:
    """Keys are drawn, not rows: each is a sampling unit of its own, of no stratum."""
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS id, g / 20 AS customer FROM generate_series(1, 40000) g; ANALYZE {table}"
    )
    source = database.source(f"public.{table}", key=("customer",), sample=SampleRequest(4_000, method="key_hash"))
    rows = frame(CONNECTOR.read(CONNECTOR.plan(source)), hidden=True)
    units = rows.group_by(UNIT).agg(pl.len(), pl.col("customer").n_unique().alias("keys"))
    assert units["keys"].unique().to_list() == [1]
    assert units["len"].median() == 20
    assert STRATUM not in rows.columns


def test_partitions_are_drawn_from_as_one_table(database: Database, table: str) -> None:
    """Pages of every leaf, in proportion to its size; units of the leaves are kept apart."""
    database.run(
        f"CREATE TABLE {table} (id int, month int) PARTITION BY RANGE (month); "
        f"CREATE TABLE {table}_1 PARTITION OF {table} FOR VALUES FROM (1) TO (7); "
        f"CREATE TABLE {table}_2 PARTITION OF {table} FOR VALUES FROM (7) TO (13) PARTITION BY RANGE (month); "
        f"CREATE TABLE {table}_2a PARTITION OF {table}_2 FOR VALUES FROM (7) TO (10); "
        f"CREATE TABLE {table}_2b PARTITION OF {table}_2 FOR VALUES FROM (10) TO (13); "
        f"INSERT INTO {table} SELECT g, 1 + g % 12 FROM generate_series(1, 60000) g; ANALYZE {table}"
    )
    sample = database.sample(f"public.{table}", sample=SampleRequest(6_000))
    rows = frame(sample, hidden=True)
    assert sample.drawn.method == "pages"
    assert len(rows) == pytest.approx(6_000, rel=0.15)
    assert rows["month"].is_in(range(1, 7)).mean() == pytest.approx(0.5, abs=0.05)
    assert (
        rows.group_by(UNIT).agg((pl.col("month") < 7).n_unique().alias("n"))["n"].to_list()
        == [1] * rows[UNIT].n_unique()
    )
    assert any("3 partitions" in note for note in sample.facts.notes)
    part = database.sample(f"public.{table}_2", sample=SampleRequest("full"))
    assert len(frame(part)) == 30_000


def test_a_view_is_sampled_by_its_rows(database: Database, table: str) -> None:
    """A view has no pages: a hash of each row's text draws, and methods that it does not offer are refused."""
    name = filled(database, table)
    database.run(f"CREATE VIEW v_{table} AS SELECT id, word FROM {table}")
    sample = database.sample(f"public.v_{table}", sample=SampleRequest(2_000))
    assert 1_700 < len(ids(sample)) < 2_300
    assert sample.drawn.method == "rows"
    with pytest.raises(UsageError, match="cannot be sampled by pages") as raised:
        database.sample(f"public.v_{table}", sample=SampleRequest(2_000, method="pages"))
    assert raised.value.hint == "it can by rows, first"
    assert name


def test_a_table_that_nobody_analysed_and_an_empty_one(database: Database, table: str) -> None:
    """Rows are estimated from pages where there are no statistics; of nothing there are none, exactly."""
    database.run(
        f"CREATE TABLE {table} (id bigint, word text) WITH (autovacuum_enabled = false); "
        f"CREATE TABLE {table}_e (id int); "
        f"INSERT INTO {table} SELECT g, md5(g::text) FROM generate_series(1, 50000) g"
    )
    facts = database.sample(f"public.{table}").facts
    assert facts.rows_total is not None
    assert 25_000 < facts.rows_total < 100_000
    assert any("never analysed" in note for note in facts.notes)
    empty = database.sample(f"public.{table}_e")
    assert (empty.facts.rows_total, empty.facts.rows_total_is) == (0, "exact")
    assert frame(empty).is_empty()


def test_the_server_counts_what_it_is_asked_for(database: Database, table: str) -> None:
    """Rows, nulls and keys that repeat are counted over the whole table, whatever is sampled."""
    database.run(
        f"CREATE TABLE {table} AS SELECT CASE WHEN g % 50 > 0 THEN g % 9000 END AS k, NULLIF(g % 4, 0) AS n "
        f"FROM generate_series(1, 10000) g; ANALYZE {table}"
    )
    source = database.source(
        f"public.{table}", key=("k",), exact=("row_count", "nulls", "duplicates"), sample={"rows": 500}
    )
    sample = CONNECTOR.read(CONNECTOR.plan(source))
    frame(sample)
    told = {(fact.name, fact.columns): (fact.count, fact.of, fact.basis) for fact in sample.facts.exact}
    assert told == {
        ("row_count", ()): (10_000, None, "exact"),
        ("null_rate", ("k",)): (200, 10_000, "exact"),
        ("null_rate", ("n",)): (2_500, 10_000, "exact"),
        ("repeated_key_rate", ("k",)): (980, 9_800, "exact"),
    }
    assert (sample.facts.rows_total, sample.facts.rows_total_is) == (10_000, "exact")


@pytest.mark.slow
def test_a_sample_by_pages_is_worth_as_many_rows(database: Database, table: str) -> None:
    """In a table in order of time, of a column in that order and of one that is not: the error of a mean, over that of
    rows drawn one by one, stays under 1.5; and no more than 1,000 pages are read.
    """
    rows, wanted, seeds = 300_000, 3_000, 20
    database.run(
        f"CREATE TABLE {table} AS SELECT g AS clustered, abs(hashint8(g)) % 97 AS unclustered, "
        f"repeat('x', 60) AS filler FROM generate_series(1, {rows}) g; ANALYZE {table}"
    )
    means: dict[str, list[float]] = {"clustered": [], "unclustered": []}
    sizes = []
    for seed in range(seeds):
        plan = CONNECTOR.plan(database.source(f"public.{table}", sample=SampleRequest(wanted, seed)))
        assert len(plan.parts[0].draw.units) <= 1_000
        sample = frame(CONNECTOR.read(plan))
        sizes.append(len(sample))
        for column, told in means.items():
            told.append(float(sample[column].mean() or 0))
    for column, told in means.items():
        mean, variance = map(float, database.run(f"SELECT avg({column}), var_pop({column}) FROM {table}").split("\x1f"))
        simple = sum(variance / size for size in sizes) / seeds
        assert sum((one - mean) ** 2 for one in told) / seeds / simple < 2.4, (
            column
        )  # 20 seeds tell 1 as more than that once in 2,000


def test_a_planted_share_of_duplicates_is_found(database: Database, table: str) -> None:
    """Of 5.7 % of rows whose key stood before, a sample by the keys' hash finds 5.7 %, within a point."""
    database.run(
        f"CREATE TABLE {table} AS SELECT CASE WHEN g % 1000 < 57 THEN g - 500 ELSE g END AS key "
        f"FROM generate_series(1, 200000) g; ANALYZE {table}"
    )
    for seed in range(5):
        source = database.source(f"public.{table}", key=("key",), sample=SampleRequest(10_000, seed, "key_hash"))
        rows = frame(CONNECTOR.read(CONNECTOR.plan(source)))
        assert 1 - rows["key"].n_unique() / len(rows) == pytest.approx(0.057, abs=0.01)
