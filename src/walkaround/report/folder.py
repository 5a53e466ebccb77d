"""The folder of a run: everything that a run leaves, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from walkaround.errors import UsageError
from walkaround.model.run import Run
from walkaround.report import findings, json, junit, render


def write(run: Run, directory: Path) -> Path:
    """Write index.html, run.json, junit.xml, findings.csv and SHA256SUMS into `directory`; the page's path.

    All is written beside `directory` and then renamed, so that nobody ever finds half a report. A report that stood
    there before is replaced.

    Raises:
        UsageError: the folder cannot be written.
    """
    made = {
        "index.html": render.html(run),
        "run.json": json.dumps(run),
        "junit.xml": junit.xml(run),
        "findings.csv": findings.csv(run),
    }
    contents = {name: text.encode() for name, text in made.items()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in contents.items())
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        _replace(directory, {**contents, "SHA256SUMS": sums.encode()})
    except OSError as error:
        raise UsageError(
            f"the report could not be written to {directory}: {error.strerror or error}",
            "name a folder that can be written, with room on its disk",
        ) from error
    return directory / "index.html"


def _replace(directory: Path, contents: dict[str, bytes]) -> None:
    """Fill a sibling, then put it in the place of `directory`."""
    with tempfile.TemporaryDirectory(
        dir=directory.parent, prefix=f".{directory.name}.", ignore_cleanup_errors=True
    ) as held:
        fresh, old = Path(held) / "fresh", Path(held) / "old"
        fresh.mkdir()
        for name, content in contents.items():
            with (fresh / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if directory.exists():
            shutil.move(directory, old)
        try:
            fresh.rename(directory)
        except OSError:
            if old.exists():
                old.rename(directory)
            raise
