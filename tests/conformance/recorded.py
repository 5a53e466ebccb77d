"""Pytest run in another environment, and what each of its tests came to."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from environment import NotAvailableError

HERE: Final = Path(__file__).parent
TWO_AT_ONCE: Final = ("-n", "2")
"""The tests share no state but what is made once for each process."""
MOST_TOLD: Final = 3000
"""Characters of what pytest printed last."""


def recorded(python: Path, folder: Path, arguments: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the plug-in `record` writes of the tests that pytest runs in a folder: by the ids of the tests.

    Raises:
        NotAvailableError: pytest could not run them.
    """
    with tempfile.TemporaryDirectory() as holding:
        record = Path(holding) / "record.json"
        plugins = ("-p", "no:cacheprovider", "-p", "record", "--record", str(record))
        command = [str(python), "-m", "pytest", "-q", *TWO_AT_ONCE, *plugins, *arguments]
        environ = {**os.environ, "PYTHONPATH": str(HERE)}
        ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
        if ran.returncode not in (0, 1) or not record.is_file():
            raise NotAvailableError(f"pytest could not run the tests:\n{ran.stdout[-MOST_TOLD:]}{ran.stderr}")
        told: dict[str, dict[str, Any]] = json.loads(record.read_text(encoding="utf-8"))
        return told
