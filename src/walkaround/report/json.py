"""The run as JSON, `walkaround.run/1`: what other programs read, and what a run is loaded from again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from walkaround.errors import UsageError
from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import ColumnFigures, ColumnPair, Project, Run, Since, SourceRun
from walkaround.model.verdict import Coverage, Verdict
from walkaround.report.codec import plain, read

SCHEMA: Final = "walkaround.run/1"
"""The name of this form. A key may be added under it; one that changes its meaning takes a new number."""
TOLD: Final = ("title", "dimension", "message", "remedy")
"""What a finding adds to its outcome."""
OF_UNITS: Final = frozenset({"design_effect"})
"""Figures of a column that are written only where its rows were drawn in units."""
ADDED: Final = ("barriers", "foreign_keys", "exact")
"""What a source says of itself beyond its rows; runs that were stored earlier have none of it."""
DESCRIBED: Final = ("kind", "columns", "bytes", "modified", "key", "notes", "statements", "seconds", *ADDED)
"""What a source says of itself, apart from its number of rows."""


def dumps(run: Run) -> str:
    """The run as JSON text, in ASCII, so that no name in it can damage a file or a terminal."""
    return json.dumps(to_json(run), indent=2, allow_nan=False) + "\n"


def to_json(run: Run) -> dict[str, Any]:
    """The run in JSON's own types. Numbers that are not finite are null."""
    return {
        "schema": SCHEMA,
        "run": run.id,
        "started": plain(run.started),
        "seconds": plain(run.seconds),
        "command": run.command,
        "versions": plain(run.versions),
        "project": plain(run.project),
        "verdict": run.verdict.word,
        "because": list(run.verdict.because),
        "rule": run.verdict.rule,
        "coverage": plain(run.coverage),
        "findings": [_finding(finding) for finding in run.findings],
        "sources": [_source(source) for source in run.sources],
        "outcomes": [_outcome(outcome) for outcome in run.outcomes],
        "since": plain(run.since),
        "confidence": plain(run.confidence),
        "settings": plain(run.settings),
    }


def from_json(data: Any) -> Run:
    """The run that `to_json` wrote: parsed JSON, or its text.

    Raises:
        UsageError: this is no JSON, of another schema, or damaged; the message names the first place that is wrong.
    """
    held = _parsed(data)
    return Run(
        id=read(str, _part(held, "run"), "run"),
        versions=read(Mapping[str, str], _part(held, "versions"), "versions"),
        verdict=read(
            Verdict,
            {"word": _part(held, "verdict"), "because": _part(held, "because"), "rule": _part(held, "rule")},
            "verdict",
        ),
        coverage=read(Coverage, _part(held, "coverage"), "coverage"),
        findings=tuple(
            _read_finding(each, f"findings[{at}]") for at, each in enumerate(_list(held, "findings", "findings"))
        ),
        sources=tuple(
            _read_source(each, f"sources[{at}]") for at, each in enumerate(_list(held, "sources", "sources"))
        ),
        outcomes=tuple(
            _read_outcome(each, f"outcomes[{at}]") for at, each in enumerate(_list(held, "outcomes", "outcomes"))
        ),
        project=read(Project, _part(held, "project"), "project"),
        since=read(Since | None, _part(held, "since"), "since"),
        settings=read(Mapping[str, str], _part(held, "settings"), "settings"),
        started=read(datetime, _part(held, "started"), "started"),
        seconds=read(float, _part(held, "seconds"), "seconds"),
        command=read(str, _part(held, "command"), "command"),
        confidence=read(float, _part(held, "confidence"), "confidence"),
    )


def _outcome(outcome: Outcome) -> dict[str, Any]:
    held = plain(outcome)
    return {"outcome": held.pop("status"), **held}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        **_outcome(finding.outcome),
        "column": finding.column,
        **{name: getattr(finding, name) for name in TOLD},
    }


def _source(source: SourceRun) -> dict[str, Any]:
    held, facts, drawn = plain(source), plain(source.facts), plain(source.drawn)
    return {
        "name": source.name,
        "uri": source.uri,
        "criticality": source.criticality,
        "problem": source.problem,
        "rows_sampled": drawn.pop("rows"),
        "rows_total": facts["rows_total"],
        "rows_total_is": facts["rows_total_is"],
        "sampling": drawn,
        "duplicate_rate": held["duplicate_rate"],
        "fingerprint": source.fingerprint,
        "records": held["records"],
        "facts": {name: facts[name] for name in DESCRIBED},
        "pilot": {name.removeprefix("pilot_"): value for name, value in held.items() if name.startswith("pilot_")},
        "columns": [_pair(pair) for pair in source.columns],
    }


