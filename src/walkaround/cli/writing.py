"""Writing: files come into being whole or not at all."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from walkaround.errors import UsageError

_MODE: Final = 0o666
"""What a new file is created with, less the umask: mkstemp alone would hide a report from those it is for."""


class OutFile(click.ParamType[Path]):
    """A file to be written: refused before the work begins where it could not be written after it."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        path = Path(value)
        try:
            folder = path.is_dir()
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)
        if folder:
            self.fail(f"{value} is a folder", param, ctx)
        if not path.absolute().parent.is_dir():
            self.fail(f"{value}: there is no folder {path.parent}", param, ctx)
        if not os.access(path.absolute().parent, os.W_OK):
            self.fail(f"{value}: nothing may be written into {path.absolute().parent}", param, ctx)
        return path


def spare_sources(written: Iterable[Path | None], read: Iterable[str]) -> None:
    """Refuse to write over what is read, and to write two results into one file (law 5).

    Raises:
        UsageError: one of `written` is one of the files of `read` (paths and patterns), or stands there twice.
    """
    taken = {Path(found).resolve() for name in read for found in [name, *_matching(name)]}
    for path in written:
        if path is None:
            continue
        if path.resolve() in taken:
            raise UsageError(f"{path} is read or written by this command already", "choose another name for the result")
        taken.add(path.resolve())


def _matching(pattern: str) -> list[str]:
    return glob.glob(pattern, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute patterns


def write(path: Path, text: str) -> None:
    """Write a text file atomically: a reader sees the old file or the new one, and an interrupt leaves no third.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.absolute().parent)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(_MODE & ~umask)
        temporary.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
