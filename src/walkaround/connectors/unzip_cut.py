"""A zip archive that was cut off: its directory stood at the end and is gone, its first file can still be read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, Final

from walkaround.errors import SourceError

_HEADER: Final = struct.Struct("<4s2xHH8xI4xHH")
"""Of a file in the archive: magic, flags, method, packed size, lengths of name and of extra fields."""
_MAGIC: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 1
_SIZE_BEHIND: Final = 8
_STORED: Final = 0
_DEFLATED: Final = 8
_AT_ONCE: Final = 256 << 10
"""Packed bytes unpacked at once."""


def is_aside(name: str) -> bool:
    """Whether an entry of an archive is no file of its sender: a folder, or what macOS adds."""
    return name.endswith("/") or name.startswith("__MACOSX/")


def unzip_cut(file: IO[bytes], path: Path, source: str) -> Generator[bytes, None, bool]:
    """What can be read of the first file in an archive without a directory; returns that it was cut off.

    Raises:
        SourceError: nothing of it can be read, it has a password, or another file follows.
        OSError: the file cannot be read.
    """
    flags, method, size = _first_file(file, path, source)
    if flags & _ENCRYPTED:
        raise SourceError(source, "denied", f"{path.name}: the zip archive has a password", "unpack it first")
    if method == _DEFLATED:
        yield from _inflated(file)
        return True
    if method == _STORED and not flags & _SIZE_BEHIND:
        while size and (data := file.read(min(size, _AT_ONCE))):
            size -= len(data)
            yield data
        return True
    raise _cut(path, source)


def _first_file(file: IO[bytes], path: Path, source: str) -> tuple[int, int, int]:
    """Flags, method and packed size of the first file that is no folder; `file` then stands at its bytes."""
    while True:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or not head.startswith(_MAGIC):
            raise _cut(path, source)
        _, flags, method, size, name_length, extra_length = _HEADER.unpack(head)
        name = file.read(name_length).decode("utf-8", "replace")
        file.seek(extra_length, 1)
        if name == "[Content_Types].xml":
            words = f"{path.name}: is an Office document (Excel) that is cut off or damaged, not text"
            raise SourceError(source, "not_what_it_says", words, "copy it again, and save the sheet as CSV")
        if not is_aside(name):
            return flags, method, size
        file.seek(size, 1)
        if flags & _SIZE_BEHIND:
            start = file.tell()
            file.seek(start + max(file.read(_AT_ONCE).find(_MAGIC), 0))


def _inflated(file: IO[bytes]) -> Generator[bytes, None, None]:
    stream = zlib.decompressobj(wbits=-15)
    while not stream.eof and (data := file.read(_AT_ONCE)):
        try:
            out = stream.decompress(data)
        except zlib.error:
            return
        if out:
            yield out


def _cut(path: Path, source: str) -> SourceError:
    return SourceError(
        source,
        "truncated",
        f"{path.name}: a zip archive that is cut off or damaged, nothing of it can be read",
        "copy or export it again",
    )
