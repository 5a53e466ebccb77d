"""What changed between two runs: the findings, and whether rules or sample changed with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from walkaround.history.stored import StoredFinding, StoredRun, StoredSource, remembered
from walkaround.model.run import Change, Run, Since

OTHER_SIZE: Final = 0.1
"""A sample that grew or shrank by more than this part is another sample; nightly tables breathe by less."""
RANK: Final = {
    ("waived", "info"): 0, ("waived", "warning"): 0, ("waived", "blocker"): 0,
    ("inconclusive", "info"): 1, ("fail", "info"): 2,
    ("inconclusive", "warning"): 3, ("inconclusive", "blocker"): 4,
    ("fail", "warning"): 5, ("fail", "blocker"): 6,
}  # fmt: skip
"""How bad a finding is. What was not assessed has no rank: it is neither better nor worse than anything (law 3)."""
ORDER: Final = ("new", "worse", "still", "better", "gone")


def since(last: StoredRun, run: Run) -> Since:
    """What changed from the last run to this one. Sources that this run did not look at are left out."""
    looked_at = {source.name: source for source in run.sources} | {"": None}
    unread = {source.name for source in run.sources if source.problem}
    before = {finding.key: finding for finding in last.findings if finding.source in looked_at}
    after = {finding.key: finding for finding in map(remembered, run.findings)}
    changes = sorted(_changes(before, after, unread), key=lambda change: (ORDER.index(change.kind), change.label))
    return Since(
        run=last.id,
        started=last.started,
        verdict=last.verdict,
        changes=tuple(changes),
        rules_changed=last.rules != run.settings.get("rules", ""),
        sample_changed=_sampled_otherwise(last, run),
    )


def _changes(
    before: dict[tuple[str, str], StoredFinding], after: dict[tuple[str, str], StoredFinding], unread: set[str]
) -> Iterator[Change]:
    for key, new in after.items():
        old = before.get(key)
        yield Change("new" if old is None else _kind(old, new), new.label, new.message)
    for key, old in before.items():
        if key in after:
            continue
        if old.source in unread:
            yield Change("still", old.label, f"{old.message} (last seen; {old.source} could not be read this time)")
        else:
            yield Change("gone", old.label, old.message)


def _kind(old: StoredFinding, new: StoredFinding) -> str:
    """Worse, better or still: by rank, else by how far beyond the limit, where the intervals can tell."""
    was, now = RANK.get((old.status, old.severity)), RANK.get((new.status, new.severity))
    if was is None or now is None:
        return "still" if now is None or was == now else "worse"
    if was != now:
        return "worse" if now > was else "better"
    if old.observed is None or new.observed is None or new.limit is None:
        return "still"
    if _within(old.observed, new.interval) or _within(new.observed, old.interval) or old.observed == new.observed:
        return "still"
    return "worse" if abs(new.observed - new.limit) > abs(old.observed - new.limit) else "better"


def _within(value: float, interval: tuple[float, float] | None) -> bool:
    return interval is not None and interval[0] <= value <= interval[1]


def _sampled_otherwise(last: StoredRun, run: Run) -> bool:
    """Whether a source that both runs read was sampled by another method, or to another size."""
    before = {source.name: source for source in last.sources if not source.problem}
    now = (StoredSource(s.name, s.drawn.method, s.drawn.rows, s.problem) for s in run.sources if not s.problem)
    return any(
        source.method != before[source.name].method
        or abs(source.rows - before[source.name].rows) > OTHER_SIZE * max(source.rows, before[source.name].rows)
        for source in now
        if source.name in before
    )
