"""Prints the page of the hostile run: a change to the page then shows in review. Run by `make golden`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from walkaround.report import render


def hostile_page(runs: ModuleType) -> str:
    """The page of a run that knows no check, so that only the report can change it."""
    return render.html(runs.unknown())


if __name__ == "__main__":
    spec = importlib.util.spec_from_file_location("report_runs", Path(__file__).with_name("runs.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["report_runs"] = module
    spec.loader.exec_module(module)
    sys.stdout.buffer.write(hostile_page(module).encode())
