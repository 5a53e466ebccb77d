"""What kind of file it is: by its name, unless its first bytes say otherwise."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from walkaround.connectors.location import Place
from walkaround.connectors.unpack import is_orc, unpacked
from walkaround.errors import SourceError

_PACKED: Final = (".gz", ".zst", ".zip", ".bz2", ".xz")
_NAMES: Final = {
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "arrow", ".arrows": "arrow", ".ipc": "arrow",
    ".feather": "arrow",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".duckdb": "duckdb", ".ddb": "duckdb",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite", ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".psv": "delimited",
    ".txt": "delimited",
    ".avro": "avro", ".orc": "orc",
    ".xlsx": "excel", ".xlsm": "excel", ".xlsb": "excel", ".xls": "excel", ".ods": "excel",
}  # fmt: skip
_HEAD: Final = 64 << 10
_MAGIC: Final = (
    (b"PAR1", "parquet"), (b"ARROW1", "arrow"), (b"FEA1", "arrow"), (b"\xff\xff\xff\xff", "arrow"),
    (b"SQLite format 3\x00", "sqlite"), (b"Obj\x01", "avro"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "excel"),
)  # fmt: skip
_WORKBOOKS: Final = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
"""What a package holds that is a workbook: of Excel, of Excel in binary, of OpenDocument."""


def kind_of_place(place: Place) -> str:
    """The kind of connector that reads what a URI stands for: a folder may be a table of a lake; "" where there is
    nothing, or nothing that we know.
    """
    if not place.files:
        return ""
    if place.root is not None:
        if (place.root / "_delta_log").is_dir():
            return "delta"
        if next((place.root / "metadata").glob("*.metadata.json"), None) is not None:
            return "iceberg"
    if place.files[0].name.endswith(".metadata.json"):
        return "iceberg"
    kind = "parquet" if place.folder else kind_of(place.files[0])
    many = place.folder or len(place.files) > 1 or any(mark in place.uri for mark in "*?[")
    return "hive" if kind == "parquet" and many and any(map(place.keyed_folders, place.files)) else kind


def kind_of(path: Path) -> str:
    """The kind of connector that reads a file; "" where it is none we know. Magic bytes count only where the name
    says nothing: a CSV that is Parquet inside is not what it says, and its reader tells so.
    """
    said = _NAMES.get(_suffix(path), "")
    if said == "json":
        return _kind_of_json(_head(path)) or "json"
    return said or _kind_of_bytes(path)


def kind_of_name(path: Path) -> str:
    """The kind that a name alone tells; "" where it says nothing, and for JSON, which is of two kinds."""
    said = _NAMES.get(_suffix(path), "")
    return "" if said == "json" else said


def magic_of(head: bytes) -> str:
    """The kind of a binary file by its first bytes; "" for text."""
    if is_orc(head):
        return "orc"
    if head[8:12] == b"DUCK":
        return "duckdb"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "")


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in _PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _kind_of_bytes(path: Path) -> str:
    if _is_workbook(path):
        return "excel"
    head = _head(path)
    return magic_of(head) or _kind_of_json(head) or "delimited"


def _is_workbook(path: Path) -> bool:
    """Whether a package is a workbook, and not a packed text."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as package:
            return any(name in _WORKBOOKS for name in package.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


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
