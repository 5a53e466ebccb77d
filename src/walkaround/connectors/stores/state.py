"""State of an object: what `FileState` is of a file, so that readers of files read it as well."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from walkaround.connectors.stores.ranged import RangedFile
from walkaround.connectors.stores.store import Item
from walkaround.connectors.stores.visit import STRETCH, Visit

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ObjectState:
    """An object as it stood when it was looked at. Every read of it asks for this content and no other."""

    item: Item
    visit: Visit = field(repr=False, compare=False)

    @property
    def path(self) -> Path:
        """Its key: its name is for messages, its folders may say which partition it is of."""
        return Path(self.item.key)

    @property
    def size(self) -> int:
        """Bytes."""
        return self.item.size

    @property
    def modified_ns(self) -> int:
        """When it was last changed; 0 where the store does not say."""
        return int(self.item.modified.timestamp() * 1e9) if self.item.modified else 0

    @property
    def tag(self) -> str:
        """Its etag, or what stands for it; its size where the store says nothing else."""
        return self.item.tag or f"{self.item.size} bytes"

    def open(self) -> BufferedIOBase:
        """Its bytes, by ranges."""
        return RangedFile(self.item.size, self._bytes)

    def arrow(self) -> pa.NativeFile:
        """Its bytes, by ranges, for Arrow's readers."""
        import pyarrow as pa  # noqa: PLC0415 - loads where it is used

        return pa.PythonFile(self.open(), mode="r")

    def again(self) -> ObjectState:
        """The object as it stands now. One with a tag needs no look: every read of it asked for that content."""
        return self if self.item.tag else ObjectState(self.visit.look(self.item.key), self.visit)

    def _bytes(self, start: int, end: int) -> bytes:
        pieces = range(start, end, STRETCH)
        return b"".join(self.visit.get(self.item, at, min(at + STRETCH, end)) for at in pieces)
