"""What stores are read with: files by ranges, patterns of names, row groups drawn within a budget, options."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from walkaround.connectors import connector_for
from walkaround.connectors.address import Address, without_secrets
from walkaround.connectors.stores.clouds import _profile
from walkaround.connectors.stores.groups import pick_groups, travelling
from walkaround.connectors.stores.ranged import FURTHEST, LEAST, WINDOWS, RangedFile
from walkaround.connectors.stores.target import matcher, target_of
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import STRATUM, UNIT
from walkaround.model.source import SampleRequest, Source


def target(uri: str) -> Any:
    return target_of("s", Address(uri, without_secrets(uri)))


def test_a_ranged_file_is_the_file() -> None:
    """Wherever it is read, and however little of it is remembered."""
    chance = random.Random(3)
    content = chance.randbytes(3_000_000)
    fetched: list[tuple[int, int]] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append((start, end))
        return content[start:end]

    far, near = RangedFile(len(content), fetch), io.BytesIO(content)
    for _ in range(400):
        place, size = chance.randrange(len(content) + 10), chance.choice([0, 1, 100, 5_000, 600_000, -1])
        far.seek(place), near.seek(place)
        assert far.read(size) == near.read(size)
        assert far.tell() == near.tell()
    assert far.seek(-10, io.SEEK_END) == len(content) - 10
    assert far.seek(3, io.SEEK_CUR) == len(content) - 7
    assert far.read() == content[-7:]
    assert all(0 <= start < end <= len(content) for start, end in fetched)
    assert len(far._windows) <= WINDOWS


def test_who_reads_on_is_given_more_at_once() -> None:
    """Each request twice as large as the one before, up to a bound; who jumps is given the least."""
    size = 40 << 20
    fetched: list[int] = []

    def fetch(start: int, end: int) -> bytes:
        fetched.append(end - start)
        return bytes(end - start)

    file = RangedFile(size, fetch)
    while file.read(10_000):
        pass
    assert fetched[:4] == [LEAST, 2 * LEAST, 4 * LEAST, 8 * LEAST]
    assert max(fetched) == FURTHEST
    assert sum(fetched) == size
    file.seek(1_000_000)
    file.read(1)
    assert fetched[-1] == LEAST


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("a/*.csv", ["a/b.csv", "a/.csv"], ["a/b/c.csv", "b/a/b.csv", "a/b.csv.gz"]),
        ("a/**/*.csv", ["a/b.csv", "a/b/c.csv", "a/b/c/d.csv"], ["a.csv"]),
        ("a/day=2026-0[1-3]-??/*", ["a/day=2026-02-11/x"], ["a/day=2026-04-11/x", "a/day=2026-02-1/x"]),
        ("[!a]*", ["b", "bc"], ["a", "ab"]),
        ("a+b(1).csv*", ["a+b(1).csv", "a+b(1).csv.gz"], ["aab(1).csv"]),
        ("a[", ["a["], ["a"]),
    ],
)
def test_patterns_of_names(pattern: str, yes: list[str], no: list[str]) -> None:
    """As a shell has them: `*` and `?` stay within a folder."""
    assert [name for name in yes + no if matcher(pattern).fullmatch(name)] == yes


def test_uris_name_stores() -> None:
    """Bucket, key and options; a `?` that no option follows is part of a pattern."""
    s3 = target("s3://bucket/a/part-?.parquet?region=eu-west-1")
    assert (s3.service, s3.place, s3.key, s3.options) == ("s3", "bucket", "a/part-?.parquet", {"region": "eu-west-1"})
    assert (s3.is_pattern, s3.folder, s3.name("a/x")) == (True, "a", "s3://bucket/a/x")
    lake = target("abfss://raw@account.dfs.core.windows.net/in/x.csv")
    assert (lake.service, lake.place, lake.key, lake.options) == ("azure", "raw", "in/x.csv", {"account": "account"})
    files = target("sftp://ana:pw-canary@host:2222/in/a%20b.csv")
    assert (files.key, files.name("in/x"), "canary" in repr(files)) == ("in/a b.csv", "sftp://host:2222/in/x", False)
    page = target("https://ana:pw-canary@host/a/export.csv?id=7&sig=canary")
    assert (page.name(page.key), page.is_pattern, "canary" in repr(page)) == ("https://host/a/export.csv", False, False)


@dataclass(frozen=True)
class Fake:
    """A file as drawing sees it."""

    groups: tuple[tuple[int, int], ...]
    size: int

    @property
    def state(self) -> Any:
        """Its size."""
        return SimpleNamespace(size=self.size)


def test_row_groups_are_drawn_within_the_budget_and_without_favour() -> None:
    """Over 2,000 seeds each row of groups of unlike size has the same chance within four standard errors; never more
    bytes than allowed, and always the rows that were asked for.
    """
    counts = [1_000, 3_000, 500, 2_000, 1_500, 4_000, 800, 1_200, 2_500, 3_500]
    files: Any = [
        Fake(tuple((rows, rows * 10) for rows in counts[:4]), sum(counts[:4])),
        Fake(tuple((rows, rows * 10) for rows in counts[4:]), sum(counts[4:])),
    ]
    sizes, drawn, seeds = travelling(files), Counter[int](), 4_000
    assert sizes.tolist() == pytest.approx(counts)
    for seed in range(seeds):
        picks = pick_groups(files, 200, 10_000, seed)
        assert sizes[[pick.unit for pick in picks]].sum() <= 10_000
        assert sum(pick.rows for pick in picks) == 200
        assert [pick.stratum for pick in picks] == sorted({pick.stratum for pick in picks})
        for pick in picks:
            assert pick.rows <= counts[pick.unit]
            drawn[pick.unit] += pick.rows
    share = np.array([drawn[unit] for unit in range(len(counts))]) / (200 * seeds)
    truth = np.array(counts) / sum(counts)
    assert np.abs(share - truth).max() < 0.014
    assert pick_groups(files, 200, 10_000, 5) == pick_groups(files, 200, 10_000, 5)
    assert pick_groups(files, 200, 1_000, 5) == ()


def file_with_order(rows: int = 200_000, group: int = 5_000) -> bytes:
    """Sorted, so that row groups are unlike each other; of about 80 kB each."""
    noise = np.random.default_rng(1).random(rows)
    late = [number >= rows * 0.7 for number in range(rows)]
    out = io.BytesIO()
    table = pa.table({"at": pa.array(range(rows)), "late": pa.array(late), "noise": pa.array(noise)})
    pq.write_table(table, out, row_group_size=group)
    return out.getvalue()


def test_a_part_of_the_row_groups_says_which_units_it_came_from(s3_peer: Any) -> None:
    """Where all bytes are more than reading may cost: hidden columns name unit and stratum of each row, the bytes that
    travel are within the budget but for footers, and a share of a sorted table is near the truth.
    """
    content = file_with_order()
    for half in ("a", "b"):
        s3_peer.put(f"t/{half}.parquet", content)
    budget = len(content)
    source = Source("s", f"{s3_peer.uri}/t/*.parquet", sample=SampleRequest(rows=2_000, max_bytes=budget))
    plan = connector_for(source).plan(source)
    assert "of 80 row groups" in plan.cost[0]
    sample = connector_for(source).read(plan)
    table = pa.Table.from_batches(list(sample.batches()))
    asked = [line.rsplit(" ", 1)[1].split("-") for line in sample.facts.statements if line.startswith("GET")]
    assert sum(int(last) - int(first) + 1 for first, last in asked) < budget + 3 * (64 << 10)
    assert table.equals(pa.Table.from_batches(list(connector_for(source).read(plan).batches())))
    assert table.schema.names == ["at", "late", "noise", UNIT, STRATUM]
    assert (table.num_rows, sample.facts.rows_total, sample.facts.rows_total_is) == (2_000, 400_000, "exact")
    assert (sample.drawn.method, sample.drawn.rows, sample.drawn.fraction) == ("row_groups", 2_000, 0.005)
    assert all(row["at"] // 5_000 == row[UNIT] % 40 for row in table.to_pylist())
    strata = table[STRATUM].to_pylist()
    assert strata == sorted(strata)
    assert 30 <= len(set(strata)) == len(set(table[UNIT].to_pylist())) <= 40
    assert abs(sum(table["late"].to_pylist()) / 2_000 - 0.3) < 0.03
    assert any("row groups were read" in note for note in sample.facts.notes)


def test_all_rows_are_not_read_in_part(s3_peer: Any) -> None:
    """Who asks for everything, and may not have it, is told."""
    s3_peer.put("t.parquet", file_with_order())
    source = Source("s", f"{s3_peer.uri}/t.parquet", sample=SampleRequest(rows="full", max_bytes=10_000))
    with pytest.raises(SourceError) as caught:
        connector_for(source).plan(source)
    assert caught.value.reason == "budget"


def test_keys_are_found_in_the_files_of_the_cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the default profile, of one that is named; one without keys is an error that says what to do."""
    (tmp_path / "credentials").write_text(
        "[default]\naws_access_key_id=a\naws_secret_access_key=b\n[etl]\naws_access_key_id=c\naws_secret_access_key=d\n"
        "aws_session_token=e\n"
    )
    (tmp_path / "config").write_text("[default]\nregion=eu-west-1\n[profile sso]\nsso_session=x\nregion=eu-west-3\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert _profile(None) == {"access_key_id": "a", "secret_access_key": "b", "region": "eu-west-1"}
    assert _profile("etl") == {"access_key_id": "c", "secret_access_key": "d", "session_token": "e"}
    with pytest.raises(UsageError, match="sso") as caught:
        _profile("sso")
    assert "export-credentials" in caught.value.hint


@pytest.mark.parametrize("budget", [None, 350_000])
def test_folders_say_what_their_rows_have_in_common(s3_peer: Any, budget: int | None) -> None:
    """As in folders of this machine: keys become columns of text, the default partition is null."""
    for place, shop in enumerate(("a%2Fb", "c", "__HIVE_DEFAULT_PARTITION__")):
        s3_peer.put(f"sales/year=202{place}/shop={shop}/part-0.parquet", file_with_order(20_000, 1_000))
    asked = SampleRequest(rows=600 if budget else "full", max_bytes=budget)
    source = Source("s", f"{s3_peer.uri}/sales/", sample=asked)
    sample = connector_for(source).read(connector_for(source).plan(source))
    assert [column.name for column in sample.facts.columns] == ["at", "late", "noise", "year", "shop"]
    table = pa.Table.from_batches(list(sample.batches()))
    assert Counter(zip(table["year"].to_pylist(), table["shop"].to_pylist(), strict=True)).keys() == {
        ("2020", "a/b"),
        ("2021", "c"),
        ("2022", None),
    }
    assert (UNIT in table.schema.names, table.num_rows) == (budget is not None, 600 if budget else 60_000)
    assert sample.facts.kind == "hive"
    s3_peer.put("sales/month=1/part-0.parquet", file_with_order(1_000))
    with pytest.raises(SourceError, match="partitioned by"):
        connector_for(source).plan(source)
