"""Public corpora of CSV, where they are installed: `README.md` names them, and how to get them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from messy.reckoning import read

from walkaround.errors import SourceError

SPECTRUM = Path(__file__).parents[2] / ".peers" / "node_modules" / "csv-spectrum"
FOLDERS = os.environ.get("WALKAROUND_TEXT_CORPORA", "")
"""Folders of text files, separated as in PATH."""
CONTRADICTED = {("location_coordinates", "Contact Phone Number")}
"""Where the JSON says another value than stands in the file: a number that was made anonymous in one of them."""
KINDS = {".csv", ".tsv", ".txt", ".dat"}


def test_csv_spectrum() -> None:
    """Every file of csv-spectrum is read as its JSON says, value by value."""
    cases = sorted((SPECTRUM / "csvs").glob("*.csv"))
    if not cases:
        pytest.skip("npm package csv-spectrum is not installed (npm install --prefix .peers csv-spectrum)")
    for case in cases:
        wanted = json.loads((SPECTRUM / "json" / f"{case.stem}.json").read_text(encoding="utf-8"))
        sample, found = read(case)
        names = [column.name for column in sample.facts.columns]
        kept = [name for name in names if (case.stem, name) not in CONTRADICTED]
        rows = [dict(zip(names, (value or "" for value in row), strict=True)) for row in found]
        assert [{name: row[name] for name in kept} for row in rows] == [
            {name: row[name] for name in kept} for row in (wanted if isinstance(wanted, list) else [wanted])
        ], case.name
        assert not sample.records.rejected


@pytest.mark.skipif(not FOLDERS, reason="WALKAROUND_TEXT_CORPORA names no folder of text files")
def test_every_record_of_a_corpus_is_accounted_for() -> None:
    """Whatever the files hold: each is read with a full account of its records, or refused in words."""
    files = [path for folder in FOLDERS.split(os.pathsep) for path in sorted(Path(folder).rglob("*")) if path.is_file()]
    files = [path for path in files if path.suffix.lower() in KINDS and path.stat().st_size]
    assert files
    for path in files:
        try:
            sample, found = read(path)
        except SourceError:
            continue  # in words: what is not a SourceError fails here
        records = sample.records
        accounted = records.rows + records.lost + records.blank + records.preamble + records.header
        assert (len(found), accounted) == (records.rows, records.physical), path
