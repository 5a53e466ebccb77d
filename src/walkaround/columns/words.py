"""Words: closed lists of texts that stand for something other than themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from walkaround.columns.shapes import LOOK_UP

MISSING_WORDS: Final = frozenset(
    {
        "-", "--", "---", "----", "?", "??", "???", ".", "..", "...", "*", "#", "_", "__", "/",
        "n/a", "na", "n.a.", "n.a", "n\\a", "#n/a", "n/a.", "#na", "<na>", "nan", "#nan", "-nan", "nat",
        "null", "(null)", "<null>", "[null]", "#null!", "\\n", "none", "(none)", "<none>", "nil", "void",
        "unknown", "(unknown)", "unkown", "unk", "undefined", "unspecified", "not specified", "not available",
        "not applicable", "not known", "not provided", "not given", "not set", "not entered", "no data", "no value",
        "missing", "(missing)", "(blank)", "blank", "(empty)", "empty", "tbd", "tba", "tbc", "to be determined",
        "to be confirmed", "to be advised", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "no info", "n.n.",
        "n. n.",
        "xxx", "xxxx", "test", "asdf", "dummy", "placeholder", "todo", "k.a.", "s/d", "desconocido",
        "unbekannt", "inconnu",
    }
)  # fmt: skip
"""Words for "nothing" in lower case. A column in which the pilot uses one as a value is not alarmed: only a rise is."""

TRUE_WORDS: Final = frozenset({"true", "t", "yes", "y", "on"})
FALSE_WORDS: Final = frozenset({"false", "f", "no", "n", "off"})
"""Words for the two truth values, in lower case. "1" and "0" read as integers."""

UNITS: Final = frozenset(
    {
        "kg", "g", "mg", "lb", "lbs", "oz", "oz.", "ounce", "ounces", "t", "km", "m", "cm", "mm", "mi", "ft", "in",
        "yd", "l", "ml", "cl", "gal", "fl", "h", "hr", "hrs", "min", "mins", "s", "sec", "ms", "d", "day", "days",
        "c", "f", "k",
        "v", "w", "kw", "kwh", "mw", "a", "hz", "mb", "gb", "kb", "tb", "x", "pcs", "pc", "bps", "pct", "mph", "kmh",
    }
)  # fmt: skip
"""Unit signs in lower case that may follow a number and leave it a number."""

CURRENCIES: Final = frozenset(
    {"usd", "eur", "gbp", "chf", "jpy", "cny", "inr", "brl", "cad", "aud", "pln", "sek", "kr"}
)
"""Currency codes that may stand before or after a number."""

CURRENCY_SIGNS: Final = "$€£¥₹₽₩₺"
"""Currency signs that may stand before or after a number."""


@lru_cache(maxsize=64)
def word_masks(words: frozenset[str]) -> list[str]:
    """The lower-case masks that any of the words can have: a cheap sieve before values are compared."""
    return sorted({word.encode().translate(LOOK_UP).decode("latin-1").lower() for word in words if word})
