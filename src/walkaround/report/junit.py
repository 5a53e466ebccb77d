"""The run as JUnit XML, so that a build server shows checks as it shows tests."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final
from xml.etree import ElementTree as ET

from walkaround.model.outcome import Outcome
from walkaround.model.run import Run

NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference (section 2.2 of the recommendation)."""


def xml(run: Run) -> str:
    """A suite a source, a case a check: a blocker is a failure; what was not assessed, is inconclusive or waived, and
    what is only a warning, is skipped with the reason: a build server knows no other word for "not a pass".
    """
    messages = {_key(finding.outcome): finding.message for finding in run.findings}
    root = ET.Element("testsuites", name=_clean(run.project.name or "walkaround"), time=f"{run.seconds:.3f}")
    for source, outcomes in groupby(sorted(run.outcomes, key=lambda outcome: outcome.source), lambda each: each.source):
        _suite(root, source, list(outcomes), messages)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, source: str, outcomes: list[Outcome], messages: dict[tuple[object, ...], str]) -> None:
    failed = [outcome for outcome in outcomes if _fails(outcome)]
    skipped = [outcome for outcome in outcomes if outcome.status != "pass" and not _fails(outcome)]
    counts = {"tests": len(outcomes), "failures": len(failed), "errors": 0, "skipped": len(skipped)}
    named = {"name": _clean(source or "the run"), **{name: str(count) for name, count in counts.items()}}
    suite = ET.SubElement(root, "testsuite", named)
    for outcome in outcomes:
        name = " ".join(filter(None, (outcome.code, ", ".join(outcome.columns), outcome.fact)))
        case = ET.SubElement(suite, "testcase", classname=_clean(source or "the run"), name=_clean(name))
        if outcome.status == "pass":
            continue
        words = f"{outcome.status.replace('_', ' ')}, {outcome.severity}"
        told = messages.get(_key(outcome)) or outcome.reason or outcome.detail
        ET.SubElement(
            case, "failure" if _fails(outcome) else "skipped", message=_clean(f"{words}: {told}".rstrip(": "))
        )


def _fails(outcome: Outcome) -> bool:
    return outcome.status == "fail" and outcome.severity == "blocker"


def _key(outcome: Outcome) -> tuple[object, ...]:
    return outcome.code, outcome.source, outcome.columns, outcome.fact


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
