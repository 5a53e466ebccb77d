"""Reading: the rows of a resource into the private spool, within the budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import IO, Any, Final

from walkaround.connectors.contract import Plan
from walkaround.connectors.fetched import Arrival
from walkaround.connectors.rest.asking import asked
from walkaround.connectors.rest.faults import fault
from walkaround.connectors.rest.visit import AnsweredError, SpentError, Visit
from walkaround.connectors.rest.written import lines_of
from walkaround.connectors.spool import spooled
from walkaround.errors import SourceError, WalkaroundError
from walkaround.model.sample import Drawn

_CANNOT_TELL: Final = ("duplicate rows",)


def knock(visit: Visit, seconds: float) -> None:
    """Ask for the first page and leave it at the door: whether the API is there and lets us in.

    Raises:
        SourceError: it does not.
    """
    visit.begin(seconds, knock=True)
    try:
        with asked(visit) as resource, closing(iter(resource)) as items:
            next(items, None)
    except (WalkaroundError, AnsweredError):
        if not visit.answered:
            raise
    except Exception as error:  # noqa: BLE001 - dlt wraps whatever happens while it reads
        if visit.spent:
            words = f"{visit.target.shown}: did not let us in within {seconds:g} seconds"
            raise SourceError(visit.source, "timeout", words, "run it later, or raise sample.max_seconds") from None
        if not visit.answered:
            raise _told(visit, error) from None


def bring(plan: Plan, visit: Visit) -> Arrival:
    """The rows as lines of a file.

    Raises:
        SourceError: they cannot be had.
        OSError: there is no room; nothing is left behind.
    """
    path = spooled(".ndjson")
    try:
        with path.open("wb") as file:
            rows, whole = _read(plan, visit, file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    facts = replace(
        plan.facts,
        bytes=visit.arrived or path.stat().st_size,
        notes=(*plan.facts.notes, *([visit.spent] if visit.spent else [])),
        statements=visit.said or plan.facts.statements,
    )
    if whole:
        return Arrival(path, facts, Drawn("full", plan.seed, rows, 1.0))
    return Arrival(path, facts, Drawn("first", plan.seed, rows, None, _CANNOT_TELL, probability=False))


def _read(plan: Plan, visit: Visit, file: IO[bytes]) -> tuple[int, bool]:
    """Rows that were written, and whether they are all."""
    rows = 0
    visit.begin(plan.source.sample.seconds)
    with asked(visit) as resource, closing(iter(resource)) as items:
        for line in _lines(visit, items):
            if line is None:
                if not rows:
                    raise _nothing(plan.source.name, visit)
                return rows, False
            file.write(line.encode())
            rows += 1
            if visit.target.form == "code":  # what it asked for did not come through our hands
                visit.arrived += len(line)
            if plan.rows is not None and rows == plan.rows:
                return rows, False
    return rows, True


def _lines(visit: Visit, items: Iterator[Any]) -> Iterator[str | None]:
    """The lines of all items; None once, at the end, where a budget ends them."""
    try:
        for item in items:
            yield from lines_of(item)
            visit.in_time()
    except SpentError:
        yield None
    except Exception as error:  # noqa: BLE001 - dlt wraps whatever happens while it reads
        if not visit.spent:
            raise _told(visit, error) from None
        yield None


def _told(visit: Visit, error: Exception) -> WalkaroundError:
    return fault(visit.source, visit.target, error)


def _nothing(source: str, visit: Visit) -> SourceError:
    words = f"{visit.target.shown}: no row came before {visit.spent}"
    return SourceError(source, "budget", words, "allow more with max_seconds or max_bytes, or ask for smaller pages")
