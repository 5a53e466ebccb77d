"""The wire between a client and PostgreSQL: a proxy that hears every statement, and a server that refuses logins."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

CHUNK = 65_536
STARTUP = 196_608
"""The number of protocol 3.0, which opens a session; other numbers ask for TLS, or cancel a statement."""
TLS, GSS, CANCEL = 80_877_103, 80_877_104, 80_877_102


@dataclass
class Proxy:
    """Passes bytes on, and writes down what the client asks for.

    `cut_after`: the connection is reset once so many bytes came from the server.
    """

    upstream: tuple[str, int] | str
    cut_after: int | None = None
    statements: list[str] = field(default_factory=list)
    startups: int = 0
    cancels: int = 0

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
            server = (
                socket.create_connection(self.upstream) if isinstance(self.upstream, tuple) else _local(self.upstream)
            )
            self._open += [client, server]
            threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
            threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        """From client to server, message by message."""
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
                    client.shutdown(socket.SHUT_RD)  # wakes the thread that waits for it
                    client.close()  # with no linger: a reset
                    server.shutdown(socket.SHUT_RDWR)
                    return
                client.sendall(chunk)
            client.shutdown(socket.SHUT_WR)


class _Heard:
    """What a client says, cut into messages."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy, self._buffer, self._started = proxy, b"", False

    def feed(self, chunk: bytes) -> None:
        self._buffer += chunk
        while message := self._next():
            kind, body = message
            if kind == b"Q":
                self._proxy.statements.append(body[:-1].decode())
            elif kind == b"P":
                self._proxy.statements.append(body.split(b"\0")[1].decode())

    def _next(self) -> tuple[bytes, bytes] | None:
        head = 0 if not self._started else 1
        if len(self._buffer) < head + 4:
            return None
        (length,) = struct.unpack("!i", self._buffer[head : head + 4])
        if len(self._buffer) < head + length:
            return None
        kind, body = self._buffer[:head], self._buffer[head + 4 : head + length]
        self._buffer = self._buffer[head + length :]
        if not self._started:
            (number,) = struct.unpack("!i", body[:4])
            self._started = number == STARTUP
            self._proxy.startups += self._started
            self._proxy.cancels += number == CANCEL
        return kind or b"-", body


def _local(path: str) -> socket.socket:
    held = socket.socket(socket.AF_UNIX)
    held.connect(path)
    return held


@contextlib.contextmanager
def refusing(
    code: str, words: str, *, ask_password: bool = False, context: ssl.SSLContext | None = None
) -> Iterator[tuple[int, list[str]]]:
    """A server that lets nobody in, with TLS or without: its port, and the passwords that were tried, each time."""
    listener = socket.create_server(("127.0.0.1", 0))
    tried: list[str] = []

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                _refuse(client, code, words, tried, ask_password=ask_password, context=context)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], tried
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _refuse(
    client: socket.socket,
    code: str,
    words: str,
    tried: list[str],
    *,
    ask_password: bool,
    context: ssl.SSLContext | None,
) -> None:
    while True:
        (length,) = struct.unpack("!i", _exactly(client, 4))
        (number,) = struct.unpack("!i", _exactly(client, length - 4)[:4])
        if number not in (TLS, GSS):
            break
        offered = number == TLS and context is not None
        client.sendall(b"S" if offered else b"N")
        if offered and context is not None:
            client = context.wrap_socket(client, server_side=True)
    password = ""
    if ask_password:
        client.sendall(b"R" + struct.pack("!ii", 8, 3))
        (length,) = struct.unpack("!i", _exactly(client, 5)[1:])
        password = _exactly(client, length - 4).rstrip(b"\0").decode()
    tried.append(password)
    fields = b"".join(letter + text.encode() + b"\0" for letter, text in ((b"S", "FATAL"), (b"C", code), (b"M", words)))
    client.sendall(b"E" + struct.pack("!i", len(fields) + 5) + fields + b"\0")
    client.close()


def _exactly(client: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        part = client.recv(size - len(read))
        if not part:
            raise ConnectionError
        read += part
    return read
