"""Words and numbers as a reader of the page sees them. Nothing here knows HTML."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final

from walkaround.model.expectation import USERS_CODE
from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import ColumnPair, Share, SourceRun
from walkaround.report.date_format import readable

LONGEST: Final = 80
"""Characters of a name that are shown: longer ones are cut, so that no name can push the rest off the page."""
VERDICTS: Final = {
    "ready": ("✓", "READY"),
    "ready_with_conditions": ("!", "READY WITH CONDITIONS"),
    "not_ready": ("✕", "NOT READY"),
    "not_assessed": ("?", "NOT ASSESSED"),
}
MARKS: Final = {
    "blocker": ("✕", "blocker"),
    "warning": ("!", "warning"),
    "info": ("i", "for information"),
    "inconclusive": ("?", "inconclusive"),
    "not_assessed": ("○", "not assessed"),
    "waived": ("≈", "waived"),
    "pass": ("✓", "pass"),
}
"""A sign and a word for each weight: never colour alone."""
KINDS: Final = {"null": "null", "empty": "empty text", "blank": "blanks only", "word": "words such as N/A"}
"""The ways of being missing, as `ColumnFigures.missing` names them."""
CLUSTERED: Final = 2.0
"""From this design effect on, a reader is told: half of the rows, or more, say nothing that the others do not."""
_INVISIBLE: Final = (
    *range(0x80, 0xA0), 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070),
    0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), *range(0xE0000, 0xE0080),
)  # fmt: skip
_VISIBLE: Final = {
    **{sign: 0x2400 + sign for sign in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys(_INVISIBLE, 0xFFFD),
}
"""Control characters become their pictures (U+2400 and on); what turns text around, hides in it or is half a character
becomes U+FFFD: a name must not be able to change how the page around it reads (Unicode TR 36, section 2)."""


def visible(text: str) -> str:
    r"""Text in which nothing is hidden and nothing turns the text around it.

    >>> visible("a\u202eb\x00")
    'a\ufffdb␀'
    """
    return text.translate(_VISIBLE)


def shown(text: str, most: int = LONGEST) -> str:
    """Visible text of at most `most` characters; what is cut off is marked by an ellipsis."""
    cut = text if len(text) <= most else text[: most - 1].rstrip() + "…"
    return visible(cut)


def told(finding: Finding, most: int = 400, name: int = 48) -> str:
    """The message, with names in it cut to `name` characters, so that one long name does not push out the numbers."""
    message, detail = finding.message, finding.outcome.detail
    if finding.dimension == "format" and detail:
        message = message.replace(detail, readable(detail))
    for each in sorted({*finding.outcome.columns, finding.outcome.source}, key=len, reverse=True):
        if len(each) > name:
            message = message.replace(each, shown(each, name))
    return shown(message, most)


def names(columns: Collection[str], most: int = 4, each: int = 40) -> str:
    """Some names, and how many more there are."""
    first = ", ".join(shown(column, each) for column in list(columns)[:most])
    return first + (f" and {len(columns) - most:,} more" if len(columns) > most else "")


def percent(value: float | None) -> str:
    """A share: one decimal from 1 % on, two significant digits below.

    >>> percent(0.174), percent(0.00012), percent(0.0), percent(0.99999), percent(None)
    ('17.4 %', '0.012 %', '0 %', 'over 99.9 %', 'not known')
    """
    if value is None or not math.isfinite(value):
        return "not known"
    points = value * 100
    if points in {0.0, 100.0}:
        return f"{points:.0f} %"
    if abs(points) < 1:
        return f"{points:.2g} %"
    return f"{points:,.1f} %" if f"{points:.1f}" != "100.0" else "over 99.9 %"


def number(value: float | None) -> str:
    """A number in at most four significant digits, with thousands set apart.

    >>> number(1234567.0), number(0.012345), number(12.5), number(1e15), number(None)
    ('1,235,000', '0.01234', '12.5', '1e+15', 'not known')
    """
    if value is None or not math.isfinite(value):
        return "not known"
    if value and not 1e-4 <= abs(value) < 1e12:  # noqa: PLR2004 - where plain digits stop being read
        return f"{value:.3g}"
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.10f}".rstrip("0")


def day(days: float) -> str:
    """Days since 1970-01-01 as a date; far beyond the calendar, as the number of days.

    >>> day(20000), day(1e9)
    ('2024-10-04', 'day 1e+09')
    """
    try:
        return (date(1970, 1, 1) + timedelta(days=math.floor(days))).isoformat()
    except (OverflowError, ValueError):
        return f"day {days:.3g}"


def time(moment: datetime | None) -> str:
    """A moment in UTC, to the minute."""
    if moment is None:
        return "not known"
    held = moment.astimezone(UTC) if moment.tzinfo else moment
    return f"{held:%Y-%m-%d %H:%M}" + (" UTC" if moment.tzinfo else "")


def seconds(value: float) -> str:
    """How long something took."""
    return f"{value:.1f} s" if value < 120 else f"{value / 60:.0f} min"  # noqa: PLR2004 - two minutes


def size(value: int | None) -> str:
    """Bytes, in the unit that reads best."""
    if value is None:
        return "not known"
    held = float(value)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if held < 1024:  # noqa: PLR2004 - what the units step by
            return f"{held:,.0f} {unit}" if unit == "bytes" else f"{held:,.1f} {unit}"
        held /= 1024
    return f"{held:,.1f} TiB"


def lengths(shortest: int, longest: int) -> str:
    """How long texts are.

    >>> lengths(10, 10), lengths(8, 26), lengths(1, 1)
    ('10 characters', '8 to 26 characters', '1 character')
    """
    return plural(longest, "character") if shortest == longest else f"{shortest:,} to {longest:,} characters"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 column", "2 columns"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def is_share(outcome: Outcome) -> bool:
    """Whether the figure is a share: the count of its rows, or named as one."""
    if outcome.count is not None and outcome.rows and outcome.observed is not None:
        return math.isclose(outcome.observed, outcome.count / outcome.rows, rel_tol=1e-6, abs_tol=1e-12)
    return outcome.fact.endswith(("_rate", "_share"))


def yes_or_no(outcome: Outcome) -> bool:
    """Whether it is or it is not, as a column is gone or there: then "production 1, limit 0" tells nobody anything."""
    return outcome.count is None and outcome.limit == 0.0 and outcome.observed in {0.0, 1.0} and not is_share(outcome)


def figure(outcome: Outcome, value: float | None) -> str:
    """A figure of this outcome, in its unit."""
    return percent(value) if is_share(outcome) else number(value)


def evidence(outcome: Outcome) -> str:
    """Chance against level, in words: how it was told that this is real."""
    if outcome.code == USERS_CODE and outcome.interval is not None:
        return "the whole interval is beyond the limit" if outcome.status == "fail" else ""
    if outcome.chance is None:
        return "certain: chance has no part in it" if outcome.status in {"fail", "waived"} else ""
    words = f"chance alone: {one_in(outcome.chance)}"
    return f"{words}, where a failure needs {one_in(outcome.level)} or rarer" if outcome.level else words


def one_in(chance: float) -> str:
    """A chance as people say it.

    >>> one_in(0.5), one_in(0.000025), one_in(0.0), one_in(0.9)
    ('1 in 2', '1 in 40,000', 'less than 1 in a billion', '90 %')
    """
    if chance < 1e-9:  # noqa: PLR2004 - a billion
        return "less than 1 in a billion"
    if chance > 0.5:  # noqa: PLR2004 - "1 in 1" says nothing
        return percent(chance)
    return f"1 in {float(f'{1 / chance:.2g}'):,.0f}"


def parts(shares: tuple[Share, ...]) -> str:
    """The parts of what is missing, in words: "null 3.1 %, words such as N/A 2 %"."""
    return ", ".join(f"{KINDS.get(part.label, shown(part.label))} {percent(part.share)}" for part in shares)


def either_way(pair: ColumnPair) -> str:
    """The share of dates in which day and month can be swapped, on the sides that have dates."""
    sides = (("pilot", pair.pilot), ("production", pair.production))
    return ", ".join(
        f"{side} {percent(figures.ambiguous_rate)}"
        for side, figures in sides
        if figures is not None and figures.ambiguous_rate is not None
    )


def clustered(source: SourceRun) -> str:
    """How little a clustered sample tells of the column of which it tells least; empty where it tells enough of all."""
    sides = (
        (pair.production.design_effect or 0.0, pair.name) for pair in source.columns if pair.production is not None
    )
    effect, name = max(sides, default=(0.0, ""))
    if effect <= CLUSTERED:
        return ""
    worth = max(1, round(source.drawn.rows / effect))
    return (
        f"of {shown(name, 48)} its {plural(source.drawn.rows, 'row')} tell no more than {worth:,} drawn one by one "
        f"(design effect {number(effect)}); intervals and findings allow for it"
    )


def mark(outcome: Outcome) -> str:
    """The weight of an outcome, a key of `MARKS`."""
    return outcome.severity if outcome.status == "fail" else outcome.status
