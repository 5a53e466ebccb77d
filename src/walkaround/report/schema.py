"""The JSON Schema of `walkaround.run/1`, made from the same types that the run is."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin

from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import ColumnFigures, Project, Since, SourceRun
from walkaround.model.sample import Drawn, Records, SourceFacts
from walkaround.model.verdict import Coverage, Verdict
from walkaround.report.codec import hints
from walkaround.report.json import DESCRIBED, OF_UNITS, SCHEMA, TOLD

SCALARS: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": ["number", "null"]},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
}
"""How a field is written. A number is null where it was not finite."""


def run_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a run. Further keys are allowed: they may come with later versions."""
    verdict = _fields(Verdict)
    text, number = SCALARS[str], SCALARS[float]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A run of walkaround",
        **_object(
            {
                "schema": {"const": SCHEMA},
                "run": text,
                "started": SCALARS[datetime],
                "seconds": number,
                "command": text,
                "versions": _of(Mapping[str, str]),
                "project": _of(Project),
                "verdict": verdict["word"],
                "because": verdict["because"],
                "rule": verdict["rule"],
                "coverage": _of(Coverage),
                "findings": {"type": "array", "items": _finding()},
                "sources": {"type": "array", "items": _source()},
                "outcomes": {"type": "array", "items": _object(_outcome())},
                "since": _of(Since | None),
                "confidence": number,
                "settings": _of(Mapping[str, str]),
            }
        ),
    }


def _outcome() -> dict[str, Any]:
    held = _fields(Outcome)
    return {"outcome": held.pop("status"), **held}


def _finding() -> dict[str, Any]:
    told = {name: held for name, held in _fields(Finding).items() if name in TOLD}
    return _object({**_outcome(), "column": {"type": ["string", "null"]}, **told})


def _source() -> dict[str, Any]:
    held, facts, drawn = _fields(SourceRun), _fields(SourceFacts), _fields(Drawn)
    simple = ("name", "uri", "criticality", "problem", "duplicate_rate", "fingerprint")
    pilot = {name.removeprefix("pilot_"): each for name, each in held.items() if name.startswith("pilot_")}
    return _object(
        {
            **{name: held[name] for name in simple},
            "rows_sampled": drawn.pop("rows"),
            "rows_total": facts["rows_total"],
            "rows_total_is": facts["rows_total_is"],
            "sampling": _object(drawn),
            "records": _of(Records),
            "facts": _object({name: facts[name] for name in DESCRIBED}),
            "pilot": _object(pilot),
            "columns": {"type": "array", "items": _column()},
        }
    )


def _column() -> dict[str, Any]:
    figures = _fields(ColumnFigures)
    share = {"shape": SCALARS[str], "count": SCALARS[int], "share": SCALARS[float]}
    figures["shapes"] = {"type": "array", "items": _object(share)}
    own = {"name": SCALARS[str], **dict.fromkeys(("personal", "is_date", "in_production"), SCALARS[bool])}
    side, pilot = _object({**own, **figures}), _object(figures)
    for each in (side, pilot):
        each["required"] = [name for name in each["required"] if name not in OF_UNITS]
    side["properties"]["pilot"] = {"anyOf": [pilot, {"type": "null"}]}
    return {**side, "required": [*side["required"], "pilot"]}


def _fields(kind: type) -> dict[str, Any]:
    return {name: _of(inner) for name, inner in hints(kind).items()}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def _of(kind: Any) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of type
    """The schema of what `codec.plain` makes of a value of this type."""
    origin, inner = get_origin(kind), get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _object(_fields(kind))
    if origin in (Union, types.UnionType):
        return {"anyOf": [{"type": "null"} if arm is type(None) else _of(arm) for arm in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple and inner[-1] is Ellipsis:
        return {"type": "array", "items": _of(inner[0])}
    if origin is tuple:
        return {
            "type": "array",
            "prefixItems": [_of(arm) for arm in inner],
            "minItems": len(inner),
            "maxItems": len(inner),
        }
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(inner[1])}
    return SCALARS[kind]
