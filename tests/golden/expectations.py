"""Freeze the sample project's pilots into expectations/, as `walkaround baseline freeze` does: run by `make golden`."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from walkaround import settings, workflow

ROOT: Final = Path(__file__).parents[2]
FROZEN: Final = datetime(2026, 11, 21, tzinfo=UTC)
"""When the sample pilots are said to have been frozen, so that the files are the same each time they are made."""


def freeze_sample(target: Path) -> None:
    """Write the suites and profiles of the sample pilots below `target`."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "crm"
        shutil.copytree(ROOT / "sample_data", project)
        workflow.freeze(settings.load(project / "walkaround.yaml"), by="walkaround", now=FROZEN)
        shutil.copytree(project / "expectations", target, dirs_exist_ok=True)


if __name__ == "__main__":
    freeze_sample(ROOT / "expectations")
