"""How large a sheet of an .xlsx is and what is merged in it, looked up in the package before anything unpacks it."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"(?:[^>]*[^>/])?>')
"""A cell that has something in it; one that is only formatted closes itself."""
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s")
_SHEET: Final = re.compile(r'<(?:\w+:)?sheet\s[^>]*?\bname="([^"]*)"[^>]*?\b\w+:id="([^"]*)"')
_RELATION: Final = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_CHUNK: Final = 4 << 20
_LONGEST: Final = 1 << 10
"""A tag is no longer than this; a chunk begins with so many bytes of the one before."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and column that hold anything, how many cells do, and how many ranges are merged."""

    rows: int
    columns: int
    filled: int
    merged: int


def extent_of(path: Path, sheet: str) -> Extent | None:
    """The extent of a sheet; None where the file is no .xlsx, or does not say which part of it the sheet is."""
    try:
        with zipfile.ZipFile(path) as package:
            part = _part(package, sheet)
            return None if part is None else _extent(package, part)
    except (OSError, zipfile.BadZipFile, KeyError, EOFError, UnicodeDecodeError):
        return None  # the reader will say what is wrong with it


def _part(package: zipfile.ZipFile, sheet: str) -> str | None:
    sheets = {html.unescape(name): key for name, key in _SHEET.findall(package.read("xl/workbook.xml").decode())}
    relations = _RELATION.findall(package.read("xl/_rels/workbook.xml.rels").decode())
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in relations}
    target = targets.get(sheets.get(sheet, ""), "")
    if not target:
        return None
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    return html.unescape(found.group(1)) if found else ""


def _extent(package: zipfile.ZipFile, part: str) -> Extent:
    rows = filled = merged = 0
    columns: set[bytes] = set()
    for text in _chunks(package, part):
        cells = _CELL.findall(text)
        filled += len(cells)
        merged += len(_MERGED.findall(text))
        if cells:
            letters, numbers = zip(*cells, strict=True)
            columns.update(letters)
            rows = max(rows, int(numbers[-1]), int(numbers[0]))
    return Extent(rows, max((_number(letters) for letters in columns), default=0), filled, merged)


def _chunks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end behind a tag."""
    rest = b""
    with package.open(part) as file:
        while data := file.read(_CHUNK):
            text = rest + data
            end = text.rfind(b">") + 1
            yield text[:end]
            rest = text[end:][-_LONGEST:]


def _number(letters: bytes) -> int:
    """The number of a column, from 1.

    >>> _number(b"AB")
    28
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
