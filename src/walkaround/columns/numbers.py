"""Numbers in texts: which texts are numbers, in what style they are written, and what they are worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from walkaround.columns.words import CURRENCIES, CURRENCY_SIGNS, UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from walkaround.columns.shapes import Masks

NATIVE: Final = "native"
"""The style of numbers that arrive as numbers."""
PLAIN: Final = "1"
"""The style of digits alone: it says nothing of the signs in use, so it is never a change of style."""

_CORES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        (PLAIN, r"9+"),
        ("1.5", r"9+\.9*|\.9+"),
        ("1e5", r"(?:9+(?:\.9*)?|\.9+)[Aa][-+]?9{1,3}"),
        ("1,234", r"9{1,3}(?:,999)+"),
        ("1,234.5", r"9{1,3}(?:,999)+\.9+"),
        ("1,5", r"9+,9+"),
        ("1.234.567", r"9{1,3}(?:\.999){2,}"),
        ("1.234,5", r"9{1,3}(?:\.999)+,9+"),
        ("1 234", r"9{1,3}(?:(?: |w\x01+)999)+"),
        ("1 234,5", r"9{1,3}(?:(?: |w\x01+)999)+,9+"),
        ("1 234.5", r"9{1,3}(?:(?: |w\x01+)999)+\.9+"),
        ("1'234.5", r"9{1,3}(?:(?:'|w\x01+)999)+(?:\.9+)?"),
    )
)
"""Styles by an example of each, with the mask they have. "1,234" is read with a thousands comma: of all columns with
three digits behind a comma, most are English; "1.234" is read with a decimal point for the same reason. What this
leaves open shows as a style of its own, and is compared with the pilot's."""

_GROUPED: Final = frozenset({"1 234", "1 234,5", "1 234.5", "1'234.5"})
"""Styles whose digits may be grouped by signs outside ASCII, which a mask does not tell apart."""
_COMMA: Final = "1,234"
"""The style whose comma is a decimal one after all where the number begins with a zero."""
_LIKE: Final = (
    r"^(?:[-+(]|w\x01*|\$|[A]{3}|[A]{2})? ?[-+]?(?:w\x01*|\$)? ?(?:9[9.,' ]*(?:w\x01+9[9.,w\x01]*)?|\.9+)"
    r"(?:[Aa][-+]?9{1,3})? ?(?:%|\$|w\x01*|[Aa]{1,5}\.?)?[)\-]?$"
)
"""A sieve: every mask that may be a number passes, and few others."""
_PARTS: Final = re.compile(
    r"(?P<open>\()?(?P<sign>[-+])?(?P<before>(?:w\x01*|\$|AAA|AA) ?)?(?P<sign2>[-+])?"
    r"(?P<core>9[9.,']*(?:(?: |w\x01+)999)+(?:[.,]9+)?|[9.,']*9[9.,']*(?:[Aa][-+]?9{1,3}(?![9Aa]))?)"
    r"(?P<gap> ?)(?P<after>%|\$|w\x01*|[Aa]{1,5}\.?)?(?P<behind>-)?(?P<close>\))?"
)
_NOT_CORE: Final = r"[^0-9eE.,+\-]"
_BESIDE: Final = r"[0-9.,'\u{2019}()\s+\-]"
"""What a number is made of, and the signs that may group its digits; the rest must be a currency."""
_NO_GROUPING: Final = r"[^0-9.,'\u{2019}()\s+\-]"
"""Signs that never group digits: "3x250" with a multiplication sign is two numbers, and so is one with a dash."""
_ZERO_LED: Final = r"^[^0-9.,]*0[0-9]*,"
"""Begins with a zero before a comma: no thousands do, so the comma is a decimal one."""
MONEY, PERCENT, UNIT = "money", "percent", "unit"


@dataclass(frozen=True, slots=True)
class Layout:
    """How the numbers of one mask are written."""

    style: str
    affix: str = ""
    exponent: bool = False
    decimal: str = "."
    negative: bool = False
    suffix: int = 0

    @property
    def label(self) -> str:
        """The style, with what stands beside it: "1,234.5 money"."""
        return f"{self.style} {self.affix}".strip()


@dataclass(frozen=True, slots=True)
class NumbersRead:
    """Numbers found among values.

    `at` (n,) are positions of values, `numbers` (n,) what they are worth, `whole` (n,) whether they are written without
    a fraction, `styles` (n,) indexes into `labels`.
    """

    at: NDArray[np.int64]
    numbers: NDArray[np.float64]
    whole: NDArray[np.bool_]
    styles: NDArray[np.int16]
    labels: tuple[str, ...]


