"""A server of files over SSH, through asyncssh in a thread of its own."""

from __future__ import annotations

import asyncio
import importlib.util
import stat
import threading
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

from walkaround.connectors.stores.store import Fault, Item, changed
from walkaround.connectors.stores.target import Target

if TYPE_CHECKING:
    import asyncssh

LOGIN: Final = 15.0
"""Seconds in which a login must be done."""
DEEPEST: Final = 20
"""Folders within folders that are looked into."""
Answer = TypeVar("Answer")


class Sftp:
    """One login, with the user's own keys, agent and known hosts unless the URI says otherwise."""

    def __init__(self, target: Target, seconds: float) -> None:
        if importlib.util.find_spec("asyncssh") is None:
            raise Fault("driver", "SFTP needs asyncssh", "pip install 'walkaround[sftp]'")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="walkaround-sftp", daemon=True)
        self._thread.start()
        self._seconds = seconds
        self._connection: asyncssh.SSHClientConnection | None = None
        try:
            self._client = self._wait(self._entered(target))
        except BaseException:
            self.close()
            raise

    def find(self, folder: str) -> Iterator[Item]:
        """The files below a folder."""
        yield from self._wait(self._walk(folder, DEEPEST))

    def look(self, key: str) -> Item:
        """One file."""
        return self._wait(self._stat(key))

    def get(self, item: Item, start: int, end: int | None) -> Iterator[bytes]:
        """Bytes of a file, whose size and time of change are looked at with them."""
        yield self._wait(self._read(item, start, item.size if end is None else end))

    def close(self) -> None:
        """Log out, and end the thread."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Fault):
                self._wait(_left(connection))
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _entered(self, target: Target) -> asyncssh.SFTPClient:
        import asyncssh  # noqa: PLC0415 - loads where it is used

        parts, options = urlsplit(target.place), target.options
        known: dict[str, Any] = {"connect_timeout": LOGIN, "login_timeout": LOGIN}
        if parts.port:
            known["port"] = parts.port
        if parts.username:
            known["username"] = unquote(parts.username)
        if parts.password:
            known["password"] = unquote(parts.password)
        if options.get("known_hosts"):
            known["known_hosts"] = options["known_hosts"]
        if options.get("key"):
            known["client_keys"] = [options["key"]]
        self._connection = await asyncssh.connect(parts.hostname or "", **known)
        return await self._connection.start_sftp_client()

    async def _stat(self, key: str) -> Item:
        attrs = await self._client.stat(_path(key))
        if stat.S_ISDIR(attrs.permissions or 0):
            raise Fault("missing", "is a folder", "give a file, or a pattern such as folder/*.csv")
        return _item(key, attrs)

    async def _read(self, item: Item, start: int, end: int) -> bytes:
        async with self._client.open(_path(item.key), "rb") as file:
            if _item(item.key, await file.stat()) != item:
                raise changed()
            data: Any = await file.read(end - start, start)
            return bytes(data)

    async def _walk(self, folder: str, deep: int) -> list[Item]:
        found: list[Item] = []
        async for entry in self._client.scandir(_path(folder) if folder else "/"):
            name = str(entry.filename)
            if name in (".", ".."):
                continue
            key = f"{folder}/{name}" if folder else name
            kind = stat.S_IFMT(entry.attrs.permissions or 0)
            if kind == stat.S_IFDIR and deep:
                found += await self._walk(key, deep - 1)
            elif kind == stat.S_IFREG:
                found.append(_item(key, entry.attrs))
        return found

    def _wait(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        task = asyncio.run_coroutine_threadsafe(question, self._loop)
        try:
            return task.result(self._seconds)
        except Fault:
            raise
        except TimeoutError:
            task.cancel()
            raise Fault("timeout", "the server did not answer in time", "look at the network", passes=True) from None
        except Exception as error:
            fault = _fault(error)
            if fault is None:
                raise
            raise fault from None


def _path(key: str) -> str:
    """Keys count from the root; `~/` is the user's home, where a server's paths without a slash begin."""
    return key.removeprefix("~/") if key.startswith("~/") else f"/{key}"


def _item(key: str, attrs: asyncssh.SFTPAttrs) -> Item:
    changed_at = attrs.mtime or 0
    modified = datetime.fromtimestamp(changed_at, UTC) if attrs.mtime else None
    return Item(key, attrs.size or 0, f"{attrs.size}-{changed_at}", modified)


async def _left(connection: asyncssh.SSHClientConnection) -> None:
    connection.close()
    await connection.wait_closed()


def _fault(error: Exception) -> Fault | None:  # noqa: PLR0911 - a table of causes, read downwards
    """Why the server did not give it; None where that is no error of SSH."""
    import asyncssh  # noqa: PLC0415 - loads where it is used

    if isinstance(error, asyncssh.PermissionDenied | asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        return Fault("login", "the server did not let this user in", "look at user, password or key")
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        hint = "log in once with ssh and compare its key, or name a file with ?known_hosts="
        return Fault("tls", "the server's key is not among the known hosts", hint)
    if isinstance(error, asyncssh.SFTPNoSuchFile | asyncssh.SFTPNoSuchPath):
        return Fault("missing", "there is no such file", "look at the path")
    if isinstance(error, asyncssh.SFTPPermissionDenied):
        return Fault("denied", "may not be read by this user", "ask for the right to read it")
    if isinstance(error, asyncssh.ConnectionLost | asyncssh.SFTPConnectionLost | OSError):
        return Fault("unreachable", "the server could not be reached, or broke off", "look at the network", passes=True)
    if isinstance(error, asyncssh.Error):
        return Fault("unreadable", f"the server did not give it ({type(error).__name__})", "look at the server")
    return None
