"""BigQuery by Google's own client, on an HTTP server that answers as its API is documented to. Skipped without it."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from walkaround.connectors.address import address_of
from walkaround.connectors.bigquery import CONNECTOR
from walkaround.connectors.sql.connector import limits_of
from walkaround.model.source import SampleRequest, Source

pytest.importorskip("google.cloud.bigquery", reason="needs walkaround[bigquery]")

FIELDS = [
    {"name": "id", "type": "INTEGER"},
    {"name": "amount", "type": "NUMERIC", "precision": "12", "scale": "2"},
    {"name": "score", "type": "FLOAT"},
    {"name": "born", "type": "DATE"},
]
ANSWERED = [("c0", "INTEGER"), ("c1", "STRING"), ("c2", "FLOAT"), ("c3", "DATE")]
JOB = {"projectId": "billing", "jobId": "j", "location": "EU"}
SOURCE = Source("s", "bigquery://billing/crm?location=EU", "crm.orders", key=("id",), sample=SampleRequest(rows=500))


class Api:
    """The API's answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def answer(self, verb: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and content."""
        self.asked.append((verb, path, body))
        if verb == "POST" and path.endswith("/jobs"):
            held = {
                "totalBytesProcessed": "4194304",
                "query": {"statementType": "SELECT", "totalBytesProcessed": "4194304"},
            }
            state = {"jobReference": JOB, "status": {"state": "DONE"}, "statistics": held}
            return 200, {**state, "configuration": body["configuration"]}
        if path.endswith("/cancel"):
            return 200, {"job": {"jobReference": JOB, "status": {"state": "DONE"}}}
        if path.endswith("/tables"):
            reference = {"projectId": "billing", "datasetId": "crm", "tableId": "orders"}
            return 200, {"tables": [{"tableReference": reference, "id": "billing:crm.orders"}]}
        if path.endswith("/tables/orders"):
            reference = {"projectId": "billing", "datasetId": "crm", "tableId": "orders"}
            size = {"type": "TABLE", "numRows": "1000000", "numBytes": "80000000"}
            return 200, {**size, "schema": {"fields": FIELDS}, "tableReference": reference}
        if "/queries/" in path:
            rows = [["1", "12.50", "1.5", "2024-01-03"], ["2", None, None, None]]
            return 200, {
                "jobComplete": True, "jobReference": JOB, "totalRows": "2",
                "schema": {"fields": [{"name": name, "type": kind} for name, kind in ANSWERED]},
                "rows": [{"f": [{"v": value} for value in row]} for row in rows],
            }  # fmt: skip
        return 404, {"error": {"code": 404, "message": "Not found", "errors": [{"reason": "notFound"}]}}


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """The API on a port of its own; the client is sent there by Google's variable for emulators."""
    import google.auth  # noqa: PLC0415 - there only where the client is
    from google.auth.credentials import AnonymousCredentials  # noqa: PLC0415

    made = Api()

    class Handler(BaseHTTPRequestHandler):
        """Answers with JSON."""

        def log_message(self, *arguments: Any) -> None:
            """Says nothing."""

        def _reply(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            code, told = made.answer(self.command, self.path.partition("?")[0], body)
            content = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _reply  # noqa: N815 - names of the library

    monkeypatch.setattr(google.auth, "default", lambda **_: (AnonymousCredentials(), "billing"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def test_rows_arrive_and_their_price_is_known_before(api: Api) -> None:
    """The plan has the bytes of the dry run; each job has label, time limit and the budget of bytes."""
    plan = CONNECTOR.plan(SOURCE)
    assert plan.cost == ("one full scan of id", "4,194,304 bytes billed, as a dry run tells")
    sample = CONNECTOR.read(plan)
    rows = [row for batch in sample.batches() for row in batch.to_pylist()]
    first = {"id": 1, "amount": Decimal("12.50"), "score": 1.5, "born": dt.date(2024, 1, 3)}
    assert rows == [first, {"id": 2, "amount": None, "score": None, "born": None}]
    jobs = [body["configuration"] for verb, path, body in api.asked if path.endswith("/jobs")]
    assert [job.get("dryRun") for job in jobs] == [True, False]
    assert {job["query"]["maximumBytesBilled"] for job in jobs} == {str(2 << 30)}
    assert {(job["jobTimeoutMs"], job["labels"]["application"]) for job in jobs} == {("300000", "walkaround")}


def test_a_job_that_is_left_is_cancelled(api: Api) -> None:
    """By a request of the API."""
    session = CONNECTOR.dialect.connect(address_of(SOURCE), limits_of(SOURCE))
    stream = session.stream(CONNECTOR.plan(SOURCE).steps[0])
    next(stream)
    stream.close()
    session.close()
    assert api.asked[-1][:2] == ("POST", "/bigquery/v2/projects/billing/jobs/j/cancel")


def test_a_table_that_is_not_there_is_missing(api: Api) -> None:
    """404 is told as such."""
    del api
    (problem,) = CONNECTOR.check(Source("s", SOURCE.uri, "crm.nope"))
    assert problem.reason == "missing"
