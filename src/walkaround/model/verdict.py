"""Verdict: may the pilot take off, and how much was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Word = Literal["ready", "ready_with_conditions", "not_ready", "not_assessed"]
EXIT_CODES: Final[dict[Word, int]] = {"ready": 0, "ready_with_conditions": 0, "not_ready": 1, "not_assessed": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, the labels of the findings that decided it, and the rule that did, as a sentence."""

    word: Word
    because: tuple[str, ...] = ()
    rule: str = ""

    @property
    def exit_code(self) -> int:
        """0 ready (with or without conditions), 1 not ready, 3 could not assess."""
        return EXIT_CODES[self.word]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many checks were planned and what came of them. `run` are those with an answer: pass, fail, inconclusive or
    waived. `expected_false_alarms`: how many failures this run would show on average if nothing had changed.
    `smallest_detectable_rise`: the median, over the rate checks that ran, of the smallest rise each would have caught.
    """

    planned: int = 0
    run: int = 0
    passed: int = 0
    failed: int = 0
    inconclusive: int = 0
    not_assessed: int = 0
    waived: int = 0
    expected_false_alarms: float = 0.0
    smallest_detectable_rise: float | None = None