@lru_cache(maxsize=4096)
def layout(mask: str) -> Layout | None:
    """How a number of this mask is written; None where the mask is no number's.

    >>> layout("$9,999.99").label
    '1,234.5 money'
    """
    parts = _PARTS.fullmatch(mask)
    if parts is None or (parts["open"] is None) != (parts["close"] is None):
        return None
    signs = [sign for sign in (parts["sign"], parts["sign2"], parts["behind"]) if sign]
    if len(signs) > 1:
        return None
    core = parts["core"]
    style = next((name for name, pattern in _CORES if pattern.fullmatch(core)), None)
    if style is None or (parts["before"] and parts["after"] and parts["after"] != "%"):
        return None
    after = parts["after"] or ""
    affix = ""
    if parts["before"] or after in {"$", "AAA"} or after.startswith("w"):
        affix = MONEY
    elif after == "%":
        affix = PERCENT
    elif after:
        affix = UNIT
    negative = "-" in signs or parts["open"] is not None
    decimal = "," if style in {"1,5", "1.234,5", "1 234,5"} else "."
    return Layout(style, affix, style == "1e5", decimal, negative, len(after) if affix == UNIT else 0)


def read_numbers(values: pl.Series, masks: Masks, present: NDArray[np.bool_]) -> NumbersRead:
    """Read every present value that is written as a number."""
    trimmed = masks.masks.str.strip_chars(" \t")
    like = trimmed.str.contains(_LIKE).to_numpy()
    layouts: dict[int, Layout] = {}
    for code in np.flatnonzero(like).tolist():
        found = layout(trimmed[code])
        if found is not None:
            layouts[code] = found
    found_labels = {found.label for found in layouts.values()}
    labels = tuple(sorted(found_labels | {_as_decimal(f).label for f in layouts.values() if f.style == _COMMA}))
    like = np.zeros(len(masks.masks), np.bool_)
    like[list(layouts)] = True
    at = masks.having(like)
    at = at[present[at]]
    numbers = np.full(len(at), np.nan)
    whole = np.zeros(len(at), np.bool_)
    styles = np.zeros(len(at), np.int16)
    codes = masks.codes[at]
    by_layout: dict[Layout, list[int]] = {}
    for code, found in layouts.items():
        by_layout.setdefault(found, []).append(code)
    for found, members in by_layout.items():
        chosen = np.zeros(len(masks.masks), np.bool_)
        chosen[members] = True
        here = np.flatnonzero(chosen[codes])
        for written, some, texts in _split(found, here, values.gather(at[here])):
            numbers[some] = _worth(texts, written)
            whole[some] = written.style in {PLAIN, _COMMA, "1.234.567", "1 234"} and not written.affix
            styles[some] = labels.index(written.label)
    kept = np.isfinite(numbers)
    return NumbersRead(at[kept], numbers[kept], whole[kept], styles[kept], labels)


def _as_decimal(found: Layout) -> Layout:
    return replace(found, style="1,5", decimal=",")


def _split(
    found: Layout, here: NDArray[np.int64], texts: pl.Series
) -> Iterator[tuple[Layout, NDArray[np.int64], pl.Series]]:
    """The texts of one mask by what they are written as: 0,123 has a decimal comma, 1,234 one of thousands."""
    zero_led = texts.str.contains(_ZERO_LED) if found.style == _COMMA and len(here) else None
    if zero_led is None or not zero_led.any():
        yield found, here, texts
        return
    led = zero_led.to_numpy()
    yield found, here[~led], texts.filter(~zero_led)
    yield _as_decimal(found), here[led], texts.filter(zero_led)


def _worth(texts: pl.Series, found: Layout) -> NDArray[np.float64]:
    """The numbers that texts of one layout stand for; NaN where the words beside them are no unit or currency."""
    texts = texts.str.strip_chars(" \t")
    fits = np.ones(len(texts), np.bool_)
    if found.affix == UNIT:
        words = texts.str.slice(-found.suffix).str.to_lowercase()
        units = words.is_in(list(UNITS)).to_numpy()
        money = words.is_in(list(CURRENCIES)).to_numpy()
        fits = units | money
        texts = texts.str.head(-found.suffix)
    elif found.affix == MONEY:
        signs = texts.str.replace_all(_BESIDE, "").str.to_lowercase()
        fits = (signs.is_in(list(CURRENCY_SIGNS)) | signs.is_in(list(CURRENCIES))).to_numpy()
        texts = texts.str.replace_all(r"\p{L}|\p{Sc}", "")
    if found.style in _GROUPED:
        fits &= ~texts.str.contains(_NO_GROUPING).to_numpy()
    if found.style not in {PLAIN, "1.5", "1e5"} or found.affix or found.negative:
        texts = texts.str.replace_all(_NOT_CORE, "")
        texts = texts.str.strip_chars("+-") if not found.exponent else texts.str.strip_chars_start("+-")
        if found.decimal == ",":
            texts = texts.str.replace_all(".", "", literal=True).str.replace_all(",", ".", literal=True)
        elif found.style != "1.234.567":
            texts = texts.str.replace_all(",", "", literal=True)
        else:
            texts = texts.str.replace_all(".", "", literal=True)
        worth = texts.cast(pl.Float64, strict=False).to_numpy().astype(np.float64, copy=True)
        worth = -worth if found.negative else worth
    else:
        worth = texts.str.strip_chars_start("+").cast(pl.Float64, strict=False).to_numpy().astype(np.float64, copy=True)
    worth[~fits] = np.nan
    return worth
