"""Texts that match patterns: regular expressions of Python, and SQL's LIKE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.answers import Condition
from walkaround.gx.rows.column_conditions import unless
from walkaround.gx.rows.definitions import Definition, MapMetric
from walkaround.gx.rows.like import like
from walkaround.gx.rows.regex import matches
from walkaround.gx.rows.request import Request, Target

Matches = Callable[[Target, Any], pl.Expr]
MATCH_ON: Final = {"match_on": "any"}


def _combined(parts: list[pl.Expr], match_on: str) -> pl.Expr:
    """Any or all of some matches; without patterns nothing is any of them, and everything all.

    Raises:
        ValueError: `match_on` is neither.
    """
    if match_on not in ("any", "all"):
        raise ValueError("match_on must be either 'any' or 'all'")
    if not parts:
        return pl.lit(match_on == "all")
    return pl.any_horizontal(parts) if match_on == "any" else pl.all_horizontal(parts)


def _one(name: str, key: str, matching: Callable[[Request], Matches], *, wanted: bool) -> MapMetric:
    def condition(request: Request) -> Condition:
        column = request.column()
        found = matching(request)(column, request.arguments[key])
        return unless(found if wanted else ~found, column)

    return MapMetric(name, condition)


def _several(name: str, key: str, matching: Callable[[Request], Matches], *, wanted: bool) -> MapMetric:
    def condition(request: Request) -> Condition:
        column = request.column()
        parts = [matching(request)(column, pattern) for pattern in request.arguments[key]]
        found = _combined(parts, request.argument("match_on", "any") if wanted else "any")
        return unless(found if wanted else ~found, column)

    return MapMetric(name, condition, defaults=MATCH_ON if wanted else {})


def _regex(_: Request) -> Matches:
    return matches


def _like(request: Request) -> Matches:
    escape = request.argument("escape")
    return lambda column, pattern: like(column, pattern, escape)


METRICS: Final[tuple[Definition, ...]] = (
    _one("column_values.match_regex", "regex", _regex, wanted=True),
    _one("column_values.not_match_regex", "regex", _regex, wanted=False),
    _several("column_values.match_regex_list", "regex_list", _regex, wanted=True),
    _several("column_values.not_match_regex_list", "regex_list", _regex, wanted=False),
    _one("column_values.match_like_pattern", "like_pattern", _like, wanted=True),
    _one("column_values.not_match_like_pattern", "like_pattern", _like, wanted=False),
    _several("column_values.match_like_pattern_list", "like_pattern_list", _like, wanted=True),
    _several("column_values.not_match_like_pattern_list", "like_pattern_list", _like, wanted=False),
)
