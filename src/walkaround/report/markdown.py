"""The run as Markdown, for a comment on a change or a ticket."""

from __future__ import annotations

import re
from typing import Final

from walkaround.model.run import Run
from walkaround.report.page import page
from walkaround.report.words import MARKS, mark, plural, shown, told

MOST: Final = 25
"""Findings listed: a comment longer than that is not read."""
SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-!|<>~@&:])")
"""Signs that mean something in Markdown, and those that make HTML, links or mentions of people."""


def text(run: Run) -> str:
    """Verdict, coverage and findings. Every name is escaped."""
    held = page(run)
    lines = [f"## {_safe(f'{held.symbol} {held.title}'.strip())}", ""]
    if held.profile:
        lines += [
            f"- {_safe(shown(each.name))}: {plural(each.drawn.rows, 'row')}, {plural(len(each.columns), 'column')}"
            for each in run.sources
        ]
        return "\n".join(lines) + "\n"
    lines += [_safe(held.headline), "", held.answered]
    if run.findings:
        lines += ["", "| | code | finding |", "| --- | --- | --- |"]
    for finding in run.findings[:MOST]:
        sign, word = MARKS[mark(finding.outcome)]
        lines.append(f"| {_safe(sign)} {word} | {_safe(finding.outcome.code)} | {_safe(told(finding))} |")
    if len(run.findings) > MOST:
        lines += ["", f"and {len(run.findings) - MOST:,} more"]
    return "\n".join(lines) + "\n"


def _safe(words: str) -> str:
    return SPECIAL.sub(r"\\\1", words)
