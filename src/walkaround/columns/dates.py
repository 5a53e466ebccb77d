"""Dates and times in texts: which texts are dates, in what format, and which read both ways.

Texts of one mask have their digits at the same places, so one mask is understood once and all its texts are read
together, as a matrix of bytes. A date such as 03/04/2026 is never guessed: it is counted as ambiguous.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
import pyarrow as pa

from walkaround.columns.kinds import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from walkaround.columns.shapes import Masks

NO_DAY: Final = np.iinfo(np.int32).min
"""Stands for "no day": a time alone, or the second reading of a date that has only one."""
EITHER: Final = "|"
"""Stands between the two formats in the label of dates that read both ways."""
PIVOT: Final = 69
"""Two-digit years below this are of the 21st century, as in POSIX strptime."""
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMES: Final = {
    name: number
    for names in (_MONTHS, _FULL, ("", "", "", "", "", "", "", "", "sept"))
    for number, name in enumerate(names, 1)
    if name
}
_DAYS_BEFORE: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

_TIME: Final = (
    r"(?P<H>99?):(?P<M>99)(?::(?P<S>99)(?:[.,]9{1,9})?)?(?P<p> ?[Aa]\.?[Aa]\.?(?![Aa]))?"
    r"(?P<z> ?(?:A|AAA|[-+]99(?::?99)?))?"
)
_DATES: Final = (
    r"(?P<y>9999)(?P<s>[-/. ])(?P<m>99?)(?P=s)(?P<d>99?)",
    r"(?P<a>99?)(?P<s>[-/. ])(?P<b>99?)(?P=s)(?P<y>9999|99)",
    r"(?P<d>99?)(?P<s>[- .]?)(?P<mon>[Aa][Aa]{2,8})\.?,?(?P<s2>[- ]?)(?P<y>9999|99)",
    r"(?P<mon>[Aa][Aa]{2,8})\.?(?P<s>[- ])(?P<d>99?),?(?P<s2>[- ])(?P<y>9999)",
)
_GRAMMAR: Final = (
    *(
        re.compile(pattern)
        for date in _DATES
        for pattern in (f"{date}(?:(?P<t>[T A]|, ){_TIME})?", f"{_TIME}(?P<t> ){date}")
    ),
    re.compile(_TIME),
)


def _sieve() -> str:
    """The grammar as one pattern without names or back-references, which Polars' engine can run."""
    date = "|".join(re.sub(r"\(\?P=\w+\)", "[-/. ]", re.sub(r"\?P<\w+>", "?:", pattern)) for pattern in _DATES)
    time = re.sub(r"\?P<\w+>", "?:", _TIME).replace("(?![Aa])", "")
    return f"^(?:(?:{date})(?:(?:[TA ]|, ){time})?|{time}(?: (?:{date}))?)$"


