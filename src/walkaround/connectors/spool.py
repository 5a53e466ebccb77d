"""Spool: private temporary files that hold what was fetched from afar, so that it can be read again.

Rows stay home: the folder is open to nobody else, lives no longer than the process, and what a killed process left
behind is swept away by the next one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import Final

_PREFIX: Final = "walkaround-spool-"


def spooled(suffix: str = "") -> Path:
    """The path of a new file in the private folder; the file is there, empty, and may be read by this user alone.

    Raises:
        OSError: there is no room, or no right to write.
    """
    path = spool_folder() / f"{uuid.uuid4().hex}{suffix}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return path


def spool_folder() -> Path:
    """The folder of this process, made when it is first asked for and removed at exit."""
    return _folder_of(os.getpid())


@cache
def _folder_of(process: int) -> Path:
    root = Path(tempfile.gettempdir())
    _sweep(root)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{process}-", dir=root))  # mode 0700

    def remove() -> None:
        if os.getpid() == process:  # a forked child leaves its parent's folder alone
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


def _sweep(root: Path) -> None:
    """Remove folders of this user whose process is gone."""
    for folder in root.glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        try:
            ours = folder.stat().st_uid == os.getuid() if hasattr(os, "getuid") else True
        except OSError:
            continue
        if ours and number.isdigit() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
