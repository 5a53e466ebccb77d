"""States as text: what a pilot keeps of its profile, in git (facts and states that law 4 allows) or beside it (all).

Arrays are written as base64 of their bytes, so that a state read back is the state that was written.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from walkaround.columns.hashing import VERSION as HASH
from walkaround.errors import BaselineError
from walkaround.measures import column_measures, table_measures
from walkaround.measures.counting import Sketch
from walkaround.measures.privacy import is_personal
from walkaround.model.measure import Measure
from walkaround.model.profile import ColumnProfile, TableProfile
from walkaround.model.sample import DeclaredColumn, Drawn, Records, SourceFacts
from walkaround.model.source import ColumnSpec

FORMAT: Final = "walkaround.profile/1"
_BIG: Final = 2**53
"""Beyond this JSON readers of other languages lose digits, so such integers are written as text."""


def dump(profile: TableProfile, *, portable: bool, frozen: Mapping[str, str] | None = None) -> str:
    """The profile as JSON text, in a stable order. `portable`: only what may stand in git (law 4). `frozen` says by
    whom and when.
    """
    return (
        json.dumps(
            {
                "format": FORMAT,
                "hash": HASH,
                "source": profile.source,
                "rows": profile.rows,
                "fingerprint": profile.fingerprint,
                "frozen": dict(frozen or {}),
                "kind": profile.facts_of_source.kind,
                "drawn": _plain(profile.drawn),
                "records": _plain(profile.records),
                "declared": [[column.name, column.type] for column in profile.facts_of_source.columns],
                "measures": _states(profile.measures, personal=True, portable=portable),
                "columns": [_column(column, portable=portable) for column in profile.columns.values()],
            },
            ensure_ascii=False,
            indent=1 if portable else None,
            allow_nan=False,
        )
        + "\n"
    )


def load(text: str, where: str) -> TableProfile:
    """The profile that was written; `where` names the file for messages.

    Raises:
        BaselineError: the text is damaged, or of another version of walkaround or of its hash.
    """
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise BaselineError(f"{where} is of format {told['format']!r}, not {FORMAT!r}", "freeze the pilot again")
        same_hash = told["hash"] == HASH
        columns = {}
        for column in told["columns"]:
            spec = ColumnSpec(**_tuples(column["spec"]))
            states = _loaded(column["measures"], column_measures(), same_hash=same_hash)
            columns[column["name"]] = ColumnProfile(column["name"], column["kind"], column["declared"], spec, states)
        return TableProfile(
            told["source"],
            told["rows"],
            columns,
            _loaded(told["measures"], table_measures(), same_hash=same_hash),
            SourceFacts(told["kind"], tuple(DeclaredColumn(*pair) for pair in told["declared"])),
            Drawn(**_tuples(told["drawn"])),
            Records(**told["records"]),
            told["fingerprint"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BaselineError(
            f"{where} is damaged: {type(error).__name__}", "restore it from git, or freeze the pilot again"
        ) from error


def _column(column: ColumnProfile, *, portable: bool) -> dict[str, Any]:
    return {
        "name": column.name,
        "kind": column.kind,
        "declared": column.declared,
        "spec": _plain(column.spec),
        "measures": _states(column.measures, personal=is_personal(column), portable=portable),
    }


def _states(measures: tuple[Measure[Any], ...], *, personal: bool, portable: bool) -> dict[str, Any]:
    kept = {"always"} if personal else {"always", "not_personal"}
    return {type(state).__name__: _plain(state) for state in measures if not portable or type(state).keep in kept}


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each type there is, and nothing else
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.str, "base64": base64.b64encode(value.tobytes()).decode("ascii")}
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"float": repr(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return value


def _loaded(
    told: Mapping[str, Any], offered: tuple[type[Measure[Any]], ...], *, same_hash: bool
) -> tuple[Measure[Any], ...]:
    """The states of the measures there are today; those made with another hash are left out, so they are not
    compared.
    """
    return tuple(
        kind(**{f.name: _value(told[kind.__name__][f.name]) for f in fields(kind)})  # type: ignore[arg-type]  # every measure is a dataclass, which its tests prove
        for kind in offered
        if kind.__name__ in told and (same_hash or kind.keep != "never")
    )


def _value(told: Any) -> Any:
    if isinstance(told, Mapping):
        if "array" in told:
            return np.frombuffer(base64.b64decode(told["base64"]), np.dtype(told["array"])).copy()
        if "float" in told:
            return float(told["float"])
        if set(told) == {f.name for f in fields(Sketch)}:
            return Sketch(**{name: _value(item) for name, item in told.items()})
    return told


def _tuples(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
