"""SEM001: values of another kind than the pilot's: companies among persons.

A column of the right type that holds another kind of thing. A model of persons that scores companies answers all the
same, with the same confidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from walkaround.checks import words
from walkaround.checks.comparing import limit
from walkaround.columns import Table
from walkaround.measures.column.names import Names, companies
from walkaround.model.check import Check
from walkaround.model.limit import Limit
from walkaround.model.outcome import Outcome
from walkaround.model.policy import Policy
from walkaround.model.profile import TableProfile

NAMES: Final = 0.7
"""A column holds names where at least this share of the pilot's values looks like one."""
PERSONS: Final = 0.1
"""And persons where at most this share of them is a company."""


def limits(pilot: TableProfile, policy: Policy) -> Iterator[Limit]:
    """The pilot's share of companies, in columns of persons."""
    for column, state in pilot.columns_with(Names):
        if state.rows and state.names >= NAMES * state.rows and state.companies <= PERSONS * state.names:
            why = f"{state.companies} of the pilot's {state.rows} names were a company's"
            yield limit(CHECK, policy, "company_rate", column.name, state.companies, state.rows, why)


def cells(table: Table, pilot: TableProfile, outcome: Outcome) -> NDArray[np.bool_]:
    """Rows that hold the name of a company."""
    del pilot
    column = table.columns[outcome.columns[0]]
    return column.text.rows_of(companies(column))


CHECK = Check(
    code="SEM001",
    title="Another kind of thing",
    dimension="semantics",
    severity="critical",
    of="non-missing",
    tolerance=0.005,
    grave=0.05,
    computed="Names that end with a legal form (Ltd, GmbH) or hold a word for a trade or institution, of present rows.",
    false_alarms="Persons whose surname is a trade's word, in a production of other countries than the pilot's.",
    remedy="Separate the records of companies at the source, or route them away from the model.",
    message=words.rate("is the name of a company"),
    limits=limits,
    cells=cells,
)
