"""Resolving a wave of metrics: what they answer with is put into as few queries as there are domains and groupings."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
from great_expectations.exceptions import MetricError
from great_expectations.expectations.registry import get_metric_provider

from walkaround.gx.rows.answers import (
    KEY,
    ROW,
    ROWS,
    Answer,
    Count,
    Counted,
    Grouped,
    Repetition,
    Scalar,
    Unexpected,
)
from walkaround.gx.rows.details import index_columns
from walkaround.gx.rows.lookup import UNKNOWN, looked_up
from walkaround.gx.rows.names import columns
from walkaround.gx.rows.request import domain_key

if TYPE_CHECKING:
    from walkaround.gx.rows.engine import PolarsExecutionEngine

Key = Hashable
Failures = dict[Hashable, Exception]
Values = dict[Hashable, Any]

FAILURES = (Exception, pl.exceptions.PanicException)
"""What a metric may fail with. A panic of Polars is no `Exception`, and no reason to lose the other metrics either."""


def resolve(
    engine: PolarsExecutionEngine,
    metrics: Iterable[Any],
    known: Mapping[Hashable, Any],
    runtime_configuration: Mapping[str, Any] | None,
) -> tuple[Values, Failures]:
    """The values of some metrics by their id, and what those failed with that have none."""
    values: Values = {}
    failures: Failures = {}
    asked: list[tuple[Any, Answer]] = []
    counts: dict[Key, Any] = {}
    for metric in metrics:
        try:
            answer = _answer(engine, metric, known, runtime_configuration)
            if not isinstance(answer, Answer):
                values[metric.id] = answer
                continue
            found = looked_up(engine.batch_rows(metric.metric_domain_kwargs), metric, answer)
        except FAILURES as error:
            failures[metric.id] = _told(error)
            continue
        if found is UNKNOWN:
            asked.append((metric, answer))
        else:
            engine.looked_up += 1
            values[metric.id] = found
            if isinstance(answer, Counted):
                counts[id(answer.condition)] = found
    counts.update(_counts(engine, asked, counts))
    shown = _rows(engine, asked, counts)
    for metric, answer in asked:
        try:
            values[metric.id] = _value(engine, metric, answer, counts, shown)
        except FAILURES as error:
            failures[metric.id] = _told(error)
    return values, failures


def _answer(
    engine: PolarsExecutionEngine,
    metric: Any,
    known: Mapping[Hashable, Any],
    runtime_configuration: Mapping[str, Any] | None,
) -> Any:
    described, provider = get_metric_provider(metric_name=metric.metric_name, execution_engine=engine)
    needed = {}
    for name, dependency in metric.metric_dependencies.items():
        if dependency.id not in known:
            raise MetricError(message=f'Missing metric dependency: "{name}" for metric "{metric.metric_name}".')
        needed[name] = known[dependency.id]
    engine.naming = index_columns(metric.metric_value_kwargs.get("result_format") or {})
    return provider(
        cls=described,
        execution_engine=engine,
        metric_domain_kwargs=metric.metric_domain_kwargs,
        metric_value_kwargs=metric.metric_value_kwargs,
        metrics=needed,
        runtime_configuration=runtime_configuration,
    )


# -- queries that give one value each ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A value that is asked for: of which domain, and how it is computed."""

    key: Key
    domain: Mapping[str, Any]
    count: Count


def _counts(
    engine: PolarsExecutionEngine, asked: Sequence[tuple[Any, Answer]], known: Mapping[Key, Any]
) -> dict[Key, Any]:
    """The raw value, or the failure, of each scalar and group answer and of each condition's count not known yet."""
    wanted: dict[Key, _Asked] = {}

    def want(key: Key, domain: Mapping[str, Any], count: Count) -> None:
        wanted[key] = _Asked(key, domain, count)

    for metric, answer in asked:
        domain = metric.metric_domain_kwargs
        if isinstance(answer, Scalar | Grouped | Repetition):
            want(metric.id, domain, answer)
            continue
        if id(answer.condition) not in wanted and id(answer.condition) not in known:
            want(id(answer.condition), domain, answer.condition.count())
        if isinstance(answer, Unexpected) and answer.condition.repeats is not None:
            want(_repeats_key(answer), domain, answer.condition.repeats)
    return _run(engine, list(wanted.values()))


def _repeats_key(answer: Unexpected) -> Key:
    return "repeats", id(answer.condition)


TOGETHER: Final = 2_000_000
"""Rows that plans run side by side may have in all: a plan that sorts or groups holds the keys of its rows."""


