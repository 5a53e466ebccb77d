"""Identifiers: columns whose values point at something, and say nothing by their size."""

from __future__ import annotations

import re
from typing import Final

from walkaround.measures.column.categories import MOST
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.numbers import Numbers
from walkaround.measures.column.readings import Readings
from walkaround.model.profile import ColumnProfile

NAMED: Final = re.compile(
    r"(?i:(?:^|[_\W])(?:id|uuid|guid|key|ref|rownum|row_?id|index|seq)$)|(?<=[a-z])(?:Id|ID|Key|Ref)$"
    r"|^(?i:unnamed: ?0)?$"
)
"""Names of columns that point at something, in the spellings most met with."""
UNIQUE: Final = 0.99
"""A running number hardly repeats."""
DENSE: Final = 4.0
"""And fills its range: fewer than so many places for each value."""


def is_identifier(column: ColumnProfile) -> bool:
    """Whether the values of a column name things: a declared key, a column of many values that is called an id, or a
    running number. Production has other customers and later orders than the pilot, and that is no news.
    """
    if column.spec.key:
        return True
    distinct, numbers, readings = column.get(Distinct), column.get(Numbers), column.get(Readings)
    if distinct is None or not distinct.sketch.rows or distinct.sketch.distinct <= MOST:
        return False
    if NAMED.search(column.name):
        return True
    if numbers is None or readings is None or readings.reads_as != "integer":
        return False
    spread = numbers.maximum - numbers.minimum + 1
    return distinct.sketch.distinct >= UNIQUE * distinct.sketch.rows and spread <= DENSE * distinct.sketch.rows
