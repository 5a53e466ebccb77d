"""An object as a file that can only be read: what is not read does not travel."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Final

LEAST: Final = 16 << 10
"""Bytes fetched at least. Twice as many with every request in which a reader goes on where it was: it may go on so."""
FURTHEST: Final = 4 << 20
"""Who reads on and on is given this much at once."""
WINDOWS: Final = 4
"""Stretches that are kept: a reader jumps between a footer and one or two places."""


class RangedFile(io.BufferedIOBase):
    """Bytes of an object by ranges, with a bounded memory of those read last. `fetch` gives bytes from start to end."""

    def __init__(self, size: int, fetch: Callable[[int, int], bytes]) -> None:
        self._size = size
        self._fetch = fetch
        self._at = 0
        self._windows: list[tuple[int, bytes]] = []
        self._ahead = LEAST
        self._left = -1

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read anywhere."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read on from elsewhere."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("there is nothing before the start of an object")
        self._at = start + offset
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes; fewer only at the end."""
        end = self._size if size is None or size < 0 else min(self._at + size, self._size)
        if end <= self._at:
            return b""
        data = self._bytes(self._at, end)
        self._at = end
        return data

    def read1(self, size: int = -1, /) -> bytes:
        """The same as `read`."""
        return self.read(size)

    def _bytes(self, start: int, end: int) -> bytes:
        goes_on, self._left = start == self._left, end
        known = self._known(start, end)
        if len(known) == end - start:
            return known
        start += len(known)
        self._ahead = min(self._ahead * 2, FURTHEST) if goes_on else LEAST
        stop = min(max(end, start + self._ahead), self._size)
        data = self._fetch(start, stop)
        if len(data) <= FURTHEST:
            self._windows = [(start, data), *self._windows][:WINDOWS]
        return known + data[: end - start]

    def _known(self, start: int, end: int) -> bytes:
        """As much of a stretch, from its start, as is remembered."""
        for first, kept in self._windows:
            if first <= start < first + len(kept):
                return kept[start - first : end - first]
        return b""
