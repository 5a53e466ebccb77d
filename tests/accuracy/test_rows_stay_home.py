"""Law 4: no value of a personal column is in anything that a night leaves behind."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from walkaround import settings, workflow

SAMPLE = Path(__file__).parents[2] / "sample_data"
PERSONAL = ("name", "email", "phone_number", "birth_date", "address", "customer_id")
SENTINEL = "1900-01-01"
"""A day that programs write for nothing; the finding names it."""


def test_a_night_leaves_no_personal_value(tmp_path: Path) -> None:
    """Suites, pilots, report, JSON, CSV and history hold no name, address, birth date or id of anybody."""
    project = tmp_path / "crm"
    shutil.copytree(SAMPLE, project)
    config = settings.load(project / "walkaround.yaml")
    workflow.freeze(config, by="test", now=datetime(2026, 11, 21, tzinfo=UTC))
    workflow.check(config)
    with (project / "production" / "customers.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    values = {row[column] for row in rows for column in PERSONAL if len(row[column]) > 4} - {SENTINEL, "unknown"}
    assert len(values) > 10_000
    left = [path for folder in ("expectations", "reports") for path in (project / folder).rglob("*") if path.is_file()]
    assert len(left) >= 9
    for path in left:
        text = path.read_text(encoding="utf-8")
        assert not [value for value in values if value in text], path.name
    with duckdb.connect(str(project / ".walkaround" / "history.duckdb"), read_only=True) as history:
        for table in ("runs", "sources", "findings", "facts"):
            text = str(history.table(table).fetchall())
            assert not [value for value in values if value in text], table
        kept = history.sql(
            "select count(*) from facts where name in ('minimum', 'first_day') and source = 'crm.customers' "
            "and list_contains(columns, 'birth_date')"
        ).fetchall()
    assert kept == [(0,)]


def test_states_are_private(tmp_path: Path) -> None:
    """The hashes and the secret that seeds them are readable by their owner alone, and stay out of git."""
    project = tmp_path / "crm"
    shutil.copytree(SAMPLE, project)
    workflow.freeze(settings.load(project / "walkaround.yaml"), by="test")
    private = [path for path in (project / ".walkaround").rglob("*") if path.is_file()]
    assert {path.suffix for path in private} == {".walk", ""}
    assert {path.stat().st_mode & 0o777 for path in private} == {0o600}
