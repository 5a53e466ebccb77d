"""APIs, read page by page through dlt, from a web server of the tests."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import pytest

from walkaround.connectors import connector_for, open_sample
from walkaround.errors import SourceError, UsageError
from walkaround.model.source import SampleRequest, Source

if importlib.util.find_spec("dlt") is None:
    pytest.skip("needs the extra rest", allow_module_level=True)

CANARY = "Kanarie7yellow"
PAGE = 10


@dataclass
class Answer:
    """What the server sends."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Api:
    """A web server whose answers a test writes; `asked` is what came, path and headers."""

    answer: Callable[[str, dict[str, str]], Answer] = lambda path, query: Answer([])  # noqa: ARG005 - of any request
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @property
    def host(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for."""
        return [path for _, path, _ in self.asked]


@pytest.fixture
def api() -> Iterator[Api]:
    """A server of one test."""
    held = Api()

    class Handler(BaseHTTPRequestHandler):
        protocol_version: ClassVar[str] = "HTTP/1.1"

        def do_GET(self) -> None:
            held.asked.append((self.command, self.path, {name.lower(): text for name, text in self.headers.items()}))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            answer = held.answer(parts.path, dict(parse_qsl(parts.query)))
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, text in {
                "Content-Length": str(len(body)),
                "Content-Type": "application/json",
                **answer.headers,
            }.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)
            if answer.headers.get("Connection") == "close":
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the name that the class calls

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield held
        server.shutdown()
        thread.join()


def customers(count: int, api: Api, *, start: int = 0) -> Callable[[str, dict[str, str]], Answer]:
    """So many customers, ten a page, with a link to the next."""

    def answer(path: str, query: dict[str, str]) -> Answer:
        page = int(query.get("page", "1"))
        first = start + (page - 1) * PAGE
        rows = [{"id": number, "city": {"name": "Bern"}} for number in range(first, min(first + PAGE, start + count))]
        more = page * PAGE < count
        link = {"Link": f'<http://{api.host}{path}?page={page + 1}>; rel="next"'} if more else {}
        return Answer(rows, headers=link)

    return answer


def endpoint(api: Api, path: str = "/v1/customers", **sample: Any) -> Source:
    return Source("crm", f"rest+http://{api.host}{path}", sample=SampleRequest(**sample))


def described(api: Api, folder: Path, resource: str = "", /, text: str = "", client: str = "", **sample: Any) -> Source:
    """A file that describes the API, with the endpoint of customers unless `text` says otherwise."""
    path = folder / "shop.yaml"
    endpoints = text or "  - name: customers\n    endpoint: {path: customers}\n"
    path.write_text(f"client:\n  base_url: http://{api.host}/v1/\n{client}resources:\n{endpoints}", encoding="utf-8")
    mark = f"#{resource}" if resource else ""
    return Source("crm", f"dlt:///{path}{mark}", sample=SampleRequest(**sample))


def rows(source: Source) -> list[dict[str, Any]]:
    return [row for batch in open_sample(source).batches() for row in batch.to_pylist()]


def test_pages_are_followed_to_the_last(api: Api) -> None:
    """Read whole it is everything, counted, and objects within objects are JSON."""
    api.answer = customers(35, api)
    sample = open_sample(endpoint(api))
    held = [row for batch in sample.batches() for row in batch.to_pylist()]
    assert [row["id"] for row in held] == list(range(35))
    assert held[0]["city"] == '{"name":"Bern"}'
    assert (sample.drawn.method, sample.drawn.fraction, sample.facts.rows_total_is) == ("full", 1.0, "exact")
    assert sample.facts.kind == "rest"
    assert [(column.name, column.type) for column in sample.facts.columns] == [("id", "int64"), ("city", "string")]


def test_pages_that_are_counted_otherwise_are_not_taken_for_the_whole(api: Api) -> None:
    """Page 0 and page 1 are the same here, the fifth would never come: no row is read twice, and it is said."""

    def answer(_path: str, query: dict[str, str]) -> Answer:
        page = max(1, int(query.get("page", "1")))
        items = [{"id": number} for number in range((page - 1) * PAGE, page * PAGE)]
        return Answer({"items": items, "page": page, "total_pages": 5})

    api.answer = answer
    sample = open_sample(endpoint(api, rows="full"))
    assert [row["id"] for batch in sample.batches() for row in batch.to_pylist()] == list(range(10))
    assert (sample.drawn.method, sample.drawn.probability) == ("first", False)
    assert any("the same page came again" in note for note in sample.facts.notes)


def test_the_first_rows_are_flagged_and_cost_no_further_request(api: Api) -> None:
    """Nothing is inferred from the first 15 rows, for which two pages are asked, after the one of the plan."""
    api.answer = customers(1000, api)
    sample = open_sample(endpoint(api, rows=15))
    assert sum(batch.num_rows for batch in sample.batches()) == 15
    assert (sample.drawn.method, sample.drawn.probability, sample.drawn.rows) == ("first", False, 15)
    assert sample.facts.rows_total is None
    assert api.paths == ["/v1/customers", "/v1/customers", "/v1/customers?page=2"]


def test_every_request_is_in_the_report(api: Api) -> None:
    """In the order in which they were sent, the one of the plan first."""
    api.answer = customers(25, api)
    sample = open_sample(endpoint(api, "/v1/customers?region=west"))
    sample.fetch()
    address = f"http://{api.host}/v1/customers"
    assert sample.facts.statements == (
        f"GET {address}?region=west", f"GET {address}?region=west", f"GET {address}?page=2", f"GET {address}?page=3",
    )  # fmt: skip
    assert len(api.asked) == 4


def test_a_plan_asks_once_and_reads_no_row(api: Api) -> None:
    """Whether the API lets us in is known; what it would give is not looked at."""
    api.answer = lambda *_: Answer(b"this is no JSON")
    source = endpoint(api, rows=100)
    plan = connector_for(source).plan(source)
    assert plan.steps == (f"GET http://{api.host}/v1/customers, and the pages that follow",)
    assert plan.cost == ("as many requests as 100 rows need",)
    assert len(api.asked) == 1


def test_rows_in_an_envelope_are_found_or_named(api: Api) -> None:
    """Dlt finds the list of rows; a fragment names it where there are several."""
    api.answer = lambda *_: Answer({"meta": {"n": 2}, "data": {"old": [{"id": 9}], "new": [{"id": 1}, {"id": 2}]}})
    assert rows(endpoint(api, "/v1/customers#data.new")) == [{"id": 1}, {"id": 2}]


def test_numbers_keep_their_digits(api: Api) -> None:
    """1.10 stays 1.10 where its column becomes text, and a whole number beyond 64 bits stays whole."""
    api.answer = lambda *_: Answer(b'[{"a": 1.10, "n": 12345678901234567890123}, {"a": "x", "n": 1}]')
    assert rows(endpoint(api)) == [{"a": "1.10", "n": "12345678901234567890123"}, {"a": "x", "n": "1"}]


@pytest.mark.parametrize(("status", "reason"), [(401, "login"), (403, "denied"), (404, "missing")])
def test_a_refusal_is_asked_once(api: Api, status: int, reason: str) -> None:
    """Who is not let in does not try again."""
    api.answer = lambda *_: Answer({}, status)
    with pytest.raises(SourceError, match=f"status {status}") as caught:
        open_sample(endpoint(api))
    assert caught.value.reason == reason
    assert len(api.asked) == 1


def test_a_busy_api_is_given_the_time_that_it_asks_for(api: Api) -> None:
    """429 with Retry-After is waited for, and the rows come."""
    times: list[float] = []

    def answer(path: str, query: dict[str, str]) -> Answer:
        times.append(time.monotonic())
        busy = len(times) == 2
        return Answer({}, 429, {"Retry-After": "1"}) if busy else customers(5, api)(path, query)

    api.answer = answer
    assert len(rows(endpoint(api))) == 5
    assert 0.95 <= times[2] - times[1] < 5


def test_no_longer_than_the_budget(api: Api) -> None:
    """An API that wants to be left alone for an hour is left alone, and the finding says so."""
    api.answer = lambda *_: Answer({}, 429, {"Retry-After": "3600"})
    with pytest.raises(SourceError, match="fewer requests") as caught:
        open_sample(endpoint(api, max_seconds=5))
    assert caught.value.reason == "throttled"
    assert len(api.asked) == 1


def test_a_server_that_fails_once_is_asked_again(api: Api) -> None:
    """500 may pass."""

    def answer(path: str, query: dict[str, str]) -> Answer:
        return Answer({}, 500) if len(api.asked) == 2 else customers(15, api)(path, query)

    api.answer = answer
    assert len(rows(endpoint(api))) == 15


def test_a_server_that_fails_in_the_middle_leaves_nothing(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the pages are no sample: the source could not be read, and no file is left."""
    monkeypatch.setattr("walkaround.connectors.rest.reading.spooled", lambda suffix: tmp_path / f"kept{suffix}")
    monkeypatch.setattr("walkaround.connectors.rest.visit.PAUSE", 0.01)
    api.answer = lambda path, query: Answer({}, 500) if "page" in query else customers(30, api)(path, query)
    sample = open_sample(endpoint(api))
    with pytest.raises(SourceError, match="status 500") as caught:
        sample.fetch()
    assert caught.value.reason == "unreachable"
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_is_cut_off_is_no_row(api: Api) -> None:
    """JSON that ends in the middle is an error, not fewer rows; and its words hold none of it."""
    api.answer = lambda *_: Answer(b'[{"id": 1}, {"id": 2}, {"name": "Muel')
    with pytest.raises(SourceError, match="not valid JSON") as caught:
        rows(endpoint(api))
    assert caught.value.reason == "unreadable"
    assert "Muel" not in caught.value.message + caught.value.hint


def test_a_connection_that_breaks_is_made_anew(api: Api) -> None:
    """Fewer bytes than were announced came: they are asked for again."""

    def answer(path: str, query: dict[str, str]) -> Answer:
        good = customers(5, api)(path, query)
        cut = {"Content-Length": "9999", "Connection": "close"} if len(api.asked) == 2 else {}
        return Answer(good.body, headers=cut)

    api.answer = answer
    assert len(rows(endpoint(api))) == 5
    assert len(api.asked) == 3


def test_a_server_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closed port is told."""
    monkeypatch.setattr("walkaround.connectors.rest.visit.PAUSE", 0.01)
    source = Source("crm", "rest+http://127.0.0.1:1/v1/customers")
    with pytest.raises(SourceError, match="could not be reached") as caught:
        open_sample(source)
    assert caught.value.reason == "unreachable"


def test_a_budget_of_bytes_ends_reading(api: Api) -> None:
    """What came until then is a beginning, and a note says why there is no more."""
    api.answer = customers(1000, api)
    sample = open_sample(endpoint(api, rows="full", max_bytes=1_500))
    held = sum(batch.num_rows for batch in sample.batches())
    assert 10 <= held < 60
    assert (sample.drawn.method, sample.drawn.probability) == ("first", False)
    assert "reading stopped at its budget of 1,500 bytes" in sample.facts.notes


def test_an_answer_larger_than_the_budget_is_refused(api: Api) -> None:
    """There is no row before the budget is spent, so there is nothing to judge."""
    api.answer = lambda *_: Answer([{"id": number} for number in range(100_000)])
    with pytest.raises(SourceError, match="no row came before") as caught:
        rows(endpoint(api, max_bytes=100_000))
    assert caught.value.reason == "budget"


def test_no_rows_is_a_finding(api: Api) -> None:
    """An API that gives an empty list is empty, not perfect."""
    with pytest.raises(SourceError, match="gave no rows") as caught:
        rows(endpoint(api))
    assert caught.value.reason == "empty"


def test_the_next_page_may_not_be_somebody_elses(api: Api) -> None:
    """A link to another host gets neither a request nor our login."""
    link = {"Link": '<http://127.0.0.2:9/v1/customers?page=2>; rel="next"'}
    api.answer = lambda *_: Answer([{"id": 1}], headers=link)
    with pytest.raises(SourceError, match="another host"):
        rows(endpoint(api))


def test_keys_of_rows_that_an_api_puts_into_addresses_are_not_listed(api: Api, tmp_path: Path) -> None:
    """A cursor, and the id in the path of a resource that hangs on another, are open places in the report."""
    text = (
        "  - name: customers\n    endpoint: {path: customers}\n"
        "  - name: orders\n    endpoint: {path: 'customers/{resources.customers.id}/orders', params: {state: open}}\n"
    )

    def answer(path: str, query: dict[str, str]) -> Answer:
        if path.endswith("orders"):
            cursor = (
                {}
                if query.get("after")
                else {"Link": f'<http://{api.host}{path}?state=open&after=K900001>; rel="next"'}
            )
            return Answer([{"order": path}], headers=cursor)
        return customers(2, api, start=700_001)(path, query)

    api.answer = answer
    sample = open_sample(described(api, tmp_path, "orders", text=text))
    assert sum(batch.num_rows for batch in sample.batches()) == 4
    told = "\n".join(sample.facts.statements)
    assert f"GET http://{api.host}/v1/customers/{{resources.customers.id}}/orders?state=open&after=*" in told
    assert "70000" not in told
    assert "K900001" not in told


def test_a_token_of_a_file_comes_from_the_environment(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reaches the API, and nothing that is printed."""
    monkeypatch.setenv("SHOP_TOKEN", CANARY)
    api.answer = lambda *_: Answer([{"id": 1}])
    client = "  auth: {type: bearer, token: '${SHOP_TOKEN}'}\n  headers: {X-Tenant: acme}\n"
    sample = open_sample(described(api, tmp_path, client=client))
    sample.fetch()
    assert {headers["authorization"] for _, _, headers in api.asked} == {f"Bearer {CANARY}"}
    assert api.asked[0][2]["x-tenant"] == "acme"
    assert CANARY not in repr(sample.facts)


def test_a_login_by_oauth_goes_the_same_way(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request for a token is listed without what it holds, and the token is used."""
    monkeypatch.setenv("SHOP_SECRET", CANARY)
    api.answer = lambda path, _: Answer(
        {"access_token": f"T-{CANARY}", "expires_in": 60} if path == "/token" else [{"id": 1}]
    )
    client = (
        "  auth:\n    type: oauth2_client_credentials\n"
        f"    access_token_url: http://{api.host}/token\n    client_id: walk\n    client_secret: ${{SHOP_SECRET}}\n"
    )
    sample = open_sample(described(api, tmp_path, client=client))
    sample.fetch()
    assert api.asked[-1][2]["authorization"] == f"Bearer T-{CANARY}"
    assert f"POST http://{api.host}/*" in sample.facts.statements
    assert CANARY not in repr(sample.facts)


def test_a_password_in_the_address_is_sent_and_never_shown(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """User and password make HTTP's basic login; a key is a parameter like others, shown as ***."""
    monkeypatch.setenv("SHOP_PW", CANARY)
    monkeypatch.setenv("SHOP_KEY", CANARY[::-1])
    api.answer = lambda *_: Answer({}, 401)
    source = Source("crm", f"rest+http://ana:${{SHOP_PW}}@{api.host}/v1/customers?api_key=${{SHOP_KEY}}")
    with pytest.raises(SourceError) as caught:
        open_sample(source)
    sent = base64.b64encode(f"ana:{CANARY}".encode()).decode()
    assert api.asked[0][2]["authorization"] == f"Basic {sent}"
    assert CANARY[::-1] in api.paths[0]
    told = caught.value.message + caught.value.hint
    assert CANARY not in told
    assert CANARY[::-1] not in told
    assert "api_key=***" in told


@pytest.mark.parametrize(
    "client",
    [
        f"  auth: {{type: bearer, token: {CANARY}}}\n",
        f"  headers: {{Authorization: Bearer {CANARY}}}\n",
        f"  headers: {{X-API-Key: {CANARY}}}\n",
    ],
)
def test_a_secret_in_a_file_is_refused(api: Api, tmp_path: Path, client: str) -> None:
    """In plain text it would be in git; the error does not repeat it."""
    with pytest.raises(UsageError, match="plain text") as caught:
        open_sample(described(api, tmp_path, client=client))
    assert CANARY not in caught.value.message + caught.value.hint
    assert api.asked == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  - name: customers\n    endpoint: {path: customers, method: DELETE}\n", "may change"),
        ("  - name: customers\n    endpoint: {paht: customers}\n", "paht"),
        ("  - name: [\n", "line 5: is neither YAML nor JSON"),
        ("  - a\n  - b\n", "has 2 resources and none is named: a, b"),
        ("  - name: c\n    endpoint: {path: '${NOWHERE_SET}'}\n", "no value for ..NOWHERE_SET"),
    ],
)
def test_a_file_that_is_wrong_is_a_usage_error(api: Api, tmp_path: Path, text: str, words: str) -> None:
    """The message names the file and what is wrong in it; nobody was asked."""
    with pytest.raises(UsageError, match=words):
        open_sample(described(api, tmp_path, text=text))
    assert api.asked == []


