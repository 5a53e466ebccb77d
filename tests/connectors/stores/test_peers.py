"""Every store gives every kind of file, whole or in part, in the same way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from walkaround.connectors import connector_for, open_sample
from walkaround.errors import SourceError
from walkaround.model.sample import Sample
from walkaround.model.source import SampleRequest, Source

TABLE = pa.table({"id": pa.array(range(3_000)), "name": [f"name {number % 7}" for number in range(3_000)]})
ROWS = list(zip(*TABLE.to_pydict().values(), strict=True))


def source_of(peer: Any, key: str, **asked: Any) -> Source:
    known = "?known_hosts=${SFTP_KNOWN_HOSTS}" if peer.name == "sftp" else ""
    return Source("s", f"{peer.uri}/{key}{known}", sample=SampleRequest(**asked))


def rows_of(sample: Sample) -> list[tuple[Any, ...]]:
    return [row for batch in sample.batches() for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)]


def parquet(table: pa.Table = TABLE, group: int = 500) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=group)
    return out.getvalue()


def arrow() -> bytes:
    out = io.BytesIO()
    with pa.ipc.new_file(out, TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=700)
    return out.getvalue()


def csv() -> bytes:
    return b"id,name\n" + b"".join(f"{number},{name}\n".encode() for number, name in ROWS)


def ndjson() -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in TABLE.to_pylist())


KINDS: dict[str, tuple[Callable[[], bytes], str]] = {
    "t.parquet": (parquet, "parquet"),
    "t.arrow": (arrow, "arrow"),
    "t.csv": (csv, "delimited"),
    "t.ndjson": (ndjson, "ndjson"),
    "no-suffix": (parquet, "parquet"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_arrives_whole_and_again(peer: Any, name: str) -> None:
    """All rows arrive in order; reading again asks the store nothing; the requests are told."""
    write, kind = KINDS[name]
    peer.put(f"in/{name}", write())
    sample = open_sample(source_of(peer, f"in/{name}"))
    expected = [(str(number), word) for number, word in ROWS] if kind == "delimited" else ROWS
    assert rows_of(sample) == expected
    asked = sample.facts.statements
    peer.remove(f"in/{name}")
    assert rows_of(sample) == expected
    assert sample.facts.statements == asked
    assert sample.facts.kind == kind
    assert (sample.records.rows, sample.drawn.method, sample.facts.rows_total) == (3_000, "full", 3_000)
    assert any(line.startswith("GET ") for line in asked)


def test_a_pattern_is_all_its_objects(listing: Any) -> None:
    """In the order of their names, without those in folders below."""
    half = parquet(TABLE.slice(0, 1_500)), parquet(TABLE.slice(1_500))
    listing.put("in/b.parquet", half[1])
    listing.put("in/a.parquet", half[0])
    listing.put("in/below/c.parquet", half[0])
    listing.put("in/d.txt", b"no part of it")
    assert rows_of(open_sample(source_of(listing, "in/*.parquet"))) == ROWS
    assert len(rows_of(open_sample(source_of(listing, "in/**/*.parquet")))) == 4_500


def test_a_folder_is_its_parquet_files(listing: Any) -> None:
    """As on this machine, and what Spark keeps beside them is left out."""
    listing.put("in/part-0.parquet", parquet())
    listing.put("in/_temporary/part-0.parquet", parquet())
    listing.put("in/_SUCCESS", b"")
    for key in ("in", "in/"):
        assert rows_of(open_sample(source_of(listing, key))) == ROWS


def test_several_texts_are_one_table(listing: Any) -> None:
    """Texts with one name in several folders do not hide each other."""
    listing.put("in/1/t.csv", b"id,name\n1,a\n")
    listing.put("in/2/t.csv", b"id,name\n2,b\n")
    assert rows_of(open_sample(source_of(listing, "in/*/t.csv"))) == [("1", "a"), ("2", "b")]


def test_rows_are_drawn_with_a_seed(peer: Any) -> None:
    """N rows, the same ones for the same seed, in their order."""
    peer.put("t.parquet", parquet())
    drawn = rows_of(open_sample(source_of(peer, "t.parquet", rows=60)))
    assert len(drawn) == 60
    assert drawn == sorted(drawn, key=ROWS.index)
    assert rows_of(open_sample(source_of(peer, "t.parquet", rows=60))) == drawn
    assert rows_of(open_sample(source_of(peer, "t.parquet", rows=60, seed=8))) != drawn


def test_nothing_there_is_missing(peer: Any) -> None:
    """The message names the object."""
    with pytest.raises(SourceError) as caught:
        open_sample(source_of(peer, "none.csv"))
    assert caught.value.reason == "missing"
    assert "none.csv" in caught.value.message
    assert caught.value.hint


def test_an_empty_object_is_empty(peer: Any) -> None:
    """Zero bytes are no table of no rows."""
    peer.put("e.csv", b"")
    with pytest.raises(SourceError) as caught:
        open_sample(source_of(peer, "e.csv"))
    assert caught.value.reason == "empty"


def test_an_object_that_changes_between_plan_and_read_is_told(peer: Any) -> None:
    """Of a typed file, and of a text: what the plan saw is what is read, or nothing is."""
    for key, content, other in (
        ("t.parquet", parquet(), parquet(TABLE.slice(1))),
        ("t.csv", csv(), csv().replace(b"name 1", b"name 2") + b"3,x\n"),
    ):
        peer.put(key, content)
        source = source_of(peer, key)
        plan = connector_for(source).plan(source)
        peer.put(key, other)
        with pytest.raises(SourceError) as caught:
            rows_of(connector_for(source).read(plan))
        assert caught.value.reason == "changed", key
        assert key in caught.value.message


def test_a_plan_reads_no_rows(listing: Any) -> None:
    """It names objects, sizes and columns; of a typed file only the footer travels."""
    wide = pa.table({"id": pa.array(range(400_000))})
    listing.put("big.parquet", parquet(wide, 50_000))
    source = source_of(listing, "big.parquet")
    plan = connector_for(source).plan(source)
    assert (plan.facts.rows_total, plan.facts.columns[0].name, plan.rows) == (400_000, "id", 200_000)
    fetched = [line.rsplit(" ", 1)[1].split("-") for line in plan.facts.statements if " bytes " in line]
    assert sum(int(last) - int(first) + 1 for first, last in fetched) < 100_000 < (plan.facts.bytes or 0)
    assert "big.parquet" in str(plan)
    assert plan.steps


def test_rubbish_is_a_clear_error(peer: Any) -> None:
    """Random bytes under the name of a typed kind, and a file that was cut off."""
    for key, content, reason in (
        ("r.parquet", bytes(range(256)) * 20, "not_what_it_says"),
        ("r.arrow", bytes(range(256)) * 20, "not_what_it_says"),
        ("cut.parquet", parquet()[:-100], "truncated"),
    ):
        peer.put(key, content)
        with pytest.raises(SourceError) as caught:
            rows_of(open_sample(source_of(peer, key)))
        assert caught.value.reason == reason, key


def test_names_with_signs_are_read(listing: Any) -> None:
    """Blanks, letters beyond ASCII, plus and hash."""
    for name in ("a b.csv", "é+ü.csv", "n#1.csv"):
        listing.put(f"in/{name}", b"id,name\n1,a\n")
        assert rows_of(open_sample(source_of(listing, f"in/{name}"))) == [("1", "a")], name


def test_nothing_of_a_secret_is_shown(peer: Any, tmp_path: Path) -> None:
    """Neither in plans, facts and errors nor in their representation."""
    peer.put("t.csv", csv())
    source = source_of(peer, "t.csv")
    plan = connector_for(source).plan(source)
    sample = connector_for(source).read(plan)
    rows_of(sample)
    with pytest.raises(SourceError) as caught:
        open_sample(source_of(peer, "none.csv"))
    told = f"{plan} {plan!r} {sample.facts!r} {caught.value!r} {caught.value.message} {caught.value.hint}"
    for secret in ("canary5ecretK3y", "canaryaccess", "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"):
        assert secret not in told
    assert str(tmp_path) not in sample.facts.statements
