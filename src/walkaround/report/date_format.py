"""Date formats as people write them: "DD/MM/YYYY or MM/DD/YYYY (open)" instead of strftime's percent signs."""

from __future__ import annotations

import re
from typing import Final

SIGNS: Final = {
    "Y": "YYYY", "y": "YY", "m": "MM", "d": "DD", "b": "Mon", "B": "Month", "H": "hh", "I": "hh", "M": "mm", "S": "ss",
    "f": "ffffff", "p": "AM/PM", "z": "+hhmm", "Z": "zone", "a": "Day", "A": "Weekday", "j": "day of year",
}  # fmt: skip
"""What a spreadsheet calls the parts that strftime names by one letter."""
EITHER: Final = "|"
"""Stands between the two readings of dates that read both ways, as the measure of dates writes them."""
_SIGN: Final = re.compile("%([" + "".join(SIGNS) + "])")


def readable(strftime: str) -> str:
    """A format in the reader's signs; text that holds no sign of strftime comes back as it is.

    >>> readable("%d-%b-%Y"), readable("%d/%m/%Y|%m/%d/%Y"), readable("a|b")
    ('DD-Mon-YYYY', 'DD/MM/YYYY or MM/DD/YYYY (open)', 'a|b')
    """
    if not _SIGN.search(strftime):
        return strftime
    told = _SIGN.sub(lambda sign: SIGNS[sign[1]], strftime)
    return f"{told.replace(EITHER, ' or ')} (open)" if EITHER in told else told
