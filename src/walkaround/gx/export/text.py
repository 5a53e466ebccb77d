"""The text of an export: JSON that any Great Expectations loads, two lines an expectation, the same each time."""

from __future__ import annotations

from typing import Any, Final

from walkaround.gx.export.suite import Exported, Lacking, Said
from walkaround.gx.suite_json import OURS
from walkaround.gx.written import commas, expectation_lines, line

NOTES: Final = (
    "Made by `walkaround gx export` from a pilot and its limits; every expectation is one of Great Expectations' own. "
    "It is for a table whose columns are of the types under `read_as`, with empty fields of text files as nulls; "
    "`cannot_say` lists the limits that no core expectation can hold."
)


def dumps(exported: Exported) -> str:
    """The text of a suite; equal exports give equal text."""
    lines = ["{", f'  "name": {line(exported.name)},', f'  "notes": {line(NOTES)},', '  "meta": {']
    lines += [f'    "{OURS}": {{', f'      "pilot": {line(exported.pilot)},', f'      "rows": {exported.rows},']
    lines += [f'      "read_as": {line(dict(exported.forms))},', '      "cannot_say": [']
    lines += commas(f"        {line(_lacking(each))}" for each in exported.lacking)
    lines += ["      ]", "    }", "  },", '  "expectations": [']
    lines += commas(_expectation(said) for said in exported.said)
    return "\n".join([*lines, "  ]", "}", ""])


def _lacking(lacking: Lacking) -> dict[str, Any]:
    return {"code": lacking.code, "facts": list(lacking.facts), "columns": list(lacking.columns), "why": lacking.why}


def _expectation(said: Said) -> str:
    head: dict[str, Any] = {"type": said.core.type, "kwargs": dict(said.core.kwargs), "severity": said.limit.severity}
    if said.notes:
        head["notes"] = said.notes
    limit, pilot = said.limit, said.limit.pilot
    ours: dict[str, Any] = {"code": limit.code, "fact": limit.fact}
    ours |= {} if limit.max_value is None else {"max_value": limit.max_value}
    ours |= {"pilot": {"value": pilot.value, "count": pilot.count, "of": pilot.of}, "why": limit.why}
    ours |= {"remark": said.core.remark} if said.core.remark else {}
    return expectation_lines(head, {OURS: ours})
