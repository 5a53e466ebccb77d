"""What differs between a file as it was written and as it was read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from messy.generator import COUNT_REASONS, QUOTE_REASONS, File
from walkaround.connectors import open_sample
from walkaround.model.sample import Sample
from walkaround.model.source import Source

_GROUPS = {**dict.fromkeys(COUNT_REASONS, "count"), **dict.fromkeys(QUOTE_REASONS, "quote")}


def read(path: Path) -> tuple[Sample, list[tuple[str | None, ...]]]:
    """A file's sample and its rows."""
    sample = open_sample(Source("s", str(path)))
    return sample, [
        row for batch in sample.batches() for row in zip(*(c.to_pylist() for c in batch.columns), strict=True)
    ]


def differences(file: File, path: Path) -> list[str]:
    """Each way in which the file was not read as it was written, where a person could tell; none is what must be."""
    path.write_bytes(file.content)
    sample, found = read(path)
    records = sample.records
    said = []
    if records.rows + records.lost + records.blank + records.preamble + records.header != records.physical:
        said.append("sum: records are not accounted for")
    if len(found) != records.rows:
        said.append("sum: rows are not those that were counted")
    names = tuple(column.name for column in sample.facts.columns)
    if names != file.names:
        said.append(f"names: {names} for {file.names}")
    rejected = Counter(records.rejected)
    if file.least is not None:
        return said + _of_cut_archive(file, found, rejected)
    wanted = {"rows": len(file.rows), "blank": file.blank, "preamble": file.preamble, "header": file.header}
    got = {"rows": records.rows, "blank": records.blank, "preamble": records.preamble, "header": records.header}
    groups = Counter[str]()
    for reason, count in rejected.items():
        groups[_GROUPS.get(reason, reason)] += count
    if "last record" in file.unsure:
        return said + _of_cut_record(file, found, groups, wanted, got)
    said += [f"{what}: {got[what]} for {wanted[what]}" for what in wanted if got[what] != wanted[what]]
    if groups != Counter(file.rejected):
        said.append(f"rejected: {dict(rejected)} for {dict(file.rejected)}")
    return said + _of_values(file.rows, found)


def _of_values(wanted: tuple[tuple[str, ...], ...], found: list[tuple[str | None, ...]]) -> list[str]:
    for place, (row, got) in enumerate(zip(wanted, found, strict=False)):
        shown = tuple(value or "" for value in got)
        if shown != row:
            column = next((n for n, (a, b) in enumerate(zip(row, shown, strict=False)) if a != b), -1)
            return [f"values: row {place} column {column}: {shown[column]!r:.60} for {row[column]!r:.60}"]
    return []


def _of_cut_archive(file: File, found: list[tuple[str | None, ...]], rejected: Counter[str]) -> list[str]:
    said = [] if rejected["truncated"] == 1 else [f"rejected: {dict(rejected)} without the cut"]
    if len(found) < (file.least or 0):
        said.append(f"rows: {len(found)} of {file.least} that are readable")
    return said + _of_values(file.rows, found)


def _of_cut_record(
    file: File, found: list[tuple[str | None, ...]], groups: Counter[str], wanted: dict[str, int], got: dict[str, int]
) -> list[str]:
    """The cut record is one more row or reject, or as many as it had lines; all before it is as it was written."""
    said = [f"{what}: {got[what]} for {wanted[what]}" for what in ("preamble", "header") if got[what] != wanted[what]]
    before = sum(file.rejected.values()) + len(file.rows)
    more = len(found) + groups.total() + got["blank"] - wanted["blank"] - before
    if not 1 <= more <= file.cut_lines:
        said.append(f"rows: the cut record became {more}")
    if len(found) < len(file.rows):
        said.append(f"rows: {len(found)} for {len(file.rows)}")
    return said + _of_values(file.rows, found)
