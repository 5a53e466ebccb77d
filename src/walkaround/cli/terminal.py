"""Terminal: a run as a person reads it in a shell, the verdict first and the worst finding on top."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from walkaround.cli.console import Console, plain
from walkaround.model.finding import Finding
from walkaround.model.run import Run
from walkaround.model.verdict import Coverage, Word
from walkaround.report.words import clustered

MAX_FINDINGS: Final = 20
"""About what fits a screen; the report has them all."""
ALWAYS: Final = 2
"""Findings that a group shows even where that makes more: what was not assessed is never but a number (law 3)."""
MAX_NAME: Final = 30
"""Longer names of columns are cut in the middle, where they differ least."""
NARROW: Final = 72
"""In a window narrower than this, the message goes below its code."""
_INDENT: Final = "  "
_HARD_SPACE: Final = "\u00a0"
"""A space at which no line is broken."""


@dataclass(frozen=True, slots=True)
class Face:
    """How a verdict is shown: never by colour alone."""

    words: str
    symbol: str
    ascii: str
    colour: str


FACES: Final[dict[Word, Face]] = {
    "ready": Face("READY", "✔", "[+]", "green"),
    "ready_with_conditions": Face("READY WITH CONDITIONS", "▲", "[!]", "yellow"),
    "not_ready": Face("NOT READY", "✘", "[x]", "red"),
    "not_assessed": Face("COULD NOT BE ASSESSED", "?", "[?]", "magenta"),
}
MEANINGS: Final[dict[int, str]] = {
    0: "nothing blocks",
    1: "not ready: something blocks",
    3: "could not assess: required evidence is missing",
}
_GROUPS: Final = (
    ("Blocks", "red"),
    ("Warns", "yellow"),
    ("Inconclusive", "cyan"),
    ("Not assessed", "magenta"),
    ("Waived", "blue"),
    ("To know", "bright_black"),
)
"""The groups of findings, worst first."""


def render(run: Run, console: Console, report: str = "") -> str:
    """The whole text of a run; `report` is where its page was written."""
    parts = [_head(run, console), *_findings(run, console), _foot(run, console, report)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def width_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for wide East Asian characters, none for marks on others."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    marks = sum(unicodedata.combining(char) != 0 for char in text)
    return len(text) + wide - marks


def fitted(text: str, width: int) -> str:
    """A text cut in the middle, or filled up, to exactly so many cells."""
    if width_of(text) > width:
        text = f"{_within(text, width // 2)}~{_within(text[::-1], (width - 1) // 2)[::-1]}"
    return text + " " * (width - width_of(text))


def number(value: float) -> str:
    """A number of rows with its thousands apart."""
    return f"{value:,.0f}".replace(",", " ")


def _within(text: str, width: int) -> str:
    """As much of the beginning as fits; a text of any length is looked at no further than that."""
    end = 0
    while end < len(text) and width_of(text[: end + 1]) <= width:
        end += 1
    return text[:end]


def _head(run: Run, console: Console) -> list[str]:
    face = FACES[run.verdict.word]
    symbol = face.symbol if console.symbols else face.ascii
    about = run.project.name or " ".join(source.name for source in run.sources[:1])
    title = console.paint(f"{symbol} {face.words}", fg=face.colour, bold=True)
    lines = [f"{title}  {plain(about)}".rstrip()]
    lines += _wrapped(_sentence(plain(run.verdict.rule)), console)
    lines += _wrapped(_coverage(run.coverage, sum(outcome.folded for outcome in run.outcomes)), console)
    return lines + [line for source in run.sources for line in _wrapped(_read(run, source.name), console)]


def _coverage(coverage: Coverage, folded: int) -> str:
    """What was asked and what came of it; `folded` checks are spoken for by another finding."""
    parts = [
        f"{count} {word}"
        for count, word in (
            (coverage.passed, "passed"),
            (coverage.failed, "failed"),
            (coverage.inconclusive, "inconclusive"),
            (coverage.waived, "waived"),
        )
        if count
    ]
    said = f"{coverage.run} of {coverage.planned} checks ran" + (f": {', '.join(parts)}" if parts else "")
    if folded:
        said += f"; {folded} are covered by another finding"
    if coverage.not_assessed > folded:
        said += f"; {coverage.not_assessed - folded} could not be assessed"
    if coverage.smallest_detectable_rise is not None:
        said += f". Rises from {coverage.smallest_detectable_rise * 100:.2g} points on would typically be seen"
    return said + "."


def _read(run: Run, name: str) -> str:
    source = next(source for source in run.sources if source.name == name)
    if source.problem:
        return f"{plain(name)}: {plain(source.problem)}"
    rows = f"{number(source.drawn.rows)} rows"
    total = source.facts.rows_total
    if total is not None and total != source.drawn.rows:
        about = "about " if source.facts.rows_total_is == "estimate" else ""
        rows += f" of {about}{number(total)} ({source.drawn.method}, seed {source.drawn.seed})"
    if not source.drawn.probability:
        rows += ", not drawn by chance: nothing follows for the rest"
    lost = f", {number(source.records.lost)} records rejected" if source.records.lost else ""
    against = f", against {number(source.pilot_rows)} of the pilot" if source.pilot_rows else ""
    said = clustered(source)
    return f"{plain(name)}: {rows}{against}{lost}." + (f" Clustered sample: {plain(said)}." if said else "")


def _findings(run: Run, console: Console) -> Iterator[list[str]]:
    places = [_place(run, finding) for finding in run.findings]
    width = min(MAX_NAME, max((width_of(place) for place in places), default=0))
    left = MAX_FINDINGS
    for title, colour in _GROUPS:
        group = [finding for finding in run.findings if _group(finding) == title]
        shown = group[: max(left, ALWAYS)]
        left -= len(shown)
        if not group:
            continue
        lines = [console.paint(f"{title} ({len(group)})", fg=colour, bold=True)]
        lines += [line for finding in shown for line in _finding(run, finding, width, console)]
        if len(shown) < len(group):
            lines.append(f"{_INDENT}{'and ' if shown else ''}{len(group) - len(shown)} more, in the report")
        yield lines


def _group(finding: Finding) -> str:
    status, severity = finding.outcome.status, finding.outcome.severity
    by_status = {"inconclusive": "Inconclusive", "not_assessed": "Not assessed", "waived": "Waived"}
    by_severity = {"blocker": "Blocks", "warning": "Warns", "info": "To know"}
    return by_status.get(status) or by_severity[severity]


def _place(run: Run, finding: Finding) -> str:
    """Where a finding is: the source is left out where there is only one."""
    columns = ", ".join(finding.outcome.columns)
    source = finding.outcome.source if len(run.sources) != 1 or not columns else ""
    return plain(" ".join(part for part in (source, columns) if part))


def _finding(run: Run, finding: Finding, width: int, console: Console) -> list[str]:
    code = console.paint(f"{finding.outcome.code:<6}", bold=True)
    place, message = _place(run, finding), plain(finding.message)
    if console.width < NARROW:
        return [f"{_INDENT}{code}  {place}".rstrip(), *_wrapped(message, console, _INDENT * 5)]
    hanging = " " * (len(_INDENT) + 6 + 2 + width + 2)
    lines = _wrapped(message, console, hanging) or [hanging]
    return [f"{_INDENT}{code}  {fitted(place, width)}  {lines[0][len(hanging) :]}".rstrip(), *lines[1:]]


def _foot(run: Run, console: Console, report: str) -> list[str]:
    code = run.verdict.exit_code
    lines = [*_labelled("Since", _since(run), console), *_labelled("Exit", f"{code}, {MEANINGS[code]}", console)]
    if report:  # a path is copied, so it is not wrapped
        lines.append(f"{console.paint(_label('Report'), bold=True)}{plain(report)}")
    codes = [finding.outcome.code for finding in run.findings if _group(finding) in {"Blocks", "Warns"}]
    return lines + _labelled("Next", f"walkaround explain {codes[0]}" if codes else "", console)


def _since(run: Run) -> str:
    if run.since is None:
        return ""
    kinds = [change.kind for change in run.since.changes]
    parts = [f"{kinds.count(kind)} {kind}" for kind in ("new", "worse", "better", "gone", "still") if kind in kinds]
    asked = (("the rules", run.since.rules_changed), ("the sample", run.since.sample_changed))
    because = [words for words, changed in asked if changed]
    also = f"; {' and '.join(because)} changed as well" if because else ""
    when = f"{run.since.started.astimezone():%Y-%m-%d %H:%M %Z}"
    face = next((face.words.lower() for word, face in FACES.items() if word == run.since.verdict), run.since.verdict)
    return f"the run of {when} ({plain(face)}): {', '.join(parts) or 'no finding came or went'}{also}."


def _label(label: str) -> str:
    return f"{label:<8}"


def _labelled(label: str, text: str, console: Console) -> list[str]:
    """A text behind a bold word, its further lines below its first."""
    lines = _wrapped(text, console, _label(""))
    first = [f"{console.paint(_label(label), bold=True)}{line.lstrip()}" for line in lines[:1]]
    return first + lines[1:]


def _sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}" if text else ""


def _wrapped(text: str, console: Console, indent: str = _INDENT) -> list[str]:
    """Lines that fit the window; a per cent sign stays with its number."""
    kept = text.replace(" %", f"{_HARD_SPACE}%")
    lines = textwrap.wrap(kept, console.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(_HARD_SPACE, " ") for line in lines]
