"""MongoDB, by the real client, on a server that speaks its wire protocol."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from walkaround.connectors.mongodb import CONNECTOR
from walkaround.errors import SourceError, UsageError
from walkaround.model.source import SampleRequest, Source

bson = pytest.importorskip("bson", reason="needs pymongo")

_spec = importlib.util.spec_from_file_location("mongo_server", Path(__file__).with_name("mongo_server.py"))
assert _spec is not None
assert _spec.loader is not None
mongo_server = importlib.util.module_from_spec(_spec)
sys.modules["mongo_server"] = mongo_server
_spec.loader.exec_module(mongo_server)

DOCUMENTS = [
    {
        "_id": bson.ObjectId(f"{number:024x}"), "name": f"n{number}", "age": number if number % 3 else None,
        "born": dt.datetime(2024, 1, 3, 10, 0, 0, 125_000, tzinfo=dt.UTC), "total": bson.Decimal128("12.50"),
        "tags": ["a", "b"], "at": {"city": "Porto"}, "big": bson.Int64(1 << 60),
    }
    for number in range(2_500)
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[Any]:
    with mongo_server.mongo({"customers": DOCUMENTS, "system.views": [], "orders": []}) as made:
        yield made


def source(server: Any, table: str | None = "customers", query: str = "", **request: Any) -> Source:
    uri = f"mongodb://127.0.0.1:{server.port}/crm{query}"
    return Source("s", uri, table, sample=SampleRequest(**request))


def test_a_collection_is_read_whole(server: Any) -> None:
    """Each field is a column; what JSON has no word for is text, nested documents are kept."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(server)))
    rows = [row for batch in sample.batches() for row in batch.to_pylist()]
    assert len(rows) == 2_500
    assert rows[1]["_id"] == "000000000000000000000001"
    assert (rows[1]["name"], rows[1]["age"], rows[0]["age"]) == ("n1", 1, None)
    assert (rows[1]["born"], rows[1]["total"], rows[1]["big"]) == ("2024-01-03T10:00:00.125000+00:00", "12.50", 1 << 60)
    assert (sample.drawn.method, sample.drawn.rows, sample.facts.rows_total_is) == ("full", 2_500, "exact")
    before = sample.fingerprint
    assert sum(batch.num_rows for batch in sample.batches()) == 2_500
    assert sample.fingerprint == before
    assert len(server.sent("aggregate")) == 1


def test_documents_are_drawn_by_the_hash_of_their_id(server: Any) -> None:
    """The pipeline has the seed in it and no $sample, and what is printed is what is sent."""
    plan = CONNECTOR.plan(source(server, rows=500, seed=7))
    assert plan.method == "rows"
    sample = CONNECTOR.read(plan)
    list(sample.batches())
    (command,) = server.sent("aggregate")
    printed = json.loads("[" + plan.steps[0].partition(".aggregate(")[2].removesuffix(")") + "]")
    assert printed[0] == command["pipeline"]
    assert "|7" in plan.steps[0]
    assert "$sample" not in plan.steps[0]
    assert {key: command[key] for key in ("maxTimeMS", "comment")} == {"maxTimeMS": 300_000, "comment": "walkaround"}
    assert sample.facts.statements[-1] == plan.steps[0]
    share = command["pipeline"][0]["$match"]["$expr"]["$lt"][1]
    assert share == (1 << 20) * 500 // 2_500


def test_nothing_is_written(server: Any) -> None:
    """The commands are those that count, list, read and leave."""
    list(CONNECTOR.read(CONNECTOR.plan(source(server))).batches())
    assert list(CONNECTOR.datasets(source(server))) == ["customers", "orders"]
    assert {next(iter(command)) for command in server.commands} <= {
        "count", "listCollections", "aggregate", "getMore", "killCursors", "endSessions",
    }  # fmt: skip


def test_a_budget_ends_the_cursor_on_the_server(server: Any) -> None:
    """Reading stops at its bytes, the cursor is killed, and the sample says that it is none of chance."""
    sample = CONNECTOR.read(CONNECTOR.plan(source(server, max_bytes=1_000)))
    rows = sum(batch.num_rows for batch in sample.batches())
    assert 0 < rows < 100
    assert (sample.drawn.method, sample.drawn.probability) == ("first", False)
    assert any("budget of 1,000 bytes" in note for note in sample.facts.notes)
    assert server.sent("killCursors")


@pytest.mark.parametrize(
    ("command", "refusal", "reason"),
    [
        ("count", {"code": 13, "codeName": "Unauthorized", "errmsg": "not authorized on crm"}, "denied"),
        ("count", {"code": 18, "codeName": "AuthenticationFailed", "errmsg": "Authentication failed."}, "login"),
        ("aggregate", {"code": 50, "codeName": "MaxTimeMSExpired", "errmsg": "operation exceeded"}, "timeout"),
        ("aggregate", {"code": 168, "codeName": "InvalidPipelineOperator", "errmsg": "Unrecognized"}, "unreadable"),
    ],
)  # fmt: skip
def test_faults_have_reasons(server: Any, command: str, refusal: dict[str, Any], reason: str) -> None:
    """What the server refuses is put under its reason, and asked once."""
    server.refuses = {command: refusal}
    with pytest.raises(SourceError) as caught:
        list(CONNECTOR.read(CONNECTOR.plan(source(server, rows=500))).batches())
    assert caught.value.reason == reason
    assert caught.value.hint
    assert len(server.sent(command)) == 1


def test_a_missing_collection_is_missing(server: Any) -> None:
    """Its count is 0, as that of an empty one; it is told from it by the list."""
    (problem,) = CONNECTOR.check(source(server, "nope"))
    assert problem.reason == "missing"
    with pytest.raises(SourceError) as caught:
        list(CONNECTOR.read(CONNECTOR.plan(source(server, "orders"))).batches())
    assert caught.value.reason == "empty"


def test_a_server_that_is_not_there_is_unreachable(server: Any) -> None:
    """Within the time limit of the connection."""
    asked = Source("s", "mongodb://ana:can4ry-s3cret@127.0.0.1:9/crm?serverSelectionTimeoutMS=200", "customers")
    del server
    (problem,) = CONNECTOR.check(asked)
    assert problem.reason == "unreachable"
    assert "can4ry" not in f"{problem.message}{problem.hint}"


def test_a_method_that_is_not_offered_is_a_usage_error(server: Any) -> None:
    """Pages and ranges are no words of MongoDB."""
    with pytest.raises(UsageError, match="cannot be sampled by pages"):
        CONNECTOR.plan(source(server, rows=500, method="pages"))


def test_the_client_is_asked_for(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra that brings it."""
    monkeypatch.setitem(sys.modules, "pymongo", None)
    (problem,) = CONNECTOR.check(source(server))
    assert (problem.reason, problem.hint) == ("driver", "pip install 'walkaround[mongodb]'")
