"""Suites of rows from other pipelines: as Great Expectations saves them, or out of what a validation answered.

Of a validation only what was expected is taken. Its results quote values of rows, and rows stay home (law 4).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from walkaround.errors import BaselineError
from walkaround.gx.place import Place, parsed
from walkaround.gx.user_suite import RUN_TIME, known_to_gx, loads_rows
from walkaround.gx.written import commas, expectation_lines, line

HINT: Final = "Give a suite, a validation result or a checkpoint result of Great Expectations, as JSON."
KEPT: Final = ("severity", "notes")
"""What an expectation has beside its type, arguments and meta; ids and rendered texts change with every save."""
_OF_THE_BATCH: Final = frozenset({"batch_id"})
"""Arguments that a validation adds: they say on what it ran."""
_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 100
"""Characters of a name in a file's; file systems take 255 bytes with all that stands around it."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A suite to be kept: a name that a file can have, its text, and how many expectations it has."""

    name: str
    text: str
    expectations: int


def imported(text: str, where: str, fallback: str) -> tuple[Imported, ...]:
    """The suites in a text, by name. `where` names the file in messages, `fallback` a suite that has no name.

    Raises:
        BaselineError: it holds none, or one that no run could take: with the place in it and what to do.
    """
    found: dict[str, Imported] = {}
    for name, suite in _suites(parsed(text, where, HINT), fallback):
        made = _imported(name, suite)
        if made.name in found and found[made.name] != made:
            raise BaselineError(
                f"{where}: two suites are called {made.name}", "Import the suites instead of the result of both."
            )
        found[made.name] = made
    for made in found.values():
        known_to_gx((loads_rows(made.text, f"{where}: {made.name}"),))
    return tuple(found[name] for name in sorted(found))


def _suites(top: Place, fallback: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each suite in a file: its name, and it as it was written or as a validation tells."""
    members = top.mapping()
    if "run_results" in members:
        for key, value in sorted(Place(f"{top.where}: run_results", members["run_results"]).mapping().items()):
            of_one = Place(f"{top.where}: run_results {key}", value, HINT)
            inner = of_one.mapping().get("validation_result", value)
            yield from _suites(Place(of_one.where, inner, HINT), fallback)
    elif "validation_results" in members:
        results = Place(f"{top.where}: validation_results", members["validation_results"], HINT).items()
        for place, result in enumerate(results, 1):
            yield from _suites(result, fallback if len(results) == 1 else f"{fallback}-{place}")
    elif "results" in members:
        yield _named(members, fallback), _of_validation(Place(f"{top.where}: results", members["results"], HINT))
    elif "expectations" in members:
        items = Place(f"{top.where}: expectations", members["expectations"], HINT)
        if any("success" in item.mapping() for item in items.items()):
            yield _named(members, fallback), _of_validation(items)
        else:
            loads_rows(line(members), top.where)  # which refuses what it does not know, with its place
            yield _named(members, fallback), dict(members)
    else:
        raise top.wrong("there are neither expectations nor results in it")


def _named(members: Mapping[str, Any], fallback: str) -> str:
    meta = members.get("meta") if isinstance(members.get("meta"), Mapping) else {}
    names = (
        members.get("name"), members.get("suite_name"), members.get("expectation_suite_name"),
        (meta or {}).get("expectation_suite_name"),
    )  # fmt: skip
    return next((name for name in names if isinstance(name, str) and name), fallback)


def _of_validation(results: Place) -> dict[str, Any]:
    """The suite that was validated. Results come in the order in which they were answered: it is made anew."""
    configs = []
    for result in results.items():
        config = Place(f"{result.where}: expectation_config", result.mapping().get("expectation_config", result.value))
        configs.append(config.mapping())
    return {"expectations": sorted(configs, key=_order)}


def _order(config: Mapping[str, Any]) -> str:
    """By column, then type and arguments."""
    kwargs = config.get("kwargs") or {}
    column = kwargs.get("column") or kwargs.get("column_A") or kwargs.get("column_list") or ""
    return line([str(column), _type(config), kwargs])


def _type(config: Mapping[str, Any]) -> Any:
    return config.get("type", config.get("expectation_type"))


def _imported(name: str, suite: Mapping[str, Any]) -> Imported:
    """The suite as Great Expectations 1 writes it, without what changes with every save."""
    expectations: list[Mapping[str, Any]] = suite["expectations"]
    lines = ["{", f'  "name": {line(name)},']
    lines += [f'  "notes": {line(suite["notes"])},'] if suite.get("notes") else []
    lines += [f'  "meta": {line(suite["meta"])},'] if suite.get("meta") else []
    lines += ['  "expectations": [', *commas(_lines(expectation) for expectation in expectations), "  ]", "}", ""]
    return Imported(_of_file(name), "\n".join(lines), len(expectations))


def _of_file(name: str) -> str:
    """A suite's name as a file can have it; a long one is cut, and told from others by a hash.

    >>> _of_file("orders / nightly")
    'orders_nightly'
    """
    plain = _NAME.sub("_", name).strip("._") or "suite"
    if len(plain) <= _LONGEST:
        return plain
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain[: _LONGEST - len(digest) - 1]}-{digest}"


def _lines(expectation: Mapping[str, Any]) -> str:
    dropped = _OF_THE_BATCH | (RUN_TIME if "expectation_type" in expectation else frozenset())
    kwargs = {key: value for key, value in (expectation.get("kwargs") or {}).items() if key not in dropped}
    head: dict[str, Any] = {"type": _type(expectation), "kwargs": kwargs}
    head |= {key: expectation[key] for key in KEPT if expectation.get(key)}
    return expectation_lines(head, expectation.get("meta") or {})
