"""Visit: one store asked on behalf of one source, within its budget, every request written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import IO, Final, TypeVar

from walkaround.connectors.stores.store import Fault, Item, Store, changed
from walkaround.connectors.stores.target import Target
from walkaround.connectors.stores.waiting import Asked
from walkaround.errors import SourceError

ATTEMPTS: Final = 5
PAUSE: Final = 0.2
"""Seconds before the second attempt, three times as long before each further one: 8 seconds in all, which is what a
store that is merely busy needs, and no night lost on one that is down."""
LISTED: Final = 50
"""Requests that are listed one by one; of the others there is a count."""
STRETCH: Final = 16 << 20
"""Bytes asked for at once when a whole object is fetched: what is lost when a connection breaks."""
Answer = TypeVar("Answer")


class Visit:
    """Asks a store, again where that may help, and says what went wrong in words that name the source.

    `opened` opens the store when it is first asked, and again after `close`. Budgets count from `begin`.
    """

    def __init__(
        self,
        source: str,
        target: Target,
        opened: Callable[[], Store],
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source, self.target = source, target
        self._opened, self._sleep, self._clock = opened, sleep, clock
        self._store: Store | None = None
        self._said: list[str] = []
        self._requests = 0
        self._arrived = 0
        self._deadline: float | None = None
        self._seconds = 0.0
        self._stopped = False

    def begin(self, seconds: float) -> None:
        """What is asked from now on must be here within `seconds`."""
        self._seconds, self._deadline = seconds, self._clock() + seconds

    def stop(self) -> None:
        """Ask nothing more; whoever waits in another thread is told."""
        self._stopped = True

    def close(self) -> None:
        """Leave the store."""
        store, self._store = self._store, None
        if store is not None:
            store.close()

    @property
    def said(self) -> tuple[str, ...]:
        """The requests that were made, in order; past the fiftieth only how many, and what all of them brought."""
        more = self._requests - len(self._said)
        return (*self._said, f"and {more:,} more requests; {self._arrived:,} bytes in all") if more else (*self._said,)

    def find(self, folder: str, most: int) -> list[Item]:
        """The objects below a folder.

        Raises:
            SourceError: they cannot be listed, or are more than `most`.
        """

        def all_of(store: Store) -> list[Item]:
            found: list[Item] = []
            for item in store.find(folder):
                found.append(item)
                if len(found) > most:
                    hint = "name the folder that they are in, or a pattern that begins with it"
                    raise Fault("unreadable", f"holds more than {most:,} objects", hint)
            return found

        return self._ask(folder, f"LIST {self.target.name(folder and folder + '/')}", all_of)

    def look(self, key: str) -> Item:
        """One object as it stands now; SourceError where it cannot be seen."""
        name = self.target.name(key)
        request = f"STAT {name}" if self.target.service == "sftp" else f"GET {name} bytes 0-0"
        return self._ask(key, request, lambda store: store.look(key))

    def get(self, item: Item, start: int, end: int) -> bytes:
        """Bytes of the object that was looked at; SourceError where they cannot be had or it is another by now."""

        def all_of(store: Store) -> bytes:
            data = b"".join(store.get(item, start, end))
            if len(data) != end - start:
                raise changed()
            return data

        data = self._ask(item.key, f"GET {self.target.name(item.key)} bytes {start}-{end - 1}", all_of)
        self._arrived += len(data)
        return data

    def fetch(self, item: Item, file: IO[bytes], most: int) -> None:
        """A whole object into an empty file: stretch by stretch, or all at once where the server knows no ranges.

        Raises:
            SourceError: it cannot be had, is another by now, or is larger than `most` bytes.
        """
        if item.ranges:
            for start in range(0, item.size, STRETCH):
                file.write(self.get(item, start, min(start + STRETCH, item.size)))
            return

        def all_of(store: Store) -> int:
            file.seek(0)
            file.truncate()
            for piece in store.get(item, 0, None):
                self._in_time(item.key)
                file.write(piece)
                if file.tell() > most:
                    raise too_large(self.source, self.target.name(item.key), None, most)
            if item.size not in (-1, file.tell()):
                raise changed()
            return file.tell()

        self._arrived += self._ask(item.key, f"GET {self.target.name(item.key)}", all_of)

    def _ask(self, key: str, request: str, question: Callable[[Store], Answer]) -> Answer:
        """What a store answers; asked again after a pause where that may help, and where there is time for it."""
        attempt = 0
        while True:
            self._in_time(key)
            self._note(request)
            try:
                return Asked(lambda: question(self._open())).answer(lambda: self._in_time(key))
            except Fault as fault:
                pause = PAUSE * 3**attempt
                late = self._deadline is not None and self._clock() + pause > self._deadline
                if not fault.passes or attempt == ATTEMPTS - 1 or late:
                    raise self._words(key, fault) from None
            self.close()  # a connection that broke is of no more use
            self._sleep(pause)
            attempt += 1

    def _open(self) -> Store:
        if self._store is None:
            self._store = self._opened()
        return self._store

    def _in_time(self, key: str) -> None:
        if self._stopped:
            raise SourceError(self.source, "timeout", f"{self.source}: reading was stopped")
        if self._deadline is not None and self._clock() > self._deadline:
            words = f"{self.target.name(key)}: was not read within {self._seconds:g} seconds"
            raise SourceError(self.source, "timeout", words, "allow more with max_seconds, or name fewer objects")

    def _words(self, key: str, fault: Fault) -> SourceError:
        return SourceError(self.source, fault.reason, f"{self.target.name(key)}: {fault.words}", fault.hint)

    def _note(self, request: str) -> None:
        self._requests += 1
        if len(self._said) < LISTED:
            self._said.append(request)


def too_large(source: str, shown: str, size: int | None, most: int) -> SourceError:
    """More bytes than reading may cost."""
    has = "is larger" if size is None else f"is {size:,} bytes, more"
    hint = "allow more with max_bytes, name fewer objects, or keep the data as Parquet, of which a part can be read"
    return SourceError(source, "budget", f"{shown}: {has} than the {most:,} bytes that reading may cost", hint)
