"""REST: APIs, and whatever else has a resource of dlt, read page by page from the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from walkaround.connectors.address import address_of
from walkaround.connectors.contract import Plan, problems_of
from walkaround.connectors.fetched import FetchedSample
from walkaround.connectors.rest.asking import asked, resources
from walkaround.connectors.rest.reading import bring, knock
from walkaround.connectors.rest.target import Target, target_of
from walkaround.connectors.rest.visit import Visit
from walkaround.errors import SourceError, UsageError
from walkaround.model.sample import Sample, SourceFacts
from walkaround.model.source import Source

ROWS: Final = 10_000
"""Rows that are read where the settings do not say: at the usual hundred a page, a hundred requests. No API can be
asked for rows by chance, so more of the first would not tell more of the others."""
_METHODS: Final = (None, "first")
_CODE: Final = "what the code of {} asks for by itself is not listed here"


class Rest:
    """Endpoints of an API; files that describe one; sources and resources of dlt in code."""

    kind = "rest"
    schemes: tuple[str, ...] = ("dlt", "rest+http", "rest+https")

    def claims(self, uri: str) -> bool:
        """By scheme."""
        return uri.partition("://")[0].lower() in self.schemes

    def check(self, source: Source) -> tuple[SourceError, ...]:
        """What stands in the way of reading it."""
        return problems_of(self.plan, source)

    def datasets(self, source: Source) -> Iterator[str]:
        """The resources that are described. Asks nobody."""
        yield from resources(_visit(source))

    def describe(self, source: Source) -> SourceFacts:
        """How it was asked; columns stand in its rows."""
        return self.plan(source).facts

    def plan(self, source: Source) -> Plan:
        """The first request is made, and its answer left unread: so much shows whether the API lets us in. Code is only
        looked up: what it asks for cannot be known.
        """
        _refuse_what_no_api_does(source)
        visit = _visit(source)
        target = visit.target
        with asked(visit) as resource:
            name = str(resource.name)
        if target.form != "code":
            knock(visit, source.sample.seconds)
        said = visit.said
        wanted = ROWS if source.sample.rows is None else source.sample.rows
        rows = None if wanted == "full" else wanted
        notes = (_CODE.format(target.code),) if target.form == "code" else ()
        facts = SourceFacts(self.kind, notes=notes, statements=said)
        steps = tuple(f"{request}, and the pages that follow" for request in said[-1:])
        cost = ("as many requests as " + ("there are pages" if rows is None else f"{rows:,} rows need"),)
        method = "full" if rows is None else "first"
        shown = replace(source, table=name)
        return Plan(shown, self.kind, (), facts, rows, source.sample.seed, (visit,), method, steps, cost)

    def read(self, plan: Plan) -> Sample:
        """The rows of a plan. They travel when they are first wanted."""
        visit: Visit = plan.parts[0]
        return FetchedSample(plan, lambda: bring(plan, visit), visit.stop)


def _visit(source: Source) -> Visit:
    target: Target = target_of(source.name, address_of(source), source.table)
    return Visit(source.name, target, source.sample.bytes)


def _refuse_what_no_api_does(source: Source) -> None:
    if source.sample.method not in _METHODS:
        raise UsageError(
            f"{source.name}: an API has no method {source.sample.method}",
            "take it out: an API gives its first rows, or with `rows: full` all of them",
        )
    if source.exact:
        raise UsageError(f"{source.name}: an API counts nothing", "take `exact` out, or ask for `rows: full`")


CONNECTOR = Rest()
