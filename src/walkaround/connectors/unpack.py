"""Bytes of a file, unpacked: gzip, Zstandard, bzip2, xz and zip, told by magic bytes and not by name."""

from __future__ import annotations

import bz2
import lzma
import zipfile
import zlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO, Any, Final

from walkaround.connectors.unzip_cut import is_aside, unzip_cut
from walkaround.errors import SourceError

READ: Final = 4 << 20
"""Bytes read at once."""
_INFLATE: Final = 256 << 10
"""Packed bytes unpacked at once: a thousandfold ratio still fits in memory."""

_TAB: Final = 9
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PAR1", "a Parquet file"), (b"ARROW1", "an Arrow file"), (b"FEA1", "a Feather file"),
    (b"SQLite format 3\x00", "an SQLite file"), (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"%PDF", "a PDF file"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"), (b"Obj\x01", "an Avro file"), (b"7z\xbc\xaf", "a 7z archive"),
)  # fmt: skip


def is_orc(head: bytes) -> bool:
    """Whether a file is ORC by its first bytes. A text may begin with "ORCID": but holds no bytes below a tab."""
    return head.startswith(b"ORC") and min(head[3:64], default=_TAB) < _TAB


def foreign(head: bytes) -> str:
    """What the first bytes are of, where that is a kind of file with rows or pictures of its own; "" otherwise."""
    if head[8:12] == b"DUCK":
        return "a DuckDB file"
    if is_orc(head):
        return "an ORC file"
    return next((words for magic, words in _FOREIGN if head.startswith(magic)), "")


def unpacked(path: Path, source: str) -> Generator[bytes, None, bool]:
    """The bytes of a file, unpacked; returns whether it was cut off or damaged (what could be read was yielded).

    Raises:
        SourceError: a zip that cannot be opened, or that holds several files.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(6)
        file.seek(0)
        if head.startswith(b"PK\x03\x04"):
            return (yield from _unzip(file, path, source))
        opener = _opener(head)
        if opener is not None:
            return (yield from _inflate(file, opener))
        while data := file.read(READ):
            yield data
    return False


def _opener(head: bytes) -> Callable[[], Any] | None:
    if head.startswith(b"\x1f\x8b"):
        return lambda: zlib.decompressobj(wbits=31)
    if head.startswith(b"\x28\xb5\x2f\xfd"):
        import zstandard  # noqa: PLC0415 - loads where it is used

        return lambda: zstandard.ZstdDecompressor().decompressobj()
    if head.startswith(b"BZh"):
        return bz2.BZ2Decompressor
    return lzma.LZMADecompressor if head.startswith(b"\xfd7zXZ\x00") else None


def _inflate(file: IO[bytes], opener: Callable[[], Any]) -> Generator[bytes, None, bool]:
    """Unpack member after member; zero bytes after the last are padding, anything else there is damage."""
    stream, fresh = opener(), True
    while data := file.read(_INFLATE):
        while data:
            if fresh and not data.strip(b"\0"):
                break
            try:
                out = stream.decompress(data)
            except Exception as error:
                if not _is_damage(error):
                    raise
                return True
            fresh = False
            if out:
                yield out
            data = stream.unused_data if stream.eof else b""
            if stream.eof:
                stream, fresh = opener(), True
    if not fresh and hasattr(stream, "flush") and (rest := stream.flush()):
        yield rest
    return not fresh


def _is_damage(error: Exception) -> bool:
    """Each library has its own word for damaged bytes; `zstandard` is known by name so that it need not be loaded."""
    return isinstance(error, zlib.error | lzma.LZMAError | OSError | EOFError) or type(error).__name__ == "ZstdError"


def _unzip(file: IO[bytes], path: Path, source: str) -> Generator[bytes, None, bool]:
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        file.seek(0)
        return (yield from unzip_cut(file, path, source))
    with archive:
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            hint = "save the sheet as CSV"
            raise SourceError(source, "not_what_it_says", f"{path.name}: is an Office document (Excel), not text", hint)
        inside = [name for name in names if not is_aside(name)]
        if len(inside) != 1:
            words = f"{path.name}: the zip archive holds {len(inside)} files, not one"
            raise SourceError(source, "not_what_it_says", words, "unpack it and give the files, or a pattern of them")
        try:
            with archive.open(inside[0]) as member:
                while data := member.read(READ):
                    yield data
        except RuntimeError:
            hint = "unpack it first"
            raise SourceError(source, "denied", f"{path.name}: the zip archive has a password", hint) from None
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return True
    return False
