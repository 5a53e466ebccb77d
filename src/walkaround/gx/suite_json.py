"""The text of a suite: JSON that Great Expectations loads and that reads well in a git diff.

One expectation takes two lines: what is expected, and where it comes from. An edit changes one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast, get_args

from walkaround.errors import BaselineError
from walkaround.gx.place import HINT, IGNORED, Fields, Place, parsed
from walkaround.gx.written import commas, expectation_lines, line
from walkaround.model.expectation import (
    EXPECTATION_TYPE,
    USERS_CODE,
    Expectation,
    ExpectationKey,
    Generated,
)
from walkaround.model.limit import Evidence, Limit, PilotFigure, Severity
from walkaround.model.suite import Suite

OURS: Final = "walkaround"
"""The key of our own entries in `meta`; every other key is somebody else's and is kept."""


def arguments(limit: Limit) -> dict[str, Any]:
    """The expectation's arguments as Great Expectations takes them."""
    kwargs: dict[str, Any] = {"fact": limit.fact}
    if len(limit.columns) == 1:
        kwargs["column"] = limit.columns[0]
    elif limit.columns:
        kwargs["columns"] = list(limit.columns)
    return kwargs | _bounds(limit.max_value, limit.min_value)


def dumps(suite: Suite) -> str:
    """The text of a suite; equal suites give equal text, and `loads` gives the suite back."""
    ours: dict[str, Any] = {"pilot": suite.pilot}
    if suite.frozen is not None:
        ours["frozen"] = suite.frozen.isoformat()
    lines = ["{", f'  "name": {line(suite.name)},', '  "meta": {', '    "walkaround": {']
    lines += [f'      "{key}": {line(value)},' for key, value in ours.items()]
    lines += ['      "generated": {', *_key_lines(suite.made), "      },"]
    lines += ['      "deleted": {', *_key_lines(suite.deleted), "      }", "    }"]
    for key in sorted(suite.meta):
        lines[-1] += ","
        lines.append(f"    {line(key)}: {line(suite.meta[key])}")
    lines += ["  },", '  "expectations": [']
    lines += commas(_expectation_lines(expectation) for expectation in suite.expectations)
    return "\n".join([*lines, "  ]", "}", ""])


def loads(text: str, where: str) -> Suite:
    """The suite that a text holds. `where` names the file in messages.

    Raises:
        BaselineError: the text is no suite of ours, with the place in it and what to do.
    """
    top = parsed(text, where).object("name", "expectations", "meta", "suite_parameters", "notes", *IGNORED)
    meta = top.get("meta", {}).mapping()
    ours = Place(f"{where}: meta.walkaround", meta.get(OURS, {})).object("pilot", "frozen", "generated", "deleted")
    suite = Suite(
        name=top["name"].text(),
        expectations=tuple(_expectation(place) for place in top["expectations"].items()),
        pilot=ours.get("pilot", "").text(),
        frozen=ours.get("frozen", None).time(),
        made=_keys(ours.get("generated", {})),
        deleted=_keys(ours.get("deleted", {})),
        meta={key: value for key, value in meta.items() if key != OURS},
    )
    if len(suite.by_key) < len(suite.expectations):
        seen: set[ExpectationKey] = set()
        for expectation in suite.expectations:
            if expectation.key in seen:
                raise BaselineError(
                    f"{where}: two expectations for {words(expectation.key)}",
                    "Keep the one that is meant and delete the other.",
                )
            seen.add(expectation.key)
    return suite


def words(key: ExpectationKey) -> str:
    """A key for people: "MIS001 missing_rate email"."""
    code, fact, columns = key
    return " ".join([code, fact, ", ".join(columns)]).strip()


def _expectation_lines(expectation: Expectation) -> str:
    limit = expectation.limit
    meta: dict[str, Any] = dict(sorted(expectation.meta.items()))
    if expectation.generated is not None:
        meta[OURS] = _provenance(limit, expectation.generated)
    head = {"type": EXPECTATION_TYPE, "kwargs": arguments(limit), "severity": limit.severity}
    if expectation.notes:
        head["notes"] = expectation.notes
    return expectation_lines(head, meta)


