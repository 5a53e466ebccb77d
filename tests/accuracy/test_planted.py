"""What is planted in the sample data is what is found, and nothing else."""

from __future__ import annotations

import csv
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from walkaround import workflow
from walkaround.gx.suite import loads
from walkaround.model.run import Run

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample_data"
KEYS = {"customers": "customer_id", "orders": "order_id"}
sys.path.insert(0, str(ROOT / "tests" / "golden"))


@pytest.fixture(scope="module")
def defects() -> list[dict[str, Any]]:
    with (SAMPLE / "injected.toml").open("rb") as file:
        return list(tomllib.load(file)["defect"])


@pytest.fixture(scope="module", params=sorted(KEYS))
def compared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Run, Path]:
    name, cells = request.param, tmp_path_factory.mktemp("cells") / "cells.csv"
    run = workflow.compare(
        SAMPLE / "pilot" / f"{name}.csv", SAMPLE / "production" / f"{name}.csv", key=[KEYS[name]], failing_cells=cells
    )
    return name, run, cells


def planted(defects: list[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    return (defect for defect in defects if defect["file"] == f"production/{name}.csv")


def failed(run: Run) -> set[tuple[str, str]]:
    """Code and column of what fails; a renamed column under its name in production, as the list has it."""
    return {
        (f.outcome.code, f.outcome.detail if f.outcome.code == "SCH004" else f.column or "")
        for f in run.findings
        if f.outcome.status == "fail"
    }


def test_every_planted_defect_is_found(compared: tuple[str, Run, Path], defects: list[dict[str, Any]]) -> None:
    """Each defect that is covered by a check fails that check, on its column."""
    name, run, _ = compared
    wanted = {(d["code"], d.get("column", "")) for d in planted(defects, name) if d["covered"]}
    assert wanted <= failed(run) | {(code, "") for code, _ in failed(run)}
    assert wanted
    assert run.verdict.word == "not_ready"


def test_nothing_else_is_flagged(compared: tuple[str, Run, Path], defects: list[dict[str, Any]]) -> None:
    """Whatever fails is a planted defect, or a code that the list says may follow from it on the same column."""
    name, run, _ = compared
    explained = {(code, d.get("column", "")) for d in planted(defects, name) for code in (d["code"], *d["also"])}
    assert failed(run) <= explained
    assert not [finding for finding in run.findings if finding.outcome.status == "inconclusive"]


def test_the_rows_are_the_planted_ones(compared: tuple[str, Run, Path], defects: list[dict[str, Any]]) -> None:
    """--failing-cells names at least 95 % of the rows that were spoiled, and 95 % of what it names was spoiled."""
    name, _, cells = compared
    with cells.open(newline="") as file:
        listed = {(int(line["row"]), line["column"]) for line in csv.DictReader(file)}
    truth = {
        (row, d["column"])
        for d in planted(defects, name)
        if d["covered"] and d["code"] not in {"DUP001", "DUP002", "SCH004"}
        for row in d["rows"]
    }
    assert len(listed & truth) >= 0.95 * len(truth)
    assert len(listed & truth) >= 0.95 * len(listed)


def test_the_pilot_is_ready_for_itself() -> None:
    """Held against itself, the pilot passes everything."""
    for name, key in KEYS.items():
        run = workflow.compare(SAMPLE / "pilot" / f"{name}.csv", SAMPLE / "pilot" / f"{name}.csv", key=[key])
        assert run.verdict.word == "ready", [finding.message for finding in run.findings]


def test_expectations_are_those_of_the_sample(tmp_path: Path) -> None:
    """expectations/ holds what freezing the sample pilots makes; `make golden` renews it."""
    from expectations import freeze_sample  # noqa: PLC0415 - a script beside the golden files

    freeze_sample(tmp_path)
    for source in ("crm.customers", "crm.orders"):
        made, kept = (folder / source / "suite.json" for folder in (tmp_path, ROOT / "expectations"))
        assert loads(made.read_text(), "made") == loads(kept.read_text(), "kept"), source