_LIKE: Final = _sieve()
_PLACES: Final[tuple[str, ...]] = ("y", "m", "d", "a", "b", "mon", "H", "M", "S", "p")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a date or time stand in a text of one mask. Places are (first byte, past the last)."""

    places: dict[str, tuple[int, int]]
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class DatesRead:
    """Dates and times found among values.

    `at` (n,) are positions of values, `days` (n,) days since 1970-01-01 read day first where that is open, `other` (n,)
    the same read month first where the date is ambiguous, else NO_DAY; `formats` (n,) indexes into `labels`; `kinds`
    (n,) codes of "date", "datetime" or "time".
    """

    at: NDArray[np.int64]
    days: NDArray[np.int32]
    other: NDArray[np.int32]
    formats: NDArray[np.int16]
    kinds: NDArray[np.uint8]
    labels: tuple[str, ...]

    @property
    def ambiguous(self) -> NDArray[np.bool_]:
        """Whether each date reads both ways."""
        return np.asarray(self.other != NO_DAY)


@lru_cache(maxsize=4096)
def layout(mask: str) -> Layout | None:
    """Where the parts of a date of this mask are; None where the mask is no date's.

    >>> layout("9999-99-99").label
    '%Y-%m-%d'
    """
    for grammar in _GRAMMAR:
        found = grammar.fullmatch(mask)
        if found is None:
            continue
        parts = {name: found.span(name) for name, text in found.groupdict().items() if text is not None}
        places = {name: parts[name] for name in _PLACES if name in parts}
        time = _time_label(found.groupdict()) if "H" in parts else ""
        if "y" not in parts:
            return Layout(places, time, "time")
        month_first = "mon" in parts and parts["mon"][0] < parts["d"][0]
        date = _date_label(found.groupdict(), month_first=month_first)
        time_first = bool(time) and parts["H"][0] < parts["y"][0]
        label = f"{time} {date}" if time_first else f"{date} {time}".strip()
        return Layout(places, label, "datetime" if time else "date")
    return None


def _time_label(parts: dict[str, str | None]) -> str:
    hours = "%I" if parts["p"] else "%H"
    return f"{hours}:%M{':%S' if parts['S'] else ''}{' %p' if parts['p'] else ''}{'%z' if parts['z'] else ''}"


def _date_label(parts: dict[str, str | None], *, month_first: bool) -> str:
    year = "%Y" if len(parts["y"] or "") == 4 else "%y"  # noqa: PLR2004 (digits of a full year)
    sign = parts["s"] or ""
    if parts.get("m"):
        return f"{year}{sign}%m{sign}%d"
    if parts.get("a"):
        return f"%?{sign}%?{sign}{year}"
    month = "%b" if len(parts["mon"] or "") == 3 else "%B"  # noqa: PLR2004 (letters of a short month)
    first, then = (month, "%d") if month_first else ("%d", month)
    return f"{first}{sign}{then}{parts['s2']}{year}"


def read_dates(values: pl.Series, masks: Masks, present: NDArray[np.bool_]) -> DatesRead:
    """Read every present value that is written as a date, a time or both, and is one."""
    trimmed = masks.masks.str.strip_chars(" ")
    like = trimmed.str.contains(_LIKE).to_numpy()
    found = _Collected()
    if like.any():
        at = masks.having(like)
        at = at[present[at]]
        codes = masks.codes[at]
        order = np.argsort(codes, kind="stable")
        at, codes = at[order], codes[order]
        starts = np.flatnonzero(np.diff(codes, prepend=-1)).tolist()
        for begin, end in zip(starts, [*starts[1:], len(codes)], strict=False):
            known = layout(trimmed[int(codes[begin])])
            if known is not None:
                here = at[begin:end]
                found.add(here, _matrix(values.gather(here).str.strip_chars(" ")), known)
    return found.result()


def _matrix(texts: pl.Series) -> NDArray[np.uint8]:
    """Texts of one mask, all of one length, as a matrix of bytes (texts, length)."""
    arrow = texts.to_arrow().cast(pa.large_string())
    offsets = np.frombuffer(arrow.buffers()[1], np.int64, len(arrow) + 1, arrow.offset * 8)
    body = np.frombuffer(arrow.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    return body.reshape(len(arrow), -1)


class _Collected:
    """Gathers what was read, mask by mask."""

    def __init__(self) -> None:
        self.parts: list[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int16], str]] = []
        self.labels: dict[str, int] = {}

    def add(self, at: NDArray[np.int64], letters: NDArray[np.uint8], known: Layout) -> None:
        """Read the texts of one layout and keep those that are dates."""
        good = _valid_time(letters, known)
        if known.kind == "time":
            days = other = np.full(len(at), NO_DAY, np.int32)
            self._keep(at, days, other, good, label=known.label, kind=known.kind)
            return
        year = _number(letters, known.places["y"])
        if known.places["y"][1] - known.places["y"][0] == 2:  # noqa: PLR2004 (digits of a short year)
            year = year + np.where(year < PIVOT, 2000, 1900)
        if "a" in known.places:
            self._add_open(at, letters, known, year, good)
            return
        month = _month(letters, known.places["mon"]) if "mon" in known.places else _number(letters, known.places["m"])
        days, valid = _days(year, month, _number(letters, known.places["d"]))
        none = np.full(len(at), NO_DAY, np.int32)
        self._keep(at, days, none, good & valid, label=known.label, kind=known.kind)

    def _add_open(
        self, at: NDArray[np.int64], letters: NDArray[np.uint8], known: Layout, year: NDArray[np.int64],
        good: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Dates of which the mask leaves open what is the day and what the month."""
        first, second = _number(letters, known.places["a"]), _number(letters, known.places["b"])
        day_first, reads_day_first = _days(year, second, first)
        month_first, reads_month_first = _days(year, first, second)
        none = np.full(len(at), NO_DAY, np.int32)
        both = reads_day_first & reads_month_first
        same = both & (first == second)
        either = known.label.replace("%?", "%d", 1).replace("%?", "%m", 1)
        other = known.label.replace("%?", "%m", 1).replace("%?", "%d", 1)
        day_only, month_only = reads_day_first & ~reads_month_first, reads_month_first & ~reads_day_first
        self._keep(at, day_first, none, good & day_only, label=either, kind=known.kind)
        self._keep(at, month_first, none, good & month_only, label=other, kind=known.kind)
        label = f"{either}{EITHER}{other}"
        swapped = np.where(same, NO_DAY, month_first).astype(np.int32)
        self._keep(at, day_first, swapped, good & both, label=label, kind=known.kind)

    def _keep(
        self, at: NDArray[np.int64], days: NDArray[np.int32], other: NDArray[np.int32], good: NDArray[np.bool_],
        *, label: str, kind: str,
    ) -> None:  # fmt: skip
        if not good.any():
            return
        code = self.labels.setdefault(label, len(self.labels))
        formats = np.full(int(good.sum()), code, np.int16)
        self.parts.append((at[good], days[good], other[good], formats, kind))

    def result(self) -> DatesRead:
        """Everything that was kept."""
        if not self.parts:
            empty = np.empty(0, np.int32)
            return DatesRead(np.empty(0, np.int64), empty, empty, np.empty(0, np.int16), np.empty(0, np.uint8), ())
        kinds = [np.full(len(part[0]), KINDS.index(part[4]), np.uint8) for part in self.parts]
        return DatesRead(
            np.concatenate([part[0] for part in self.parts]),
            np.concatenate([part[1] for part in self.parts]),
            np.concatenate([part[2] for part in self.parts]),
            np.concatenate([part[3] for part in self.parts]),
            np.concatenate(kinds),
            tuple(self.labels),
        )