def _provenance(limit: Limit, was: Generated) -> dict[str, Any]:
    """Where a limit comes from, with what is not the usual only."""
    pilot = {"value": limit.pilot.value, "count": limit.pilot.count, "of": limit.pilot.of}
    provenance: dict[str, Any] = {"code": limit.code, "pilot": pilot, "tolerance": limit.tolerance}
    if limit.grave is not None:
        provenance["grave"] = limit.grave
    if limit.evidence != "rise":
        provenance["evidence"] = limit.evidence
    provenance["why"] = limit.why
    provenance["generated"] = {**_bounds(was.max_value, was.min_value), "severity": was.severity}
    return provenance


def _bounds(high: float | None, low: float | None) -> dict[str, float]:
    bounds = {"max_value": high, "min_value": low}
    return {name: value for name, value in bounds.items() if value is not None}


def _key_lines(keys: Iterable[ExpectationKey]) -> list[str]:
    """Keys by code and fact, a line each, so that 400 of them stay readable."""
    grouped: dict[str, list[list[str]]] = {}
    for code, fact, columns in sorted(keys):
        grouped.setdefault(f"{code} {fact}", []).append(list(columns))
    return commas(f"        {line(name)}: {line(columns)}" for name, columns in grouped.items())


def _expectation(place: Place) -> Expectation:
    fields = place.object("type", "kwargs", "severity", "meta", "notes", *IGNORED)
    kind = fields["type"].text()
    if kind != EXPECTATION_TYPE:
        raise place.wrong(
            f"{kind!r} is about rows",
            f"Suites of facts hold {EXPECTATION_TYPE} only; keep expectations about rows in a file of their own.",
        )
    meta = fields.get("meta", {}).mapping() if fields.get("meta", {}).value is not None else {}
    rest = {key: value for key, value in meta.items() if key != OURS}
    limit = _limit(fields)
    notes = fields.get("notes", "").text()
    if OURS not in meta:
        return Expectation(limit, None, notes, rest)
    ours = Place(f"{place.where}: meta.walkaround", meta[OURS]).object(
        "code", "pilot", "tolerance", "grave", "evidence", "why", "generated"
    )
    pilot = ours["pilot"].object("value", "count", "of")
    was = ours["generated"].object("max_value", "min_value", "severity")
    evidence = ours.get("evidence", "rise").one_of(get_args(Evidence))
    return Expectation(
        Limit(
            code=ours["code"].text(),
            fact=limit.fact,
            columns=limit.columns,
            max_value=limit.max_value,
            min_value=limit.min_value,
            severity=limit.severity,
            pilot=PilotFigure(
                pilot.get("value", None).number(), pilot.get("count", None).whole(), pilot.get("of", None).whole()
            ),
            why=ours["why"].text(),
            tolerance=ours.get("tolerance", 0.0).number() or 0.0,
            grave=ours.get("grave", None).number(),
            evidence=cast("Evidence", evidence),
        ),
        Generated(
            was.get("max_value", None).number(),
            was.get("min_value", None).number(),
            cast("Severity", was.get("severity", limit.severity).one_of(get_args(Severity))),
        ),
        notes,
        rest,
    )


def _limit(fields: Fields) -> Limit:
    """The limit as a person may have written it, without anything of ours."""
    kwargs = fields["kwargs"].object("fact", "column", "columns", "max_value", "min_value")
    high, low = kwargs.get("max_value", None).number(), kwargs.get("min_value", None).number()
    if high is None and low is None:
        raise fields["kwargs"].wrong("neither max_value nor min_value", "Give a limit, or delete the expectation.")
    if high is not None and low is not None and low > high:
        raise fields["kwargs"].wrong(f"min_value {low} is above max_value {high}", "Nothing could pass: swap them.")
    column, columns = kwargs.get("column", None), kwargs.get("columns", None)
    if column.value is not None and columns.value is not None:
        raise fields["kwargs"].wrong("both column and columns", "Keep one of them.")
    names = (column.text(),) if column.value is not None else columns.texts()
    severity = fields.get("severity", "critical").one_of(get_args(Severity))
    why = "Written by hand."
    return Limit(
        USERS_CODE, kwargs["fact"].text(), names, high, cast("Severity", severity), PilotFigure(), why, low,
        evidence="certain",
    )  # fmt: skip


def _keys(place: Place) -> frozenset[ExpectationKey]:
    keys: set[ExpectationKey] = set()
    for name, groups in place.mapping().items():
        code, separator, fact = name.partition(" ")
        if not separator:
            raise place.wrong(f"{name!r} is not a code and a fact", HINT)
        keys.update((code, fact, group.texts()) for group in Place(f"{place.where}: {name}", groups).items())
    return frozenset(keys)