def _pair(pair: ColumnPair) -> dict[str, Any]:
    nothing = ColumnFigures("", "", 0)
    return {
        "name": pair.name,
        "personal": pair.personal,
        "is_date": pair.is_date,
        "in_production": pair.production is not None,
        **_figures(nothing if pair.production is None else pair.production),
        "pilot": None if pair.pilot is None else _figures(pair.pilot),
    }


def _figures(figures: ColumnFigures) -> dict[str, Any]:
    held = plain(figures)
    held["shapes"] = [{"shape": part.pop("label"), **part} for part in held["shapes"]]
    return {name: value for name, value in held.items() if value is not None or name not in OF_UNITS}


def _parsed(data: Any) -> dict[str, Any]:
    if isinstance(data, (str, bytes)):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise UsageError(
                f"this is no run that can be read: it is not JSON ({error})", "give the run.json of a run"
            ) from error
    if not isinstance(data, dict):
        raise UsageError("this is no run that can be read: it is not a JSON object", "give the run.json of a run")
    if data.get("schema") != SCHEMA:
        raise UsageError(
            f"this is no run that can be read: its schema is {str(data.get('schema'))[:80]!r}, and not {SCHEMA!r}",
            "give the run.json of a run, or read it with the version of walkaround that wrote it",
        )
    return data


def _part(held: Any, name: str, where: str = "the run") -> Any:
    if not isinstance(held, dict) or name not in held:
        raise UsageError(
            f"this is no run that can be read: {where} lacks {name}", "the file may be damaged: write it again"
        )
    return held[name]


def _list(held: Any, name: str, where: str) -> list[Any]:
    value = _part(held, name, where)
    return list(value) if isinstance(value, list) else read(tuple[Any, ...], value, where)


def _read_outcome(held: Any, where: str) -> Outcome:
    status = _part(held, "outcome", where)
    return read(Outcome, {**held, "status": status}, where)  # type: ignore[no-any-return]  # read gives its first argument


def _read_finding(held: Any, where: str) -> Finding:
    told = {name: _part(held, name, where) for name in TOLD}
    outcome = plain(_read_outcome(held, where))
    return read(Finding, {"outcome": outcome, **told}, where)  # type: ignore[no-any-return]  # as above


def _read_source(held: Any, where: str) -> SourceRun:
    total = {name: _part(held, name, where) for name in ("rows_total", "rows_total_is")}
    described = {**{name: [] for name in ADDED}, **_object(held, "facts", where), **total}
    drawn = {**_object(held, "sampling", where), "rows": _part(held, "rows_sampled", where)}
    pilot = {f"pilot_{name}": value for name, value in _object(held, "pilot", where).items()}
    columns = [_read_pair(each, f"{where}.columns[{at}]") for at, each in enumerate(_list(held, "columns", where))]
    simple = {field.name: held.get(field.name) for field in fields(SourceRun) if field.name in held}
    bare = read(SourceRun, {**simple, **pilot, "facts": described, "drawn": drawn, "columns": []}, where)
    return SourceRun(
        **{field.name: getattr(bare, field.name) for field in fields(SourceRun) if field.name != "columns"},
        columns=tuple(columns),
    )


def _read_pair(held: Any, where: str) -> ColumnPair:
    pilot = _part(held, "pilot", where)
    there = read(bool, _part(held, "in_production", where), f"{where}.in_production")
    return ColumnPair(
        name=read(str, _part(held, "name", where), f"{where}.name"),
        personal=read(bool, _part(held, "personal", where), f"{where}.personal"),
        pilot=None if pilot is None else _read_figures(pilot, f"{where}.pilot"),
        production=_read_figures(held, where) if there else None,
        is_date=read(bool, _part(held, "is_date", where), f"{where}.is_date"),
    )


def _read_figures(held: Any, where: str) -> ColumnFigures:
    shapes = [{**part, "label": _part(part, "shape", f"{where}.shapes")} for part in _list(held, "shapes", where)]
    held = {**dict.fromkeys(OF_UNITS), **held, "shapes": shapes}
    return read(ColumnFigures, held, where)  # type: ignore[no-any-return]  # as above


def _object(held: Any, name: str, where: str) -> dict[str, Any]:
    value = _part(held, name, where)
    if not isinstance(value, dict):
        raise UsageError(f"this is no run that can be read: {where}.{name} is not an object", "write it again")
    return value
