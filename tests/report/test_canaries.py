"""No value of a personal column leaves the source, whatever is written about it."""

from __future__ import annotations

import csv
import html
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import walkaround

SAMPLE = Path(__file__).parents[2] / "sample_data"
PERSONAL = ("name", "email", "phone", "phone_number", "birth_date", "address")
SENTINELS = {"1900-01-01"}
"""Days that programs write for nothing: they come from the program's own list, and no person was born on them."""
NOTHING = 5
"""Shorter texts are empty, or words such as N/A."""


def canaries() -> list[str]:
    """Every value of the personal columns, of pilot and production."""
    found: set[str] = set()
    for side in ("pilot", "production"):
        with (SAMPLE / side / "customers.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found |= {row[column] for column in PERSONAL if column in row}
    return sorted(value for value in found - SENTINELS if len(value) > NOTHING)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run over the sample data."""
    root = tmp_path_factory.mktemp("crm") / "crm"
    shutil.copytree(SAMPLE, root)
    settings = walkaround.load_settings(root / "walkaround.yaml")
    walkaround.freeze(settings, by="Ana Silva", now=datetime(2026, 11, 20, tzinfo=UTC))
    run = walkaround.check(settings, now=datetime(2026, 11, 21, tzinfo=UTC))
    return root / "reports" / "sample-crm" / run.id


def test_there_are_canaries() -> None:
    """2,000 of the pilot and more of production: thousands of e-mails, names, numbers, days and addresses."""
    held = canaries()
    assert len(held) > 8_000
    assert sum("@" in value for value in held) > 4_000


@pytest.mark.parametrize("name", ["index.html", "run.json", "junit.xml", "findings.csv", "SHA256SUMS"])
def test_no_file_holds_a_personal_value(written: Path, name: str) -> None:
    """Not as it stands, not escaped for HTML, not escaped for JSON."""
    raw = (written / name).read_text(encoding="utf-8")
    forms = [raw, html.unescape(raw)]
    if name.endswith(".json"):
        forms.append(json.dumps(json.loads(raw), ensure_ascii=False))
    found = pl.Series(forms).str.extract_many(canaries()).explode().drop_nulls().unique().to_list()
    assert found == []


def test_nothing_that_is_kept_holds_a_personal_value(written: Path) -> None:
    """Neither the frozen pilot, which is reviewed and shared, nor the history."""
    kept = [
        file
        for file in written.parents[2].rglob("*")
        if file.is_file() and not {"production", "pilot"} & {part.name for part in file.parents}
    ]
    assert any(file.name == "suite.json" for file in kept)
    texts = [file.read_bytes().decode("utf-8", "replace") for file in kept]
    assert pl.Series(texts).str.extract_many(canaries()).explode().drop_nulls().unique().to_list() == []


def test_the_search_finds_what_is_there(written: Path) -> None:
    """A planted value is found in the page, so that an empty answer means something."""
    text = (written / "index.html").read_text(encoding="utf-8") + canaries()[1_000]
    assert pl.Series([text]).str.extract_many(canaries()).explode().drop_nulls().unique().to_list() != []
