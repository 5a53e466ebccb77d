"""Export the frozen limits of the sample project as core expectations, as `walkaround gx export` does, into the folder
beside this file: run by `make golden`.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from walkaround import settings, workflow
from walkaround.gx.export import dumps

ROOT: Final = Path(__file__).parents[2]
FROZEN: Final = datetime(2026, 11, 21, tzinfo=UTC)
"""When the sample pilots are said to have been frozen, so that the files are the same each time they are made."""


def export_sample(target: Path) -> None:
    """Write a suite for each source of the sample project into `target`."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "crm"
        shutil.copytree(ROOT / "sample_data", root)
        project = settings.load(root / "walkaround.yaml")
        workflow.freeze(project, by="walkaround", now=FROZEN)
        for name in project.sources:
            (target / f"{name}.json").write_text(dumps(workflow.core_suite(project, name)), encoding="utf-8")


if __name__ == "__main__":
    export_sample(Path(__file__).with_suffix(""))
