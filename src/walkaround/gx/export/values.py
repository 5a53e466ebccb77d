"""Sayings about what the values are: how they are written, which there are, how large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from walkaround.checks.date_formats import known_formats
from walkaround.checks.outliers import bounds
from walkaround.checks.sentinels import COMMON
from walkaround.columns.numbers import NATIVE
from walkaround.gx.export import patterns
from walkaround.gx.export.sayings import NOT_KEPT, PERSONAL, TYPED, Core, Saying, Unsaid, ceiling, never
from walkaround.gx.export.seen import SeenColumn, SeenTable
from walkaround.measures.column.categories import Categories
from walkaround.measures.column.dates import SENTINEL_DAYS, Dates
from walkaround.measures.column.lengths import COARSE, Lengths
from walkaround.measures.column.numbers import SENTINELS, Numbers
from walkaround.measures.column.shapes import Shapes
from walkaround.measures.column.texture import SIGNS
from walkaround.model.limit import Limit

MOST_SHAPES: Final = 24
"""With more shapes than this a column has no format that a person would review."""
UNSIZED: Final = "the column is text that is not a plain number throughout"
COMPARED: Final = Unsaid(f"{UNSIZED}: engines do not compare it by size")
MANY_WAYS: Final = "a sentinel may be written in many ways"
SLACK: Final = 1 / 128
"""Fences are made of quantiles that are known to half a bucket (1/512), and counted with as much slack again."""
ISO: Final = "%Y-%m-%d"


def shapes(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Texts of the pilot's shapes."""
    column = table.columns[limit.columns[0]]
    state = column.get(Shapes)
    if column.form != "text" or state is None:
        yield TYPED if column.form != "text" else NOT_KEPT
        return
    if not _format(state):
        yield Unsaid(f"over {MOST_SHAPES} shapes, or some with control characters: a pattern of each is no format")
        return
    regexes = [patterns.of_shape(shape) for shape in sorted(state.shapes)]
    said = _matching(column, regexes, ceiling(limit) * state.rows + column.absent)
    spoken_for = [sign for sign in SIGNS if patterns.rules_out(state.shapes, sign)]
    signs = f"text with these signs of FMT006 has other shapes: {', '.join(spoken_for)}" if spoken_for else ""
    yield replace(said, remark=signs)


