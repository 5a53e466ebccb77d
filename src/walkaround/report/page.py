"""The page: what of a run is shown where, and in which words. The templates only set it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from walkaround.checks import by_code, why
from walkaround.model.check import Check
from walkaround.model.finding import Finding
from walkaround.model.outcome import Outcome
from walkaround.model.run import ColumnFigures, ColumnPair, Project, Run, SourceRun
from walkaround.report import foremost
from walkaround.report.answers import Covered, answered, covered
from walkaround.report.words import VERDICTS, mark, names, plural, shown, time

MOST_ON_ONE: Final = 3
"""Findings on page one: what a committee can weigh; the rest is counted there and shown below."""
MOST_NAMED: Final = 2
"""Sources that the headline names."""
MOST_CARDS: Final = 60
"""Columns of one source that are drawn; the others stand in the table. Keeps 1,000 columns under 1.5 MB."""
MOST_COLUMNS: Final = 1_500
"""Lines of one source's table of columns."""
MOST_FINDINGS: Final = 120
"""Findings of one weight that are told in full; all of them are in run.json and findings.csv."""
MOST_PASSED: Final = 200
"""Passed checks that are listed one by one."""
WEIGHTS: Final = ("blocker", "warning", "inconclusive", "not_assessed", "waived", "info")
"""The order in which findings are told."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one weight: those that are told, and how many there are."""

    weight: str
    told: tuple[Finding, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Line:
    """A column in its source's table, with the weights of its findings, worst first."""

    pair: ColumnPair
    weights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A source: its columns worst first; the first `drawn` of them are drawn."""

    source: SourceRun
    lines: tuple[Line, ...]
    drawn: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the templates need besides the run."""

    title: str
    question: str
    symbol: str
    word: str
    headline: str
    answered: str
    covered: tuple[Covered, ...]
    shapes: bool
    not_supplied: str
    foremost: tuple[Finding, ...]
    foremost_title: str
    foremost_more: int
    counts: Mapping[str, int]
    groups: tuple[Group, ...]
    cards: tuple[Card, ...]
    passed: tuple[Outcome, ...]
    passed_count: int
    unread: tuple[SourceRun, ...]
    definitions: tuple[Check, ...]
    as_of: str
    profile: bool


def page(run: Run) -> Page:
    """What is shown of a run."""
    profile = run.command == "profile"
    name = shown(_subject(run), 40)
    symbol, word = ("", "Profile") if profile else VERDICTS[run.verdict.word]
    grouped = _grouped(run.findings)
    candidates, foremost_title = foremost.candidates(run, grouped)
    passed = tuple(outcome for outcome in run.outcomes if outcome.status == "pass")
    dated = [source.facts.modified for source in run.sources if source.facts.modified is not None]
    return Page(
        title=f"Profile of {name}" if profile else f"{word}: is production data ready for {name}?",
        question=f"Profile of {name}" if profile else f"Is production data ready for {name}?",
        symbol=symbol,
        word=word,
        headline="" if profile else _headline(run, grouped),
        answered=answered(run),
        covered=covered(run),
        shapes=any(side.shapes for source in run.sources for side in _sides(source)),
        not_supplied=_not_supplied(run.project),
        foremost=foremost.chosen(candidates, MOST_ON_ONE),
        foremost_title=foremost_title,
        foremost_more=max(0, len(candidates) - MOST_ON_ONE),
        counts={weight: len(grouped[weight]) for weight in WEIGHTS},
        groups=tuple(Group(weight, grouped[weight][:MOST_FINDINGS], len(grouped[weight])) for weight in WEIGHTS),
        cards=tuple(_card(source, run.findings) for source in run.sources),
        passed=passed[:MOST_PASSED],
        passed_count=len(passed),
        unread=tuple(source for source in run.sources if source.problem),
        definitions=_definitions(run),
        as_of=time(max(dated)) if dated and len({each.tzinfo is None for each in dated}) == 1 else "not known",
        profile=profile,
    )


def consequence(finding: Finding) -> str:
    """What a finding of this kind does to a model: the first paragraph of why the check is made."""
    code = finding.outcome.code
    return " ".join(why(code).split("\n\n")[0].split()) if code in by_code() else ""


def _subject(run: Run) -> str:
    return run.project.name or names([source.name for source in run.sources], 2) or "this use case"


def _grouped(findings: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    return {weight: tuple(each for each in findings if mark(each.outcome) == weight) for weight in WEIGHTS}


def _not_supplied(project: Project) -> str:
    """What a committee would ask for and nobody gave, in words."""
    owner = project.owner
    asked = {
        "funding request": project.funding_request,
        "classification": project.classification,
        "use case": project.use_case,
        "operational owner": owner.name or owner.email,
        "date on which the owner agreed": owner.confirmed_on,
        "deputy": owner.deputy,
        "sponsor": project.sponsor,
        "effort": None,
        "run cost": None,
    }
    return ", ".join(name for name, given in asked.items() if not given)


def _headline(run: Run, grouped: Mapping[str, tuple[Finding, ...]]) -> str:
    """The verdict, as one sentence for somebody who pays for the use case."""
    blockers = grouped["blocker"]
    if run.verdict.word == "not_ready":
        topics = names(list(dict.fromkeys(finding.title.lower() for finding in blockers)), 3)
        sources = list(dict.fromkeys(finding.outcome.source for finding in blockers))
        where = (
            " and ".join(shown(source, 40) for source in sources) if len(sources) <= MOST_NAMED else names(sources, 2)
        )
        differ = "differs" if len(sources) == 1 else "differ"
        count = plural(len(blockers), "finding blocks", "findings block")
        return f"{count}: {where} {differ} from the data the pilot was built on in what the model relies on ({topics})."
    if run.verdict.word == "ready":
        return "Everything that was planned was checked, and production looks like the data the pilot was built on."
    if run.verdict.word == "ready_with_conditions":
        return "Nothing blocks; before going on, somebody has to accept or fix what stands under the conditions."
    if all(source.problem for source in run.sources):
        return "No source could be read, so nothing can be said about production."
    return "No blocker was found, but what is needed to say “ready” could not be looked at: this is no pass."


def _card(source: SourceRun, findings: Sequence[Finding]) -> Card:
    found: dict[str, list[str]] = {}
    for finding in findings:
        if finding.outcome.source == source.name:
            for column in finding.outcome.columns:
                found.setdefault(column, []).append(mark(finding.outcome))
    lines = [Line(pair, tuple(sorted(set(found.get(pair.name, ())), key=WEIGHTS.index))) for pair in source.columns]
    ordered = sorted(lines, key=_worst)
    return Card(source, tuple(ordered[:MOST_COLUMNS]), tuple(ordered[:MOST_CARDS]))


def _sides(source: SourceRun) -> tuple[ColumnFigures, ...]:
    return tuple(side for pair in source.columns for side in (pair.pilot, pair.production) if side is not None)


def _worst(line: Line) -> tuple[int, float]:
    """Columns with the gravest finding come first, then those of which more is missing than in the pilot."""
    rates = [side.missing_rate or 0.0 if side is not None else 0.0 for side in (line.pair.production, line.pair.pilot)]
    return WEIGHTS.index(line.weights[0]) if line.weights else len(WEIGHTS), rates[1] - rates[0]


def _definitions(run: Run) -> tuple[Check, ...]:
    codes = Counter(outcome.code for outcome in (*run.outcomes, *(finding.outcome for finding in run.findings)))
    return tuple(by_code()[code] for code in sorted(codes) if code in by_code())
