"""Registering definitions with GX, which finds metrics by their name and the name of the engine's class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl
from great_expectations.core.metric_function_types import MetricFunctionTypes, MetricPartialFunctionTypes
from great_expectations.exceptions import MetricProviderError
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import get_metric_kwargs, register_metric
from great_expectations.validator.metric_configuration import MetricConfiguration

from walkaround.gx.rows.answers import Condition, Counted, Scalar, whole
from walkaround.gx.rows.definitions import Definition, Dependencies, MapMetric, Metric
from walkaround.gx.rows.details import details
from walkaround.gx.rows.engine import PolarsExecutionEngine
from walkaround.gx.rows.request import Request, domain_key

FORMAT = "result_format"

Provider = Callable[..., Any]


def register(definitions: Iterable[Definition]) -> None:
    """Make the definitions known to GX as the metrics of our engine.

    Metrics are registered as plain values, without the partial functions (`.aggregate_fn`, `.condition`) that GX would
    otherwise put into its graph beside each: the engine sees a whole wave and bundles by itself, and the time that GX
    spends on a suite grows with the nodes of its graph.
    """
    for definition in definitions:
        if not _has(definition.name if isinstance(definition, Metric) else f"{definition.name}.condition"):
            continue  # metrics come with new versions of GX, and so do the expectations that ask for them
        if isinstance(definition, Metric):
            _register(definition.name, _value(definition), definition.defaults, definition.needs)
        else:
            _register_family(definition)


def _has(name: str) -> bool:
    try:
        get_metric_kwargs(name)
    except MetricProviderError:
        return False
    return True


def _register_family(definition: MapMetric) -> None:
    base, defaults, needs = definition.name, definition.defaults, definition.needs
    like = f"{base}.condition"

    def condition(**call: Any) -> tuple[Condition, Mapping[str, Any], Mapping[str, Any]]:
        return _condition(definition, call), call["metric_domain_kwargs"], {}

    _register(like, condition, defaults, needs, kind=MetricPartialFunctionTypes.MAP_CONDITION_FN)

    def count(**call: Any) -> Any:
        return Counted(_condition(definition, call))

    _register(f"{base}.unexpected_count", count, defaults, needs, like=like)

    for suffix, detail in details(definition.domain).items():

        def provider(_detail: Any = detail, **call: Any) -> Any:
            return _detail(_request(call), _condition(definition, call))

        _register(f"{base}.{suffix}", provider, defaults, needs, like=like, further=(FORMAT,))

    if definition.domain != "column":

        def taking_part(**call: Any) -> Scalar:
            keep = _condition(definition, call).keep
            return Scalar(pl.len() if keep is None else keep.sum(), whole)

        _register(f"{base}.filtered_row_count", taking_part, defaults, needs, like=like, further=(FORMAT,))


def _value(definition: Metric) -> Provider:
    def provider(**call: Any) -> Any:
        return definition.answer(_request(call))

    return provider


def _request(call: Mapping[str, Any]) -> Request:
    engine: PolarsExecutionEngine = call["execution_engine"]
    return engine.request(call["metric_domain_kwargs"], call["metric_value_kwargs"], call["metrics"])


def _condition(definition: MapMetric, call: Mapping[str, Any]) -> Condition:
    """The condition of a metric: one object for its count and its details, by which they are queried together."""
    engine: PolarsExecutionEngine = call["execution_engine"]
    domain = call["metric_domain_kwargs"]
    arguments = {name: value for name, value in call["metric_value_kwargs"].items() if name != FORMAT}
    about = [(name, domain.get(name)) for name in ("column", "column_A", "column_B", "column_list", "ignore_row_if")]
    told = {name: value.tolist() if hasattr(value, "tolist") else value for name, value in arguments.items()}
    key = (definition.name, domain_key(domain), repr(about), repr(sorted(told.items(), key=repr)))
    return engine.condition(key, lambda: definition.condition(_request(call)))


def _register(
    name: str,
    provider: Provider,
    defaults: Mapping[str, Any],
    needs: Dependencies,
    *,
    like: str = "",
    further: tuple[str, ...] = (),
    kind: MetricFunctionTypes | MetricPartialFunctionTypes = MetricFunctionTypes.VALUE,
) -> None:
    domain_keys, value_keys = _keys(name, like, further)

    def dependencies(cls: Any, metric: Any, *_: Any, **__: Any) -> dict[str, MetricConfiguration]:
        del cls
        return {
            needed: MetricConfiguration(needed, metric.metric_domain_kwargs, dict(arguments) or None)
            for needed, arguments in needs(metric.metric_value_kwargs).items()
        }

    described = type(
        f"Polars:{name}",
        (MetricProvider,),
        {
            "domain_keys": domain_keys,
            "value_keys": value_keys,
            "default_kwarg_values": dict(defaults),
            "_get_evaluation_dependencies": classmethod(dependencies),
        },
    )
    register_metric(
        metric_name=name,
        metric_domain_keys=domain_keys,
        metric_value_keys=value_keys,
        execution_engine=PolarsExecutionEngine,
        metric_class=described,
        metric_provider=provider,
        metric_fn_type=kind,
    )


def _keys(name: str, like: str, further: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Domain and value keys of a metric as GX's own engines registered them; of its condition where none did."""
    if like and not _has(name):
        known = get_metric_kwargs(like)
        return known["metric_domain_keys"], (*known["metric_value_keys"], *further)
    known = get_metric_kwargs(name)
    return known["metric_domain_keys"], known["metric_value_keys"]