def _number(letters: NDArray[np.uint8], place: tuple[int, int]) -> NDArray[np.int64]:
    worth = np.zeros(len(letters), np.int64)
    for k in range(*place):
        worth = worth * 10 + (letters[:, k].astype(np.int64) - ord("0"))
    return worth


def _month(letters: NDArray[np.uint8], place: tuple[int, int]) -> NDArray[np.int64]:
    """The number of a named month; 0 where the name is none."""
    names = np.ascontiguousarray(letters[:, slice(*place)]).view(f"S{place[1] - place[0]}").ravel()
    distinct, codes = np.unique(names, return_inverse=True)
    return np.array([_NAMES.get(name.decode("ascii").lower(), 0) for name in distinct], np.int64)[codes]


def _valid_time(letters: NDArray[np.uint8], known: Layout) -> NDArray[np.bool_]:
    if "H" not in known.places:
        return np.ones(len(letters), np.bool_)
    hours, minutes = _number(letters, known.places["H"]), _number(letters, known.places["M"])
    good = (minutes < 60) & ((hours < 24) | ((hours == 24) & (minutes == 0)))  # noqa: PLR2004 (24:00 is written)
    if "S" in known.places:
        good &= _number(letters, known.places["S"]) <= 60  # noqa: PLR2004 (a leap second)
    if "p" in known.places:
        first = letters[:, known.places["p"][0] + (letters[0, known.places["p"][0]] == ord(" "))] | 0x20
        good &= ((first == ord("a")) | (first == ord("p"))) & (hours >= 1) & (hours <= 12)  # noqa: PLR2004 (of a clock)
    return np.asarray(good)


def _days(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Days since 1970-01-01 in the proleptic Gregorian calendar, and whether there is such a day.

    Hinnant's days_from_civil, over arrays of shape (n,).
    """
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)  # noqa: PLR2004 (months of a year)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    most = _DAYS_BEFORE[np.where(valid, month, 0)] + ((month == 2) & leap)  # noqa: PLR2004 (February)
    valid &= day <= most
    shifted = year - (month <= 2)  # noqa: PLR2004 (a year that begins in March)
    era = shifted // 400
    of_era = shifted - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return np.where(valid, days, NO_DAY).astype(np.int32), valid
