"""Files come into being whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from walkaround.cli.stored import find
from walkaround.cli.writing import write
from walkaround.errors import UsageError


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    """The new text, readable by those whom the umask allows, and no temporary file."""
    file = tmp_path / "r.html"
    file.write_text("old", encoding="utf-8")
    write(file, "new é\n")
    assert file.read_bytes() == "new é\n".encode()
    assert list(tmp_path.iterdir()) == [file]
    umask = os.umask(0)
    os.umask(umask)
    assert file.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """Text that cannot be encoded breaks the writing half-way; the old file stands and the temporary one is gone."""
    file = tmp_path / "r.html"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(file, "half \ud800")
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(UsageError, match=r"r\.html cannot be written"):
        write(tmp_path / "gone" / "r.html", "text")


def test_a_name_that_the_file_system_refuses_is_said(tmp_path: Path) -> None:
    """The temporary file can be had, the file itself cannot: a usage error, and nothing is left."""
    with pytest.raises(UsageError, match="cannot be written: File name too long"):
        write(tmp_path / ("n" * 300), "text")
    assert list(tmp_path.iterdir()) == []


def stored(reports: Path, *runs: str) -> None:
    for run in runs:
        (reports / run).mkdir(parents=True)
        (reports / run / "run.json").write_text("{}", encoding="utf-8")


def test_a_stored_run_is_found_by_id_beginning_or_path(tmp_path: Path) -> None:
    """The latest where none is named: ids sort by time."""
    stored(tmp_path, "01A1", "01B1", "01B2")
    assert find(None, tmp_path).parent.name == "01B2"
    assert find("01A", tmp_path).parent.name == "01A1"
    assert find(str(tmp_path / "01B1"), tmp_path).parent.name == "01B1"
    assert find(str(tmp_path / "01B1" / "run.json"), tmp_path).parent.name == "01B1"


@pytest.mark.parametrize(("wanted", "says"), [("01B", "2 runs begin"), ("02", "no run '02'"), ("../x", "no run")])
def test_what_is_not_one_run_is_refused(tmp_path: Path, wanted: str, says: str) -> None:
    """None and several are both errors."""
    stored(tmp_path, "01A1", "01B1", "01B2")
    with pytest.raises(UsageError, match=says):
        find(wanted, tmp_path)
