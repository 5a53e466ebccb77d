"""Great Expectations' own tests, taken from the source distribution that pip downloads; wheels hold none."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from environment import pip

WANTED = ("tests/", "reqs/", "pyproject.toml")
"""Never the package: what is tested is the one that is installed."""


def obtained(folder: Path, version: str, python: Path) -> Path:
    """The folder with the tests of this version; downloaded where it is not there yet.

    Raises:
        NotAvailableError: pip could not download it.
    """
    tests = folder / version
    if not tests.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as holding:
            name = "great_expectations"
            pip(python, "download", "--no-deps", "--no-binary", name, "--dest", holding, f"{name}=={version}")
            [archive] = Path(holding).glob("*.tar.gz")
            unpacked = Path(holding) / "unpacked"
            _unpack(archive, unpacked)
            unpacked.rename(tests)
    return tests


def _unpack(archive: Path, into: Path) -> None:
    with tarfile.open(archive) as tar:
        for member in tar:
            _, _, path = member.name.partition("/")
            if path.startswith(WANTED):
                tar.extract(member.replace(name=path), into, filter="data")
