"""The limits of a pilot as a suite of Great Expectations' core expectations: frozen and reviewed, or in one shot."""

from __future__ import annotations

from collections.abc import Sequence

from walkaround.errors import SourceError, UsageError
from walkaround.gx.export import Exported, exported
from walkaround.model.policy import Policy
from walkaround.model.source import SampleRequest
from walkaround.settings import Settings
from walkaround.workflow.assess import Progress, emptiness, opened, profiled, silent, suite_of
from walkaround.workflow.baseline import frozen
from walkaround.workflow.compose import utc_now
from walkaround.workflow.one_shot import HASH_SEED, source_of, usage


def core_suite(settings: Settings, name: str, *, progress: Progress = silent) -> Exported:
    """The reviewed limits of a source, with people's edits.

    Raises:
        UsageError: there is no such source.
        BaselineError: its pilot was not frozen, or what was frozen is damaged.
    """
    (source,) = settings.chosen([name])
    suite, pilot = frozen(settings, source, progress)
    return exported(suite, pilot, settings.policy.min_group)


def core_suite_of(
    pilot: str, *, key: Sequence[str] = (), policy: Policy = Policy(), progress: Progress = silent
) -> Exported:
    """The limits that a pilot gives as it is: a path, a glob or a URI. `key` names the columns that identify a row.

    Raises:
        UsageError: there is no such path, no row in it, or no such column.
        SourceError: the pilot could not be read.
    """
    source, _ = source_of(pilot, "pilot", key, SampleRequest("full"))
    try:
        profile = profiled(source, opened(source), {}, HASH_SEED, progress)
    except SourceError as error:
        raise usage(error) from error
    if not profile.rows:
        raise UsageError(emptiness(profile, pilot), "name the data that the pilot was built on")
    unknown = [name for name in key if name not in profile.columns]
    if unknown:
        raise UsageError(f"{pilot} has no column {unknown[0]!r}", f"there are: {', '.join(list(profile.columns)[:20])}")
    return exported(suite_of(source.name, profile, policy, utc_now()), profile, policy.min_group)
