"""A run read back from where it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from walkaround.errors import UsageError
from walkaround.model.run import Run
from walkaround.report import json

RECORD: Final = "run.json"
"""The file that holds a run whole; every other file of its folder is made from the same value."""


def load_run(path: Path | str) -> Run:
    """The run of a report folder, or of a file that `--format json` printed.

    Raises:
        UsageError: there is no such file, it cannot be read, or it holds no run of this version.
    """
    given = Path(path)
    record = given / RECORD if given.is_dir() else given
    try:
        return json.from_json(record.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise UsageError(f"{record} is not UTF-8, so it is no run") from None
    except OSError as error:
        raise UsageError(f"{record} could not be read: {error.strerror}") from None
