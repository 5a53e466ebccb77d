"""What tests of kinds of files share: open a path, read all of its rows."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def files() -> ModuleType:
    """The module `connectors_files`."""
    spec = importlib.util.spec_from_file_location(
        "connectors_files", Path(__file__).parent.parent / "connectors_files.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