def test_a_resource_that_is_not_described_has_a_neighbour(api: Api, tmp_path: Path) -> None:
    """A name that is nearly right is told."""
    with pytest.raises(SourceError, match=r"no resource customer$") as caught:
        open_sample(described(api, tmp_path, "customer"))
    assert caught.value.hint == "did you mean customers?"


def test_resources_are_tables(api: Api, tmp_path: Path) -> None:
    """A file lists what it describes without asking anybody, so that patterns of tables can choose."""
    source = described(api, tmp_path, text="  - customers\n  - orders\n")
    assert sorted(connector_for(source).datasets(source)) == ["customers", "orders"]
    assert api.asked == []


CODE = """
import dlt

@dlt.resource
def visits():
    yield [{"id": 1, "at": dlt.common.pendulum.datetime(2026, 1, 2)}, {"id": 2, "at": None}]

@dlt.source
def shop():
    return visits

@dlt.resource
def broken():
    yield {"id": 1}
    raise ValueError("the row of Ms Mueller is broken")

nothing = 3
"""


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module of the user's own."""
    name = f"shop_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield name
    sys.modules.pop(name, None)


@pytest.mark.parametrize("place", ["shop#visits", "shop", "visits"])
def test_code_gives_rows(code: str, place: str) -> None:
    """A source, its resource, or a resource alone; and the report says what it cannot list."""
    sample = open_sample(Source("crm", f"dlt://{code}:{place}"))
    held = [row for batch in sample.batches() for row in batch.to_pylist()]
    assert held == [{"id": 1, "at": "2026-01-02T00:00:00+00:00"}, {"id": 2, "at": None}]
    assert any("by itself is not listed here" in note for note in sample.facts.notes)


