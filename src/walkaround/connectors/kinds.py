"""What kind of file it is: by its name, unless its first bytes say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from walkaround.connectors.unpack import unpacked
from walkaround.errors import SourceError

_PACKED: Final = (".gz", ".zst", ".zip", ".bz2", ".xz")
_NAMES: Final = {
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".arrows": "arrow", ".ipc": "arrow",
    ".feather": "arrow",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".duckdb": "duckdb", ".ddb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite", ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".psv": "delimited",
    ".txt": "delimited",
}  # fmt: skip
_HEAD: Final = 64 << 10


def kind_of(path: Path) -> str:
    """The kind of connector that reads a file; "" where it is none we know. Magic bytes count only where the name
    says nothing: a CSV that is Parquet inside is not what it says, and its reader tells so.
    """
    said = _NAMES.get(_suffix(path), "")
    if said == "json":
        return _kind_of_json(_head(path)) or "json"
    return said or _kind_of_bytes(path)


def magic_of(head: bytes) -> str:
    """The kind of a binary file by its first bytes; "" for text."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        return "arrow"
    if head.startswith(b"SQLite format 3\x00"):
        return "sqlite"
    return "duckdb" if head[8:12] == b"DUCK" else ""


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _kind_of_bytes(path: Path) -> str:
    head = _head(path)
    return magic_of(head) or _kind_of_json(head) or "delimited"


def _kind_of_json(head: bytes) -> str:
    """An array, or one object; or an object on each line. "" where it begins like neither."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return "json" if text[1:].lstrip()[:1] in (b"{", b"]") else ""
    if not text.startswith(b"{"):
        return ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "ndjson" if len(lines) > 1 and lines[0].endswith(b"}") and lines[1].startswith(b"{") else "json"


def _head(path: Path) -> bytes:
    try:
        data = unpacked(path, path.name)
        try:
            return next(data, b"")[:_HEAD]
        finally:
            data.close()
    except (OSError, SourceError):
        return b""
