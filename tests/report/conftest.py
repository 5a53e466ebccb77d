"""Hand-made runs, and a Chromium that asks nothing of the network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_found = importlib.util.spec_from_file_location("report_runs", Path(__file__).with_name("runs.py"))
assert _found is not None
assert _found.loader is not None
runs_module = importlib.util.module_from_spec(_found)
sys.modules["report_runs"] = runs_module
_found.loader.exec_module(runs_module)

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def runs() -> ModuleType:
    return runs_module


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: install Debian's package chromium")
        pytest.skip("needs Chromium: install Debian's package chromium")
    api = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")
    with api.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