def test_code_that_fails_says_no_value(code: str) -> None:
    """Whatever its error says may quote a row."""
    with pytest.raises(SourceError, match=r"failed \(ValueError\)") as caught:
        rows(Source("crm", f"dlt://{code}:broken"))
    assert "Mueller" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("dlt://{}:nothing", "neither a source nor"),
        ("dlt://{}:gone", "is not there"),
        ("dlt://no_such_module_x:y", "is not there"),
    ],
)
def test_code_that_is_none_is_told(code: str, uri: str, words: str) -> None:
    """What is missing is named."""
    with pytest.raises(SourceError, match=words):
        open_sample(Source("crm", uri.format(code)))


def test_stopped_from_another_thread_it_asks_no_more(api: Api) -> None:
    """A run that ends meanwhile leaves the API alone."""
    api.answer = customers(1000, api)
    sample = open_sample(endpoint(api, rows="full"))
    calm = api.answer

    def answer(path: str, query: dict[str, str]) -> Answer:
        if query.get("page") == "3":
            sample.stop()
        return calm(path, query)

    api.answer = answer
    with pytest.raises(SourceError, match="stopped"):
        sample.fetch()
    assert len(api.asked) == 4


def test_nothing_is_reported_to_anybody(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """The telemetry of dlt is off while it works, and the environment is as it was afterwards."""
    monkeypatch.delenv("RUNTIME__DLTHUB_TELEMETRY", raising=False)
    tracker = importlib.import_module("dlt.common.runtime.anon_tracker")
    seen: list[str | None] = []

    def answer(path: str, query: dict[str, str]) -> Answer:
        seen.append(tracker._ANON_TRACKER_ENDPOINT)
        return customers(3, api)(path, query)

    api.answer = answer
    rows(endpoint(api))
    assert set(seen) == {None}
    assert "RUNTIME__DLTHUB_TELEMETRY" not in os.environ


def test_sources_of_several_threads_do_not_disturb_each_other(api: Api) -> None:
    """A family is read several at a time."""
    api.answer = lambda path, query: Answer([{"path": path}] * 3 if "page" not in query else [])
    sources = [endpoint(api, f"/v1/t{number}") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        held = list(pool.map(rows, sources))
    assert held == [[{"path": f"/v1/t{number}"}] * 3 for number in range(8)]


def test_a_full_disk_is_told(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is this machine that has no room, and not the API that failed."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    full = tmp_path / "full"
    full.symlink_to("/dev/full")
    monkeypatch.setattr("walkaround.connectors.rest.reading.spooled", lambda _: full)
    api.answer = customers(15, api)
    with pytest.raises(SourceError, match="could not be kept") as caught:
        rows(endpoint(api))
    assert caught.value.reason == "disk"
    assert not full.is_symlink()
