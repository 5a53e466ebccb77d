"""Cells of an .xlsb that the reader would skip without a word, looked for before it reads."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SHORT: Final = range(12, 19)
"""Records of cells that leave out their column, for it is the next one ([MS-XLSB] 2.3.2, BrtShortBlank to
BrtShortIsst). Excel writes none; other programs do, and the reader knows only the long ones."""
_MORE: Final = 0x80


def has_short_cells(path: Path) -> bool:
    """Whether a sheet of the workbook has cells that would be missing."""
    try:
        with zipfile.ZipFile(path) as package:
            sheets = [name for name in package.namelist() if _is_sheet(name)]
            return any(_short(package.read(name)) for name in sheets)
    except (OSError, zipfile.BadZipFile, EOFError):
        return False  # the reader will say what is wrong with it


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") and name.endswith(".bin") and "binaryIndex" not in name


def _short(part: bytes) -> bool:
    return any(kind in _SHORT for kind in _records(part))


def _records(part: bytes) -> Iterator[int]:
    """The kind of each record. Kind and length are written seven bits a byte, the lowest first."""
    at, end = 0, len(part)
    while at < end:
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield kind
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place in range(most):
        if at >= len(part):
            break
        byte = part[at]
        at += 1
        number |= (byte & ~_MORE) << (7 * place)
        if byte < _MORE:
            break
    return number, at