def _run(engine: PolarsExecutionEngine, wanted: Sequence[_Asked]) -> dict[Key, Any]:
    """All values, a few plans at a time; where that fails, plan by plan, and where a plan fails, value by value."""
    plans: dict[Key, list[_Asked]] = {}
    for each in wanted:
        plans.setdefault(_plan_key(each), []).append(each)
    groups = list(plans.values())
    values: dict[Key, Any] = {}
    while groups:
        rows = engine.batch_rows(groups[0][0].domain).height
        some = 1 if rows is None else max(1, TOGETHER // max(rows, 1))
        values |= _run_plans(engine, groups[:some])
        groups = groups[some:]
    return values


def _run_plans(engine: PolarsExecutionEngine, groups: Sequence[Sequence[_Asked]]) -> dict[Key, Any]:
    try:
        height = engine.batch_rows(groups[0][0].domain).height
        frames = engine.collect([_plan(engine, group) for group in groups], height)
        return {key: value for group, frame in zip(groups, frames, strict=True) for key, value in _read(group, frame)}
    except FAILURES as error:
        if len(groups) == len(groups[0]) == 1:
            return {groups[0][0].key: _told(error)}
    parts = [[group] for group in groups] if len(groups) > 1 else [[[each]] for each in groups[0]]
    return {key: value for part in parts for key, value in _run_plans(engine, part).items()}


def _plan_key(each: _Asked) -> Key:
    domain = domain_key(each.domain)
    if isinstance(each.count, Grouped):
        return (*domain, each.count.keys, str(each.count.keep))
    return (*domain, str(each.count.key)) if isinstance(each.count, Repetition) else domain


def _plan(engine: PolarsExecutionEngine, group: Sequence[_Asked]) -> pl.LazyFrame:
    frame = engine.domain_rows(group[0].domain)
    first = group[0].count
    if isinstance(first, Grouped):
        groups = frame.group_by(columns(first.keys)).agg(pl.len().alias(ROWS))
        frame = (
            groups if first.keep is None else groups.filter(first.keep)
        )  # of the keys, and groups are fewer than rows
    elif isinstance(first, Repetition):
        frame = frame.select(first.key.drop_nulls().sort().alias(KEY))
    return frame.select(_expr(each.count).alias(str(n)) for n, each in enumerate(group))


def _expr(count: Count) -> pl.Expr:
    if not isinstance(count, Repetition):
        return count.expr
    before = (pl.col(KEY) == pl.col(KEY).shift(1)).fill_null(value=False)
    if count.of == "distinct":
        return (~before).sum()
    if count.of == "keys":
        return pl.col(KEY).filter(before).implode()
    return (before | (pl.col(KEY) == pl.col(KEY).shift(-1)).fill_null(value=False)).sum()


def _read(group: Sequence[_Asked], frame: pl.DataFrame) -> Iterable[tuple[Key, Any]]:
    for n, each in enumerate(group):
        column = frame[str(n)]
        yield each.key, column[0] if len(column) else None


# -- queries that give rows --------------------------------------------------------------------------------------------


def _rows(
    engine: PolarsExecutionEngine, asked: Sequence[tuple[Any, Answer]], counts: Mapping[Key, Any]
) -> dict[Key, Any]:
    """The unexpected rows that details need, or the failure; details that need the same rows share them."""
    plans: dict[Key, pl.LazyFrame] = {}
    for metric, answer in asked:
        if isinstance(answer, Unexpected) and _is_count(counts[id(answer.condition)]):
            key = _rows_key(answer)
            if key not in plans:
                plans[key] = _rows_plan(engine, metric.metric_domain_kwargs, answer, counts.get(_repeats_key(answer)))
    if not plans:
        return {}
    try:
        return dict(zip(plans, engine.collect(plans.values()), strict=True))
    except FAILURES:
        return {key: _one(engine, plan) for key, plan in plans.items()}


def _is_count(count: Any) -> bool:
    return not isinstance(count, Exception) and bool(count)


def _rows_key(answer: Unexpected) -> Key:
    return id(answer.condition), answer.columns, answer.limit


def _rows_plan(
    engine: PolarsExecutionEngine, domain: Mapping[str, Any], answer: Unexpected, repeats: Any
) -> pl.LazyFrame:
    keys = repeats if isinstance(repeats, pl.Series) else None
    frame = answer.condition.rows(engine.domain_rows(domain, numbered=True), keys)
    if answer.columns is not None:
        frame = frame.select(ROW, *columns(answer.columns))
    return frame if answer.limit is None else frame.head(answer.limit)


def _one(engine: PolarsExecutionEngine, plan: pl.LazyFrame) -> Any:
    try:
        return engine.collect([plan])[0]
    except FAILURES as error:
        return _told(error)


# -- values ------------------------------------------------------------------------------------------------------------


def _value(
    engine: PolarsExecutionEngine, metric: Any, answer: Answer, counts: Mapping[Key, Any], shown: Mapping[Key, Any]
) -> Any:
    if isinstance(answer, Scalar | Grouped | Repetition):
        return answer.finish(_unless_failed(counts[metric.id]))
    count = _unless_failed(counts[id(answer.condition)])
    if isinstance(answer, Counted):
        return answer.condition.count().finish(count)
    if count:
        return answer.finish(_unless_failed(shown[_rows_key(answer)]))
    return answer.finish(_no_rows(engine, metric.metric_domain_kwargs, answer.columns))


def _no_rows(engine: PolarsExecutionEngine, domain: Mapping[str, Any], columns: Sequence[str] | None) -> pl.DataFrame:
    schema = engine.batch_rows(domain).schema
    names = schema if columns is None else dict.fromkeys(columns)
    return pl.DataFrame(schema={ROW: pl.get_index_type(), **{name: schema[name] for name in names}})


def _unless_failed(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value


def _told(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(f"Polars failed: {error}")
