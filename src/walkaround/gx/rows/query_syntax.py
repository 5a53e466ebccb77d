"""The usual part of pandas' query syntax, read with Python's own parser: comparisons joined by and, or and not."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import polars as pl

from walkaround.gx.rows.names import column

Compared = Callable[[pl.Expr, str, Any, pl.DataType], pl.Expr]
"""A column, an operator, a value, and the column's type."""

OPERATORS: Final = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "IN", ast.NotIn: "NOT IN",
}  # fmt: skip
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
MOMENTS: Final[Mapping[str, Callable[..., Any]]] = {"datetime.datetime": datetime, "datetime.date": date}
MEMBERSHIP: Final = {"==": "IN", "!=": "NOT IN"}
NULLITY: Final = {"isnull": True, "isna": True, "notnull": False, "notna": False}
QUOTED: Final = re.compile(r"`([^`]*)`|(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", re.DOTALL)
"""A name between backticks; or a text, in which backticks are nothing special."""


class NotUnderstoodError(ValueError):
    """The text says more than this module reads."""


def parsed(text: str, schema: Mapping[str, pl.DataType], compared: Compared) -> pl.Expr:
    """The filter that a query says.

    Raises:
        NotUnderstoodError: it is no such query, or names a column that there is not.
    """
    names: dict[str, str] = {name: name for name in schema}

    def named(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[2]
        stand_in = f"__column_{len(names)}"
        names[stand_in] = found[1]
        return stand_in

    try:
        tree = ast.parse(QUOTED.sub(named, text).strip(), mode="eval")
    except SyntaxError as error:
        raise NotUnderstoodError(f"{text!r} is no expression") from error
    return _Reader(names, schema, compared).clause(tree.body)


class _Reader:
    """Reads a parsed query over the columns of one schema."""

    def __init__(self, names: Mapping[str, str], schema: Mapping[str, pl.DataType], compared: Compared) -> None:
        self._names = names
        self._schema = schema
        self._compared = compared

    def clause(self, node: ast.expr) -> pl.Expr:
        """A condition."""
        if isinstance(node, ast.BoolOp):
            parts = [self.clause(part) for part in node.values]
            return pl.all_horizontal(parts) if isinstance(node.op, ast.And) else pl.any_horizontal(parts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
            left, right = self.clause(node.left), self.clause(node.right)
            return left & right if isinstance(node.op, ast.BitAnd) else left | right
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
            return ~self.clause(node.operand)
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            pairs = zip(sides, node.ops, sides[1:], strict=False)
            return pl.all_horizontal(self._comparison(*pair) for pair in pairs)
        if isinstance(node, ast.Call):
            return self._nullity(node)
        if isinstance(node, ast.Name) and self._schema.get(self._column(node)) == pl.Boolean:
            return column(self._column(node)).fill_null(value=False)
        raise NotUnderstoodError(f"{ast.unparse(node)} is no comparison")

    def _comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> pl.Expr:
        word = OPERATORS.get(type(operator))
        if word is None:
            raise NotUnderstoodError(f"{type(operator).__name__} is no operator of a query")
        if isinstance(left, ast.Name):
            name, value = self._column(left), self._value(right)
        elif isinstance(right, ast.Name) and word in MIRRORED:
            name, value, word = self._column(right), self._value(left), MIRRORED[word]
        else:
            raise NotUnderstoodError("a comparison without a column")
        if isinstance(value, list | tuple | set) and word in MEMBERSHIP:
            word = MEMBERSHIP[word]  # pandas: a column equal to a list is one whose values are in it
        return self._compared(column(name), word, value, self._schema[name])

    def _nullity(self, node: ast.Call) -> pl.Expr:
        method = node.func
        if not isinstance(method, ast.Attribute) or method.attr not in NULLITY or node.args or node.keywords:
            raise NotUnderstoodError(f"{ast.unparse(node)} is no call of a query")
        values = column(self._column(method.value))
        return values.is_null() if NULLITY[method.attr] else values.is_not_null()

    def _column(self, node: ast.expr) -> str:
        name = self._names.get(node.id) if isinstance(node, ast.Name) else None
        if name is None or name not in self._schema:
            raise NotUnderstoodError(f"there is no column {ast.unparse(node)}")
        return name

    def _value(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Call) and ast.unparse(node.func) in MOMENTS:
            arguments = [self._value(argument) for argument in node.args]
            named = {each.arg: self._value(each.value) for each in node.keywords if each.arg}
            try:
                return MOMENTS[ast.unparse(node.func)](*arguments, **named)
            except (TypeError, ValueError) as error:
                raise NotUnderstoodError(f"{ast.unparse(node)} is no moment") from error
        if ast.unparse(node) == "datetime.timezone.utc":
            return UTC
        try:
            return ast.literal_eval(node)
        except ValueError as error:
            raise NotUnderstoodError(f"{ast.unparse(node)} is no value") from error
