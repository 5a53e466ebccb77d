"""Names: how many values look like names, and how many of those are names of companies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from walkaround.columns import Column
from walkaround.model.fact import Fact
from walkaround.model.measure import Measure
from walkaround.model.source import ColumnSpec

NAME_LIKE: Final = r"^[Aaw\x01][Aaw\x01.'\-]*(?:,? [Aaw\x01&][Aaw\x01.'\-,]*){1,7}$"
"""The masks of two to eight words of letters."""
LEGAL_FORMS: Final = (
    r"inc|incorporated|llc|l\.l\.c|ltd|limited|ltda|gmbh|mbh|plc|corp|corporation|ag|kg|ohg|gbr|ug|bv|b\.v|nv|n\.v|oy|oyj|ab|asa|aps|"
    r"s\.a|sa|s\.a\.s|sas|sarl|s\.a\.r\.l|srl|s\.r\.l|spa|s\.p\.a|s\.l|pty|pte|llp|l\.l\.p|kk|sdn bhd|bhd|co|company|"
    r"cia|cie|& co|lda|zrt|kft|sp\. z o\.o"
)
"""Legal forms that end a company's name, in the languages most met with."""
TRADE_WORDS: Final = (
    r"holdings?|group|partners|associates|industr(?:y|ies)|enterprises?|solutions|systems?|services?|technolog(?:y|ies)|"
    r"consult(?:ing|ants|ancy)|logistics|trading|traders|foods?|energy|works|brothers|bros|roofing|dental|medical|clinic|"
    r"bank|insurance|motors?|automotive|foundation|university|college|hospital|hotels?|restaurant|cafe|sons|international|"
    r"laborator(?:y|ies)|labs|studios?|media|capital|ventures|propert(?:y|ies)|realty|construction|builders|plumbing|electric(?:al)?|"
    r"suppl(?:y|ies)|stores?|pharmac(?:y|euticals?)|agency|institute|society|association|club|bakery|airlines|airways|steel|"
    r"machinery|engineering|software|networks?|telecom|communications|transport|freight|shipping|textiles?|chemicals?|plastics|"
    r"furniture|farms?|brewery|winery|publishing|press|records|entertainment|productions|marketing|advertising|security|"
    r"cleaning|landscaping|catering|rentals?|leasing|financial|investments?|accounting|advisors|manufacturing|products|"
    r"imports?|exports?|wholesale|retail|outfitters|cooperative|federation|committee|ministry|department|council|authority"
)
"""Words that name a trade or an institution, and rarely a person."""
COMPANY: Final = rf"(?i)\b(?:{TRADE_WORDS})\b|(?:^|[\s,])(?:{LEGAL_FORMS})\.?$"
"""A company by its legal form at the end, or by a trade word anywhere."""


@dataclass(frozen=True, slots=True)
class Names(Measure[Column]):
    """Counts of non-missing rows: `names` look like names of several words, `companies` of those are a company's."""

    rows: int = 0
    names: int = 0
    companies: int = 0

    @classmethod
    def accepts(cls, spec: ColumnSpec, kind: str) -> bool:
        """Only text is a name."""
        del spec
        return kind == "text"

    @classmethod
    def observe(cls, view: Column) -> Self:
        """Count one batch."""
        text = view.text
        like = text.masks.masks.str.contains(NAME_LIKE).to_numpy()
        names = int(text.mask_weights[like].sum())
        return cls(int(text.mask_weights.sum()), names, int(text.weights[companies(view)].sum()))

    def merge(self, other: Self) -> Self:
        """Add up."""
        return type(self)(self.rows + other.rows, self.names + other.names, self.companies + other.companies)

    def facts(self) -> Iterable[Fact]:
        """`name_like_rate` and `company_rate`, of non-missing rows."""
        yield Fact.rate("name_like_rate", (), self.names, self.rows)
        yield Fact.rate("company_rate", (), self.companies, self.rows)


def companies(view: Column) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which values are names of companies, (m,)."""
    text = view.text
    found = np.zeros(len(text.weights), np.bool_)
    like = text.masks.masks.str.contains(NAME_LIKE).to_numpy()
    at = text.masks.having(like)
    at = at[text.present[at]]
    if len(at):
        found[at] = text.series.gather(at).str.contains(COMPANY).to_numpy()
    return found


MEASURE: Final = Names
