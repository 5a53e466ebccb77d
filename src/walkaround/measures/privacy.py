"""What counts as personal (law 4): what the settings say, else what the name and the content of a column suggest."""

from __future__ import annotations

import re
from typing import Final

from walkaround.measures.column.categories import MOST
from walkaround.measures.column.distinct import Distinct
from walkaround.measures.column.names import Names
from walkaround.measures.column.readings import Readings
from walkaround.model.fact import Fact
from walkaround.model.profile import ColumnProfile, TableProfile

HINTS: Final = re.compile(
    r"(?i)(?:^|[^a-z])(?:e?-?mail|phone|tel|mobile|fax|(?:first|last|full|given|family|sur|maiden|nick|middle)_?name|name|surname|"
    r"address|street|addr|zip|post(?:al)?_?code|postcode|birth|dob|born|ssn|sin|nino|tax_?id|vat|iban|account|card|passport|licen[cs]e|"
    r"ip|gps|lat|latitude|lon|lng|longitude|salary|income|gender|sex|race|religion|ethnic\w*|diagnosis|patient|customer|user|person|"
    r"employee|member|owner|contact|login)(?:[^a-z]|$|_?id\b|_?no\b|_?number\b)|(?:^|_)id$|name$|birth"
)
"""Names of columns that hold something about a person, in the field's most common spellings."""
MOST_NAMES: Final = 0.5
"""With more than half of its values looking like names, a column is taken to hold names."""


VALUES: Final = frozenset(
    {"minimum", "maximum", "mean", "first_day", "last_day", "median", "standard_deviation"}
    | {f"quantile_{share}" for share in ("01", "25", "75", "99")}
)
"""Facts that are values of their column, or nearly so; all others are counts, rates and lengths."""


def may_leave(fact: Fact, *profiles: TableProfile) -> bool:
    """Whether a fact may be remembered or shown: no value of a column that is personal on any of the sides."""
    if fact.name not in VALUES:
        return True
    sides = [profile.columns[name] for profile in profiles for name in fact.columns if name in profile.columns]
    return not any(is_personal(column) for column in sides)


def is_personal(column: ColumnProfile) -> bool:
    """Whether values of this column may not leave the sample.

    E-mail addresses, names, unique-looking identifiers and text of over 100 distinct values are personal until the
    settings say otherwise. Numbers and dates are personal where the column's name suggests it.
    """
    if column.spec.personal is not None:
        return column.spec.personal
    if HINTS.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column.name)):
        return True
    readings, names, distinct = column.get(Readings), column.get(Names), column.get(Distinct)
    kind = readings.reads_as if readings else "nothing"
    if kind in {"email", "uuid", "url", "json"}:
        return True
    many = distinct is None or distinct.sketch.distinct > MOST
    if kind in {"text", "mixed"} and many:
        return True
    return bool(names and names.rows and names.names > MOST_NAMES * names.rows and many)
