"""Sayings about columns, keys and whole rows: what is there, what is missing, what repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from walkaround.checks.duplicate_rows import NATURAL
from walkaround.gx.export import patterns
from walkaround.gx.export.sayings import TYPED, Core, Saying, Unsaid, ceiling, never
from walkaround.gx.export.seen import SeenTable, share_passing
from walkaround.model.limit import Limit

NUMBER_TYPES: Final = (
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
    "Int8Dtype", "Int16Dtype", "Int32Dtype", "Int64Dtype", "Float32Dtype", "Float64Dtype",
    "ByteType", "ShortType", "IntegerType", "LongType", "FloatType", "DoubleType", "DecimalType",
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "REAL", "FLOAT", "DOUBLE", "DOUBLE_PRECISION", "NUMERIC", "DECIMAL",
)  # fmt: skip
"""A number's type in pandas (with and without nulls), in Spark, and in SQL: an engine passes over names of others."""

NOT_COMPARED: Final = Unsaid("lists, structs or bytes are among the values: not every engine can tell equal ones")


def missing(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Nulls; and blanks of text, which a null test cannot see."""
    (name,) = limit.columns
    mostly = share_passing(ceiling(limit))
    yield Core("expect_column_values_to_not_be_null", {"column": name, **mostly})
    if table.columns[name].form == "text" and table.columns[name].values:
        yield Core(
            "expect_column_values_to_match_regex",
            {"column": name, "regex": patterns.NOT_BLANK, **mostly},
            "blank text is missing too; nulls and blanks are held one by one, as no expectation adds them up",
        )


def placeholders(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """Texts that are a word for nothing."""
    column = table.columns[limit.columns[0]]
    if column.form != "text":
        yield TYPED
        return
    regex = patterns.of_missing_words(column.profile.spec.missing)
    mostly = column.mostly(ceiling(limit) * column.rows)
    yield Core("expect_column_values_to_not_match_regex", {"column": column.profile.name, "regex": regex, **mostly})


def filled(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """A column that the pilot left empty stays so."""
    column = table.columns[limit.columns[0]]
    allowed = ceiling(limit) + column.absent / column.rows if column.rows else 1.0
    yield Core("expect_column_values_to_be_null", {"column": column.profile.name, **share_passing(allowed)})


def there(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """The column is there."""
    del table
    if "." in limit.columns[0]:
        yield Unsaid("a name with a dot: on Spark Great Expectations does not find such a column, though it reads it")
    else:
        yield Core("expect_column_to_exist", {"column": limit.columns[0]})


def numeric(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """A column of numbers is of a type of numbers."""
    column = table.columns[limit.columns[0]]
    if column.decimal:
        yield Unsaid("decimals: pandas holds them as objects, and tells no type of those")
    elif column.form == "number":
        kwargs = {"column": column.profile.name, "type_list": list(NUMBER_TYPES)}
        remark = "whole numbers and decimals are one here, as pandas makes decimals of whole numbers with nulls"
        yield Core("expect_column_values_to_be_in_type_list", kwargs, remark)
    else:
        yield Unsaid("only numbers have types that every engine tells from others; nothing asks what text reads as")


def unique_key(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """The key does not repeat."""
    if all(table.columns[name].hashable for name in limit.columns):
        yield from _unique(limit, limit.columns)
    else:
        yield NOT_COMPARED


def unique_rows(limit: Limit, table: SeenTable) -> Iterator[Core | Unsaid]:
    """No row is like another, where that can be asked of every engine alike."""
    if any(column.nulls for column in table.columns.values()):
        yield Unsaid("rows with nulls: SQL takes no null for another, so repeated rows are not found there")
    elif ceiling(limit) > NATURAL:
        yield Unsaid("rows of the pilot repeat by nature: their share grows with the number of rows")
    elif not all(column.hashable for column in table.columns.values()):
        yield NOT_COMPARED
    else:
        yield from _unique(limit, tuple(table.columns))


def _unique(limit: Limit, columns: tuple[str, ...]) -> Iterator[Core | Unsaid]:
    """Uniqueness of one column or of several together.

    Great Expectations counts every row of a group of equal ones, we those after the first: at most twice as many.
    """
    mostly = share_passing(min(1.0, 2 * ceiling(limit)))
    remark = "all rows of a group of equal ones are counted, where we count those after the first" if mostly else ""
    if len(columns) == 1:
        yield Core("expect_column_values_to_be_unique", {"column": columns[0], **mostly}, remark)
    else:
        kwargs = {"column_list": list(columns), "ignore_row_if": "any_value_is_missing", **mostly}
        yield Core("expect_compound_columns_to_be_unique", kwargs, remark)


SAYINGS: Final[Mapping[str, Saying]] = {
    "missing_rate": missing,
    "placeholder_rate": placeholders,
    "filled_rate": filled,
    "column_gone": there,
    "other_type_rate": numeric,
    "repeated_key_rate": unique_key,
    "duplicate_rows_beyond_rate": unique_rows,
    "rejected_rate": never("records that a reader rejects never reach Great Expectations"),
    "column_renamed": never("a column under another name is a column that is gone (SCH001)"),
    "new_columns": never("it is told and does not count, where an expectation that fails makes its suite fail"),
    "repeated_text_rate": never("no expectation is about the share of the most common value"),
}
"""By the name of the fact."""
