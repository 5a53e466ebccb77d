"""A pytest plug-in: `--record FILE` writes, for each test, whether it passed and what it said if not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

NOT_RUN: Final = {"passed": False, "message": "it did not run", "batches": 0, "fallbacks": ()}

_tests: dict[str, dict[str, Any]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """The file."""
    parser.addoption("--record", type=Path, required=True)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep what a test came to: it passed where its setup, its call and its teardown did."""
    told = _tests.setdefault(
        report.nodeid, {"passed": False, "message": "it did not run", "batches": 0, "fallbacks": []}
    )
    if report.when == "call":
        told.update(report.user_properties)
        told.update(passed=report.passed, message=_message(report))
    elif not report.passed:
        told.update(passed=False, message=_message(report))


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """A file that cannot be collected is a failure too."""
    if report.failed:
        _tests[report.nodeid] = NOT_RUN | {"message": str(report.longrepr).strip().rpartition("\n")[2]}


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write it all, once: not in each of the processes that run tests side by side."""
    if not hasattr(session.config, "workerinput"):
        session.config.getoption("--record").write_text(json.dumps(_tests), encoding="utf-8")


def _message(report: pytest.TestReport) -> str:
    if report.passed:
        return ""
    if report.skipped:
        return "skipped"
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash else report.longrepr).partition("\n")[0]
