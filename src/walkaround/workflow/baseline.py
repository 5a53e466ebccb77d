"""The baseline: the pilot's profile and the suite made from it, frozen into expectations/ and read back."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from walkaround.errors import BaselineError, SourceError
from walkaround.gx.suite import Difference, diff, dumps, loads, refreeze
from walkaround.model.profile import TableProfile
from walkaround.model.source import SampleRequest, Source
from walkaround.model.suite import Suite
from walkaround.profiling import dump, load
from walkaround.settings import Settings
from walkaround.workflow.assess import Progress, explained, opened, profiled, silent, suite_of
from walkaround.workflow.compose import utc_now
from walkaround.workflow.families import every_member

SEED_BITS: Final = 62
"""Bits of the secret that seeds stored hashes: as many as every hash here takes as a seed."""


def freeze(
    settings: Settings,
    names: Sequence[str] = (),
    *,
    by: str,
    now: datetime | None = None,
    progress: Progress = silent,
) -> tuple[Path, ...]:
    """Profile the pilots of some sources (all, where none is named), and write suites and profiles; the files written.

    Limits that a person edited stay as they are, deleted ones stay deleted.

    Raises:
        BaselineError: a source names no pilot, or its pilot holds no row or could not be read.
    """
    moment = now or utc_now()
    fresh = [(source, *_fresh(settings, source, moment, progress)) for source in _members(settings, names)]
    written: list[Path] = []
    for source, pilot, suite in fresh:
        folder = settings.root / "expectations" / source.name
        files = {
            folder / "suite.json": dumps(suite),
            folder / "pilot.json": dump(pilot, portable=True, frozen={"by": by, "on": moment.isoformat()}),
        }
        for path, text in files.items():
            write_whole(path, text.encode("utf-8"))
            written.append(path)
        write_whole(
            _states(settings.root, pilot.fingerprint), zlib.compress(dump(pilot, portable=False).encode()), 0o600
        )
    return tuple(written)


def baseline_diff(
    settings: Settings, names: Sequence[str] = (), *, progress: Progress = silent
) -> tuple[Difference, ...]:
    """What a freeze would change in the suites of some sources."""
    found: list[Difference] = []
    for source in _members(settings, names):
        path = settings.root / "expectations" / source.name / "suite.json"
        old = loads(path.read_text(encoding="utf-8"), str(path)) if path.exists() else Suite(source.name)
        _, new = _fresh(settings, source, utc_now(), progress)
        found.extend(diff(old, new))
    return tuple(found)


def _members(settings: Settings, names: Sequence[str]) -> tuple[Source, ...]:
    """The sources of these names, families taken apart.

    Raises:
        BaselineError: the tables of a family could not be listed.
    """
    told = every_member(settings.chosen(names))
    for source, problem in told:
        if problem:
            raise BaselineError(f"the tables of {source.name} could not be listed: {problem}")
    return tuple(source for source, _ in told)


def _fresh(settings: Settings, source: Source, now: datetime, progress: Progress) -> tuple[TableProfile, Suite]:
    """The pilot's profile as its data is now, and its suite with what people made of the old one."""
    if source.pilot is None:
        raise BaselineError(f"{source.name} names no pilot", "add `pilot:` to it in walkaround.yaml")
    try:
        pilot = profile_pilot(settings, source, progress)
    except SourceError as error:
        raise BaselineError(f"the pilot of {source.name} could not be read: {explained(error)}") from error
    if not pilot.rows:
        raise BaselineError(f"the pilot of {source.name} holds no row", "name the data that the pilot was built on")
    suite = suite_of(source.name, pilot, settings.policy, now)
    path = settings.root / "expectations" / source.name / "suite.json"
    return pilot, refreeze(loads(path.read_text(encoding="utf-8"), str(path)), suite) if path.exists() else suite


def frozen_names(root: Path) -> tuple[str, ...]:
    """The names of all sources whose pilot is frozen."""
    return tuple(sorted(path.parent.name for path in (root / "expectations").glob("*/suite.json")))


def profile_pilot(settings: Settings, source: Source, progress: Progress) -> TableProfile:
    """The profile of a source's pilot, with hashes seeded by this folder's secret."""
    pilot = Source(
        source.name, source.pilot or "", key=source.key, as_of=source.as_of,
        sample=SampleRequest("full", source.sample.seed), columns=source.columns,
    )  # fmt: skip
    return profiled(pilot, opened(pilot), {}, hash_seed(settings.root), progress)


def frozen(settings: Settings, source: Source, progress: Progress = silent) -> tuple[Suite, TableProfile]:
    """The suite of a source, and its pilot's profile: with all states where they are kept or can be made again, else
    with those that stand in git.

    Raises:
        BaselineError: nothing was frozen, or what was frozen is damaged.
    """
    folder = settings.root / "expectations" / source.name
    try:
        suite = loads((folder / "suite.json").read_text(encoding="utf-8"), str(folder / "suite.json"))
        kept = load((folder / "pilot.json").read_text(encoding="utf-8"), str(folder / "pilot.json"))
    except FileNotFoundError as error:
        raise BaselineError(
            f"{source.name} has no frozen pilot: {error.filename} is not there", "`walkaround baseline freeze` makes it"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(
            f"the frozen pilot of {source.name} could not be read: {error}", "restore it from git"
        ) from error
    return suite, _whole(settings, source, suite.pilot, progress) or kept


def _whole(settings: Settings, source: Source, fingerprint: str, progress: Progress) -> TableProfile | None:
    """The pilot with all its states: from beside the project, or made again from data that has not changed since."""
    path = _states(settings.root, fingerprint)
    try:
        return load(zlib.decompress(path.read_bytes()).decode(), str(path))
    except (OSError, zlib.error, UnicodeDecodeError, BaselineError):
        pass  # it is a cache: what is missing, damaged or of another version is made again
    if source.pilot is None:
        return None
    try:
        pilot = profile_pilot(settings, source, progress)
    except SourceError:
        return None
    if pilot.fingerprint != fingerprint:
        return None
    write_whole(path, zlib.compress(dump(pilot, portable=False).encode()), 0o600)
    return pilot


def _states(root: Path, fingerprint: str) -> Path:
    name = hashlib.sha256(fingerprint.encode()).hexdigest()[:32]
    return root / ".walkaround" / "pilots" / f"{name}.walk"


def hash_seed(root: Path) -> int:
    """The secret that seeds the hashes kept in this folder; made at first use, readable by its owner alone."""
    path = root / ".walkaround" / "secret"
    try:
        return int(path.read_text(encoding="ascii"), 16)
    except FileNotFoundError:
        write_whole(path, f"{secrets.randbits(SEED_BITS):x}".encode(), 0o600)
        return int(path.read_text(encoding="ascii"), 16)
    except ValueError as error:
        raise BaselineError(f"{path} is damaged", "delete it; the pilots are then profiled again") from error


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file beside its place and rename it, so that nobody meets half of it.

    Raises:
        BaselineError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(content)
            Path(beside).chmod(mode)
            Path(beside).replace(path)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BaselineError(
            f"{path} could not be written: {error.strerror}", "check rights and room on the disk"
        ) from error
