"""Finding: an outcome that is not a pass, in words."""

from __future__ import annotations

from dataclasses import dataclass

from walkaround.model.expectation import USERS_CODE
from walkaround.model.outcome import Dimension, Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome with what a person needs: what happened (`message`) and what to do (`remedy`)."""

    outcome: Outcome
    title: str
    dimension: Dimension
    message: str
    remedy: str

    @property
    def column(self) -> str | None:
        """The column it is about; None where it is about none, or several equally."""
        return self.outcome.columns[0] if self.outcome.columns else None

    @property
    def label(self) -> str:
        """Code, source and columns: "MIS001 crm.customers email"; with the fact where a code alone says too little."""
        outcome = self.outcome
        parts = [outcome.code, outcome.source, ", ".join(outcome.columns)]
        return " ".join([*parts, outcome.fact] if outcome.code == USERS_CODE else parts).strip()
