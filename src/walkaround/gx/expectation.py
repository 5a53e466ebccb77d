"""The expectation type `expect_profile_fact_to_be_between`, and the metric behind it. Importing this imports GX."""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.compatibility import pydantic
from great_expectations.core.result_format import ResultFormat
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, render_suite_parameter_string
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration, parse_result_format
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_value
from great_expectations.render import LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererConfiguration, RendererValueType
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

from walkaround.gx.batch import FactsEngine

METRIC = "walkaround.facts"
"""All facts are one metric: GX resolves a graph node for each metric, which is what 400 expectations would pay for."""


class ProfileFacts(MetricProvider):
    """The facts of the active batch."""

    metric_name = METRIC
    domain_keys = ()
    value_keys = ()

    @metric_value(engine=FactsEngine)
    def _facts(cls, execution_engine: FactsEngine, **_: Any) -> Any:  # noqa: N805 - GX makes it a class method
        return execution_engine.facts


class ExpectProfileFactToBeBetween(BatchExpectation):
    """Expect a fact of a profile to be at most `max_value` and at least `min_value` (both inclusive)."""

    fact: str
    column: str | None = None
    columns: list[str] | None = None
    min_value: float | None = None
    max_value: float | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = (METRIC,)
    domain_keys: ClassVar[tuple[str, ...]] = ()
    success_keys: ClassVar[tuple[str, ...]] = ("fact", "column", "columns", "min_value", "max_value")
    args_keys: ClassVar[tuple[str, ...]] = ("fact", "column", "columns", "min_value", "max_value")

    class Config:
        """Title in GX's JSON schemas."""

        title = "Expect profile fact to be between"

    @pydantic.root_validator(skip_on_failure=True)
    def _sound(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - pydantic makes it a class method
        low, high = values.get("min_value"), values.get("max_value")
        if low is None and high is None:
            raise ValueError("neither min_value nor max_value is given, so it would always pass")
        if low is not None and high is not None and not low <= high:
            raise ValueError(f"min_value {low} is not at most max_value {high}")
        if values.get("column") is not None and values.get("columns") is not None:
            raise ValueError("give column or columns, not both")
        return values

    def get_validation_dependencies(
        self,
        execution_engine: ExecutionEngine | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> ValidationDependencies:
        """The one metric. The inherited way builds the whole configuration some thirty times to find the same."""
        del execution_engine
        asked = (runtime_configuration or {}).get("result_format", ResultFormat.BASIC)
        metric = MetricConfiguration(METRIC, metric_domain_kwargs={}, metric_value_kwargs={})
        return ValidationDependencies({METRIC: metric}, parse_result_format(asked))

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine | None = None,
    ) -> dict[str, Any]:
        """Compare; a fact that is not there raises, which GX reports as an exception, never as a success."""
        del runtime_configuration, execution_engine
        columns = tuple(self.columns or ()) if self.column is None else (self.column,)
        observed = metrics[METRIC].number(self.fact, columns)
        above = self.min_value is None or observed >= self.min_value
        below = self.max_value is None or observed <= self.max_value
        return {"success": above and below, "result": {"observed_value": observed}}

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration) -> RendererConfiguration:
        for name, kind in (
            ("fact", RendererValueType.STRING),
            ("column", RendererValueType.STRING),
            ("columns", RendererValueType.ARRAY),
            ("min_value", RendererValueType.NUMBER),
            ("max_value", RendererValueType.NUMBER),
        ):
            renderer_configuration.add_param(name=name, param_type=kind)
        renderer_configuration.template_str = _sentence(renderer_configuration.kwargs)
        return renderer_configuration

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    @render_suite_parameter_string
    def _prescriptive_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
        **_: Any,
    ) -> list[RenderedStringTemplateContent]:
        """The sentence in Data Docs, which still use this older renderer."""
        del result
        kwargs = configuration.kwargs if configuration else {}
        return [
            RenderedStringTemplateContent(
                content_block_type="string_template",
                string_template={
                    "template": _sentence(kwargs),
                    "params": {name: kwargs.get(name) for name in cls.args_keys},
                    "styling": (runtime_configuration or {}).get("styling"),
                },
            )
        ]


def _sentence(kwargs: dict[str, Any]) -> str:
    """What is expected, as a template: names stay parameters, so that the renderer escapes them."""
    of = " of $column" if kwargs.get("column") is not None else " of $columns" if kwargs.get("columns") else ""
    low, high = kwargs.get("min_value") is not None, kwargs.get("max_value") is not None
    bounds = (
        "between $min_value and $max_value" if low and high else "at most $max_value" if high else "at least $min_value"
    )
    return f"$fact{of} must be {bounds}."