def date_formats(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Texts of the pilot's date formats."""
    column = table.columns[limit.columns[0]]
    state = column.get(Dates)
    if column.form != "text":
        yield TYPED
    elif state is None:
        yield NOT_KEPT
    else:
        regexes = patterns.of_date_formats(known_formats(column.profile) - {NATIVE})
        yield _matching(column, regexes, ceiling(limit) * state.count + column.values - state.count)


def lengths(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Texts as long as the pilot's."""
    column = table.columns[limit.columns[0]]
    state = column.get(Lengths)
    if column.form != "text" or state is None:
        yield TYPED if column.form != "text" else NOT_KEPT
        return
    longest = int(state.lengths[-1])
    if longest >= COARSE:
        longest += longest // 64  # lengths of prose are kept in steps of 1/64, by their lower end
    kwargs = {"column": column.profile.name, "min_value": int(state.lengths[0]), "max_value": longest}
    mostly = column.mostly(ceiling(limit) * state.rows + column.absent)
    yield Core("expect_column_value_lengths_to_be_between", {**kwargs, **mostly})


def texture(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Texts without a sign of another case, of stray white space, or of damage; unless the patterns say it already."""
    column = table.columns[limit.columns[0]]
    sign, state = limit.fact.removesuffix("_rate"), column.get(Shapes)
    if column.form != "text":
        yield TYPED
        return
    spoken_for = state is not None and _format(state) and patterns.rules_out(state.shapes, sign)
    if spoken_for and table.new_shapes.get(limit.columns[0], 1.0) <= ceiling(limit):
        return
    regex = patterns.OF_SIGN[sign]
    of = limit.pilot.of or column.values
    mostly = column.mostly(ceiling(limit) * of + column.absent)
    yield Core("expect_column_values_to_not_match_regex", {"column": column.profile.name, "regex": regex, **mostly})


def categories(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Values that the pilot had, where law 4 lets them be told."""
    column = table.columns[limit.columns[0]]
    state = column.get(Categories)
    if column.personal:
        yield PERSONAL
    elif column.profile.kind not in {"text", "boolean"}:
        yield Unsaid("the values of typed numbers and dates are not kept; numbers have their range (OUT001)")
    elif column.form == "boolean":
        yield Unsaid("a truth value has no third")
    elif state is None:
        yield NOT_KEPT
    elif state.many:
        yield Unsaid("over 100 values, or long ones: they are no categories, and stay with the data")
    else:
        yield from _in_set(limit, column, state, table.min_group)


def _in_set(limit: Limit, column: SeenColumn, state: Categories, min_group: int) -> Iterator[Core | Unsaid]:
    told = [value for value, rows in state.values.items() if rows >= min_group]
    rare = sum(rows for rows in state.values.values() if rows < min_group)
    if not told:
        yield Unsaid(f"no value stands in {min_group} rows of the pilot or more")
        return
    values: list[Any] = sorted(map(_number, told)) if column.form == "number" else sorted(told)
    allowed = ceiling(limit) * (limit.pilot.of or 0) + rare + column.absent
    kwargs = {"column": column.profile.name, "value_set": values, **column.mostly(allowed)}
    left = len(state.values) - len(told)
    rows = f"{left} values are left out, as they stand in fewer than {min_group} rows each" if left else ""
    yield Core("expect_column_values_to_be_in_set", kwargs, rows)


def number_range(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Numbers inside the pilot's fences, or its range."""
    column = table.columns[limit.columns[0]]
    state = column.get(Numbers)
    if column.personal:
        yield PERSONAL
    elif column.form != "number":
        yield COMPARED
    elif state is None or not state.finite:
        yield NOT_KEPT
    elif column.decimal and column.unit is None:
        yield Unsaid("decimals of digits that are not declared: a bound that is a float may exclude its own number")
    else:
        low, high = bounds(state, limit.fact)
        if limit.fact != "beyond_range_rate":
            low, high = _wider(low, -1, state.minimum), _wider(high, 1, state.maximum)
        unit = (column.unit or 0.0) if column.decimal else 0.0
        low, high = low - max(unit, math.ulp(low)) * bool(unit), high + max(unit, math.ulp(high)) * bool(unit)
        kwargs = {"column": column.profile.name, "min_value": _number(low), "max_value": _number(high)}
        mostly = column.mostly(ceiling(limit) * state.count)
        remark = "one unit in the last place wider: a decimal may lie beyond the float that is nearest to it"
        yield Core("expect_column_values_to_be_between", {**kwargs, **mostly}, remark if unit else "")


def not_negative(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Numbers from zero on."""
    column = table.columns[limit.columns[0]]
    if column.form != "number":
        yield COMPARED
        return
    mostly = column.mostly(ceiling(limit) * (limit.pilot.of or column.values))
    yield Core("expect_column_values_to_be_between", {"column": column.profile.name, "min_value": 0, **mostly})


def sentinel_numbers(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Numbers that are not one of those that programs write for nothing, within the pilot's range."""
    column = table.columns[limit.columns[0]]
    state = column.get(Numbers)
    if column.personal:
        yield PERSONAL
    elif column.form != "number":
        yield Unsaid(f"{UNSIZED}: {MANY_WAYS}")
    elif state is None:
        yield NOT_KEPT
    else:
        had = {value: state.sentinels.get(f"{value:g}", 0) for value in SENTINELS}
        suspects = [value for value in sorted(had) if _suspect(had[value], state.count)]
        if column.decimal:
            suspects = list(filter(float.is_integer, suspects))  # no float equals the decimal 999.99
        inside = [value for value in suspects if state.minimum <= value <= state.maximum]
        if inside:
            values = list(map(_number, inside))
            yield _not_in_set(limit, column, values, state.count, sum(had[value] for value in inside))
        else:
            yield Unsaid("no sentinel lies within the pilot's range (OUT001) that the pilot does not use as a value")


def sentinel_days(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Dates in ISO 8601 that are not one of those that programs write for nothing."""
    column = table.columns[limit.columns[0]]
    state = column.get(Dates)
    if column.form != "text":
        yield Unsaid("engines do not compare typed dates with those of a suite alike")
    elif state is None:
        yield NOT_KEPT
    elif state.formats.keys() != {ISO}:
        yield Unsaid(f"the dates are not in one format, ISO 8601: {MANY_WAYS}")
    else:
        suspects = [day for day in SENTINEL_DAYS if _suspect(state.sentinels.get(day, 0), state.count)]
        had = sum(state.sentinels.get(day, 0) for day in suspects)
        yield _not_in_set(limit, column, sorted(suspects), state.count, had)


def _format(state: Shapes) -> bool:
    """Whether a column's shapes can be reviewed as a list of patterns."""
    return state.complete and len(state.shapes) <= MOST_SHAPES and patterns.portable(state.shapes)


def _suspect(rows: int, of: int) -> bool:
    """Whether a sentinel is not simply a value of the pilot's."""
    return rows <= COMMON * of


def _not_in_set(limit: Limit, column: SeenColumn, values: list[Any], of: int, had: int) -> Core:
    kwargs = {"column": column.profile.name, "value_set": values, **column.mostly(ceiling(limit) * of + had)}
    remark = "all of them together, where we hold the one that rose most to the limit"
    return Core("expect_column_values_to_not_be_in_set", kwargs, remark)


def _matching(column: SeenColumn, regexes: list[str], failing: float) -> Core:
    kwargs: dict[str, Any] = {"column": column.profile.name}
    mostly = column.mostly(failing)
    if len(regexes) == 1:
        return Core("expect_column_values_to_match_regex", {**kwargs, "regex": regexes[0], **mostly})
    return Core("expect_column_values_to_match_regex_list", {**kwargs, "regex_list": regexes, **mostly})


def _wider(bound: float, sign: int, extreme: float) -> float:
    """A fence with its slack, to three digits, outwards; where it is the pilot's range, exactly that."""
    if bound == extreme or not math.isfinite(bound) or bound == 0:
        return bound
    wide = bound + sign * abs(bound) * SLACK
    unit = 10.0 ** (math.floor(math.log10(abs(wide))) - 2)
    return float(f"{(math.floor if sign < 0 else math.ceil)(wide / unit) * unit:.4g}")


def _number(value: float | str) -> float | int:
    """The number, whole where it is.

    >>> _number("7"), _number(2.50), _number(3.0)
    (7, 2.5, 3)
    """
    number = float(value)
    return int(number) if number.is_integer() else number


SAYINGS: Final[Mapping[str, Saying]] = {
    "new_shape_rate": shapes,
    "new_date_format_rate": date_formats,
    "length_beyond_rate": lengths,
    "new_value_rate": categories,
    "outside_fences_rate": number_range,
    "beyond_range_rate": number_range,
    "negative_rate": not_negative,
    "sentinel_number_rate": sentinel_numbers,
    "sentinel_day_rate": sentinel_days,
    **{f"{sign}_rate": texture for sign in SIGNS},
    "ambiguous_dates_rate": never("no expectation reads dates both ways; other formats than the pilot's fail (FMT001)"),
    "new_number_style_rate": never("a number's signs are read value by value; text has its patterns (FMT003)"),
    "cut_rate": never("it takes both sides: production's longest texts, where the pilot's went on"),
    "new_word_rate": never("no expectation is about the words of a text"),
    "other_unit_rate": never("no expectation asks whether a factor explains what is out of range (OUT001)"),
    "future_date_rate": never("a suite does not know the day on which a source was written"),
    "distance": never("the one distance there is, Kullback-Leibler's, has another scale"),
    "company_rate": never("no expectation tells companies from persons"),
}
"""By the name of the fact."""
