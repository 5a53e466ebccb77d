"""Zip archives that were cut off: what can be read of them is, what cannot is said in words."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path
from random import Random

import pytest
from messy.reckoning import read

from walkaround.errors import SourceError

ROWS = [(str(n), Random(n).randbytes(9).hex()) for n in range(5_000)]
TEXT = "id,word\n" + "".join(",".join(row) + "\n" for row in ROWS)


class Pipe(io.RawIOBase):
    """A stream that cannot be sought in: sizes then stand behind the bytes of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.held = bytearray()

    def writable(self) -> bool:
        """It can be written to, and no more."""
        return True

    def write(self, data: object) -> int:
        """Keep the bytes."""
        raw = bytes(data)  # type: ignore[call-overload]
        self.held += raw
        return len(raw)


def zipped(method: int, *names: str, stream: bool = False) -> bytes:
    """An archive with the table under each name."""
    out: Pipe | io.BytesIO = Pipe() if stream else io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names:
            archive.writestr(name, "" if name.endswith("/") else TEXT)
    return bytes(out.held) if isinstance(out, Pipe) else out.getvalue()


@pytest.mark.parametrize(("method", "stream"), [(zipfile.ZIP_STORED, False), (zipfile.ZIP_DEFLATED, False), (8, True)])
def test_the_first_part_of_a_cut_zip_is_read(method: int, stream: bool, tmp_path: Path) -> None:  # noqa: FBT001 - drawn
    """Half an archive gives about half the rows, all of them right, and the cut is counted."""
    packed = zipped(method, "folder/", "folder/a.csv", stream=stream)
    path = tmp_path / "a.zip"
    path.write_bytes(packed[: len(packed) // 2])
    sample, found = read(path)
    assert found == ROWS[: len(found)]
    assert 2_000 < len(found) < 3_000
    assert dict(sample.records.rejected) == {"truncated": 1}


def test_only_the_directory_is_gone(tmp_path: Path) -> None:
    """Where the table itself is whole its rows are all there; that the file was cut is told all the same."""
    packed = zipped(zipfile.ZIP_DEFLATED, "a.csv")
    path = tmp_path / "a.zip"
    path.write_bytes(packed[:-30])
    sample, found = read(path)
    assert found == ROWS
    assert dict(sample.records.rejected) == {"truncated": 1}


def flagged(packed: bytes) -> bytes:
    """The archive with its first file marked as one that has a password."""
    return packed[:6] + struct.pack("<H", 1) + packed[8:]


REFUSED = {
    "a password": (flagged(zipped(8, "a.csv"))[:4_000], "denied"),
    "cut in its first header": (zipped(8, "a.csv")[:20], "truncated"),
    "a workbook": (zipped(8, "[Content_Types].xml", "xl/workbook.xml")[:4_000], "not_what_it_says"),
    "a method that nobody can stop in": (zipped(zipfile.ZIP_BZIP2, "a.csv")[:4_000], "truncated"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_words(case: str, tmp_path: Path) -> None:
    """A password, a workbook, or nothing that can be unpacked: a reason and a hint, never an empty table."""
    content, reason = REFUSED[case]
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read(path)
    assert (caught.value.reason, bool(caught.value.hint)) == (reason, True)
