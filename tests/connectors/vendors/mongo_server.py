"""A server that speaks MongoDB's wire protocol (OP_MSG, and OP_QUERY for the greeting), as far as one collection goes.

The client is the real one. Pipelines are not worked out: what `aggregate` answers is told to the server, so that what
was sent can be held to what was printed.
"""

from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bson

HEADER = struct.Struct("<iiii")
OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013


class Mongo:
    """One database `crm` with collections of documents; remembers the commands that it got."""

    def __init__(self, collections: dict[str, list[dict[str, Any]]]) -> None:
        self.collections = collections
        self.commands: list[dict[str, Any]] = []
        self.refuses: dict[str, dict[str, Any]] = {}
        self.slow = 0.0
        self.port = 0
        self._cursors: dict[int, tuple[str, list[dict[str, Any]]]] = {}

    def sent(self, name: str) -> list[dict[str, Any]]:
        """Commands of one name."""
        return [command for command in self.commands if name in command]

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """The reply to a command."""
        name = next(iter(command))
        if name.lower() in ("hello", "ismaster"):
            return {
                "ok": 1, "ismaster": True, "helloOk": True, "maxWireVersion": 25, "minWireVersion": 0,
                "maxBsonObjectSize": 16 << 20, "maxMessageSizeBytes": 48_000_000, "maxWriteBatchSize": 100_000,
                "readOnly": False,
            }  # fmt: skip
        self.commands.append(command)
        if name in self.refuses:
            return {"ok": 0, **self.refuses[name]}
        if name == "count":
            return {"ok": 1, "n": len(self.collections.get(command["count"], []))}
        return self._cursor(name, command)

    def _cursor(self, name: str, command: dict[str, Any]) -> dict[str, Any]:
        if name == "listCollections":
            names = [{"name": held, "type": "collection"} for held in self.collections]
            wanted = command.get("filter", {}).get("name")
            found = [held for held in names if wanted in (None, held["name"])]
            return {"ok": 1, "cursor": {"id": 0, "ns": "crm.$cmd.listCollections", "firstBatch": found}}
        if name == "aggregate":
            return self._batch(command["aggregate"], list(self.collections[command["aggregate"]]), "firstBatch", 1)
        if name == "getMore":
            time.sleep(self.slow)
            held, rest = self._cursors.pop(command["getMore"])
            return self._batch(held, rest, "nextBatch", command["getMore"] + 1)
        return {"ok": 1}

    def _batch(self, name: str, documents: list[dict[str, Any]], key: str, cursor: int) -> dict[str, Any]:
        now, rest = documents[:1000], documents[1000:]
        if rest:
            self._cursors[cursor] = (name, rest)
        return {"ok": 1, "cursor": {"id": bson.Int64(cursor if rest else 0), "ns": f"crm.{name}", key: now}}


@contextmanager
def mongo(collections: dict[str, list[dict[str, Any]]]) -> Iterator[Mongo]:
    """A server on a port of its own."""
    made = Mongo(collections)

    class Handler(socketserver.BaseRequestHandler):
        """One connection of a client."""

        def handle(self) -> None:
            """Answer until the client leaves."""
            while head := _exactly(self.request, HEADER.size):
                size, number, _, code = HEADER.unpack(head)
                body = _exactly(self.request, size - HEADER.size)
                if code == OP_QUERY:
                    start = body.index(b"\0", 4) + 1 + 8
                    reply = bson.encode(made.answer(bson.decode(body[start:])))
                    content = struct.pack("<iqii", 8, 0, 0, 1) + reply
                    self.request.sendall(HEADER.pack(HEADER.size + len(content), 0, number, OP_REPLY) + content)
                    continue
                reply = bson.encode(made.answer(bson.decode(body[5:])))
                content = struct.pack("<iB", 0, 0) + reply
                self.request.sendall(HEADER.pack(HEADER.size + len(content), 0, number, OP_MSG) + content)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


def _exactly(connection: Any, size: int) -> bytes:
    held = b""
    while len(held) < size:
        try:
            more = connection.recv(size - len(held))
        except OSError:
            return b""
        if not more:
            return b""
        held += more
    return held
