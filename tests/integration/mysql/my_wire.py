"""The wire between a client and MySQL: a proxy that hears every statement, and can break the line."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field

CHUNK = 65_536
MANY = 500_000
QUERY, QUIT = 3, 1
"""The command bytes of a statement and of a goodbye."""


@dataclass
class Proxy:
    """Passes bytes on, and writes down what clients ask for.

    `cut_after`: a connection is reset once so many bytes came from the server on it. `pause`: seconds that each chunk
    of an answer is held back, once many have passed.
    """

    upstream: tuple[str, int]
    cut_after: int | None = None
    pause: float = 0.0
    statements: list[str] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no more, and end every connection."""
        for held in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(self.upstream)
            self._open += [client, server]
            threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        heard = _Heard(self)
        with contextlib.suppress(OSError):
            while chunk := client.recv(CHUNK):
                heard.feed(chunk)
                server.sendall(chunk)
            server.shutdown(socket.SHUT_WR)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while chunk := server.recv(CHUNK):
                passed += len(chunk)
                if self.cut_after is not None and passed > self.cut_after:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    with contextlib.suppress(OSError):
                        client.shutdown(socket.SHUT_RD)  # the other thread stops waiting, so that closing closes
                    client.close()  # with no linger: a reset
                    server.close()
                    return
                if passed > MANY:
                    time.sleep(self.pause)
                client.sendall(chunk)
            client.shutdown(socket.SHUT_WR)
        server.close()  # where the client is gone: the server learns of it as it would on one line


class _Heard:
    """What a client says, cut into packets. Commands begin anew at sequence 0, which tells them from the login."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy, self._buffer, self._greeted = proxy, b"", False

    def feed(self, chunk: bytes) -> None:
        self._buffer += chunk
        while len(self._buffer) >= 4:
            length = int.from_bytes(self._buffer[:3], "little")
            if len(self._buffer) < 4 + length:
                return
            number, body = self._buffer[3], self._buffer[4 : 4 + length]
            self._buffer = self._buffer[4 + length :]
            if not self._greeted:
                self._greeted = True
                self._proxy.logins.append(body)
            elif number == 0 and body[0] == QUERY:
                self._proxy.statements.append(body[1:].decode())
            elif number == 0 and body[0] != QUIT:
                self._proxy.others.append(body[0])
