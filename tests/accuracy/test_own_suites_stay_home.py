"""Law 4: suites of every expectation fail and err on rows full of canaries, and none of them leaves."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import walkaround
from walkaround.model.core_expectations import CORE
from walkaround.report import findings, junit, markdown, render
from walkaround.report.json import dumps

FAILING: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "gx" / "core_failing.json").read_text("utf-8")
)
"""Arguments with which each core expectation fails where all values are canaries."""
CANARIES = ("zqmail", "zqother", "zqgap", "zqkey", "zqtwice", "zqthrice", "91827.", "991827.", "91,827", "827.25")
SETTINGS = """\
version: 1
project: {name: crm, owner: {name: Ana Silva, email: ana@corp.example, confirmed_on: 2026-11-14}}
sources:
  text: {uri: text.csv, pilot: pilot.csv, columns: PERSONAL}
  typed: {uri: typed.parquet, pilot: pilot.csv, columns: PERSONAL}
"""
COLUMNS = ("mail", "mail2", "mail3", "gaps", "json", "twice", "thrice", "pay", "pay2")
PERSONAL = "{" + ", ".join(f"{name}: {{personal: true}}" for name in COLUMNS) + "}"


def records(rows: int, mark: str = "zq") -> list[dict[str, Any]]:
    """Rows whose every value begins with the mark, or is one of the pays."""
    return [
        {
            "mail": f"{mark}mail{row}@x.pt", "mail2": f"{mark}other{row}@y.pt", "mail3": f"{mark}mail{row}@x.pt",
            "gaps": None if row % 3 else f"{mark}gap{row}", "json": f'{{"{mark}key": {row}}}',
            "twice": f"{mark}twice", "thrice": f"{mark}thrice",
            "pay": 91827.25 + (row * 7) % 13, "pay2": 991827.25 + row,
        }
        for row in range(rows)
    ]  # fmt: skip


def delimited(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    lines = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue()


def suite(kinds: dict[str, dict[str, Any]]) -> str:
    # a set or a pattern is the user's own text, and stays in the user's own file
    return json.dumps({"name": "own", "expectations": [{"type": k, "kwargs": v} for k, v in kinds.items()]})


def erring() -> dict[str, dict[str, Any]]:
    """Every expectation about a column it cannot read: texts for numbers, numbers for patterns."""
    swapped = {"mail": "pay", "pay": "mail", "mail2": "pay2", "pay2": "mail2", "twice": "pay", "json": "pay"}

    def swap(value: Any) -> Any:
        if isinstance(value, list):
            return [swap(each) for each in value]
        return swapped.get(value, value) if isinstance(value, str) else value

    about = ("column", "column_A", "column_B", "column_list")
    return {
        kind: {name: swap(value) if name in about else value for name, value in kwargs.items()}
        for kind, kwargs in FAILING.items()
        if not kind.startswith("expect_table_")
    }


def test_a_night_of_failing_and_erring_suites_leaves_no_value(tmp_path: Path) -> None:
    """No byte of a report, a record, the history, the output or what else a check leaves is one of a canary."""
    plain = [{**row, "mail": "a", "mail2": "b", "mail3": "c"} for row in records(60, "plain")]
    for row in plain:
        row["pay"], row["pay2"] = 1.5, 2.5
    (tmp_path / "pilot.csv").write_text(delimited(plain), encoding="utf-8")
    (tmp_path / "text.csv").write_text(delimited(records(60)), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(records(60)), tmp_path / "typed.parquet")
    (tmp_path / "walkaround.yaml").write_text(SETTINGS.replace("PERSONAL", PERSONAL), encoding="utf-8")
    own = {"column": "mail", "value_set": ["a"]}
    safe = {kind: kwargs for kind, kwargs in FAILING.items() if "zq" not in json.dumps(kwargs)}
    for source in ("text", "typed"):
        folder = tmp_path / "expectations" / source
        folder.mkdir(parents=True)
        (folder / "rows-failing.json").write_text(suite(safe), encoding="utf-8")
        (folder / "rows-erring.json").write_text(suite(erring() | {"expect_column_values_to_be_in_set": own}), "utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    def walk(*arguments: str) -> str:
        told = subprocess.run(
            [sys.executable, "-m", "walkaround", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "TMPDIR": str(scratch)}, encoding="utf-8", timeout=300,
        )  # fmt: skip
        assert told.returncode in {0, 1}, told.stderr
        return told.stdout + told.stderr

    said = walk("baseline", "freeze") + walk("check", "-v", "--report", "r.html") + walk("check", "--format", "json")
    own_files = {tmp_path / name for name in ("text.csv", "typed.parquet")}
    written = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and path not in own_files and not path.name.startswith("rows-")
    ]  # fmt: skip
    assert {"index.html", "run.json", "junit.xml", "findings.csv", "history.duckdb", "r.html"} <= {
        p.name for p in written
    }
    run = json.loads(next(path for path in written if path.name == "run.json").read_text("utf-8"))
    told = [each for each in run["outcomes"] if each["code"] == "USR001"]
    never = {kind for kind, known in CORE.items() if known.told == "never"}
    assert {each["fact"].partition(" ")[0] for each in told if each["outcome"] == "fail"} >= safe.keys() - never
    assert sum("could not evaluate" in each["reason"] for each in told) > 5
    assert sum("do not read as one" in each["reason"] for each in told) > 5
    with duckdb.connect(str(tmp_path / ".walkaround" / "history.duckdb"), read_only=True) as history:
        said += "".join(str(history.table(name).fetchall()) for name in ("runs", "sources", "findings"))
    for canary in CANARIES:
        assert canary not in said, canary
        assert [path.name for path in written if canary.encode() in path.read_bytes()] == [], canary
    assert [path for path in scratch.rglob("*") if path.is_file()] == []


WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789@.-_ éß\U0001f600", min_size=6, max_size=20).map(
    lambda text: f"zq{text}qz"
)


@settings(
    max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(WORDS, min_size=3, max_size=12, unique=True), st.booleans())
def test_no_drawn_value_leaves(words: list[str], typed: bool) -> None:  # noqa: FBT001 - drawn
    """Whatever the values are, no form of a run that fails and errs on all of them holds one."""
    import tempfile  # noqa: PLC0415 - hypothesis runs a fixture once for all examples

    rows = [
        {**row, **{name: f"{words[(n + at) % len(words)]}{n}" for at, name in enumerate(COLUMNS[:5])}}
        for n, row in enumerate(records(40))
    ]
    with tempfile.TemporaryDirectory() as held:
        (folder := Path(held)).joinpath("own.json").write_text(suite(FAILING), encoding="utf-8")
        folder.joinpath("err.json").write_text(suite(erring()), encoding="utf-8")
        folder.joinpath("p.csv").write_text(delimited(rows), encoding="utf-8")
        data: Any = pa.Table.from_pylist(rows) if typed else folder / "p.csv"
        run = walkaround.compare(data, data, suites=[folder / "own.json", folder / "err.json"])
    told = [outcome for outcome in run.outcomes if outcome.code == "USR001"]
    assert len(told) == len(FAILING) + len(erring())
    text = "".join(outcome.reason + outcome.detail for outcome in told)
    text += "".join(str(finding) for finding in run.findings if finding.outcome.code == "USR001")
    for word in words:
        assert word not in text
    forms = [render.html(run), dumps(run), junit.xml(run), findings.csv(run), markdown.text(run)]
    for form in forms:
        assert not [word for word in words if word in form]
