"""Great Expectations' own tests of its pandas data source, run on Polars: `make gx-conformance`.

    python tests/conformance/run.py [FORM ...]      the forms: polars arrow lazy reader; all of them if none is named

Runs the integration tests of expectations and metrics that are parametrised over `pandas-data-frame`, first on stock
pandas, then with the same frames given to the Polars data source in each form, with the fallback to pandas forbidden.
Every failure must stand in `deviations.toml`, and every deviation that stands there must fail. Exit code 0 where that
is so and enough tests pass, 1 where not, 2 where the tests could not be run. The network is used by pip only.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

from deviations import KINDS, Reviewed, reviewed
from environment import ROOT, NotAvailableError, environment
from gx_tests import obtained
from judge import Result, Run, complaints, failed, passed, ratio
from recorded import recorded

HERE: Final = Path(__file__).parent
PLACE: Final = ROOT / ".gx-conformance"
FORMS: Final = {
    "polars": "Polars DataFrame",
    "arrow": "Arrow table",
    "lazy": "LazyFrame over Parquet",
    "reader": "record batch reader",
}
SELECTED: Final = (
    "tests/integration/data_sources_and_expectations", "tests/integration/metrics",
    "-m", "unit", "-k", "pandas-data-frame",
)  # fmt: skip


def main(named: Sequence[str]) -> int:
    """Run it all, print it, and say how it went."""
    try:
        forms = {form: FORMS[form] for form in named or FORMS}
    except KeyError as unknown:
        print(f"{unknown} is none of {', '.join(FORMS)}", file=sys.stderr)
        return 2
    try:
        installed = version("great_expectations")
        wanted = [f"great_expectations=={installed}", "-r", HERE / "requirements.txt", "-e", ROOT]
        python = environment(PLACE / "venv", ["-c", ROOT / "constraints.txt", *wanted])
        tests = obtained(PLACE / "tests", installed, python)
        print(f"Great Expectations {installed}: its own tests over pandas-data-frame\n")
        print(f"{'given as':24}{'tests':>7}{'passed':>8}{'failed':>8}{'of pandas':>11}{'fallbacks':>11}{'seconds':>9}")
        stock = _tested(python, tests, "stock pandas", ())
        runs = {
            name: _tested(python, tests, name, ("-p", "polars_batches", "--given-as", form), stock)
            for form, name in forms.items()
        }
    except NotAvailableError as error:
        print(error, file=sys.stderr)
        return 2
    return _verdict(installed, stock, runs, reviewed())


def _verdict(installed: str, stock: Run, runs: Mapping[str, Run], listed: Reviewed) -> int:
    reasons = {deviation.test: deviation for deviation in listed.deviations}
    failures = {name: message for run in runs.values() for name, message in failed(stock, run).items()}
    print("\nFailed, with the first line of what the test says:")
    for name in sorted(stock.keys() - passed(stock)):
        print(f"\n  {name}\n    on stock pandas, so it counts for nothing: {stock[name].message}")
    for name, message in sorted(failures.items()):
        known = reasons.get(name)
        print(f"\n  {name}\n    {message}\n    {f'{known.kind}: {known.reason}' if known else 'NOT LISTED'}")
    for kind in sorted({reasons[name].kind for name in failures if name in reasons}):
        print(f"\n{kind}: {KINDS[kind]}.")
    forms: dict[str, list[str]] = {}
    for form, run in runs.items():
        for told in complaints(stock, run, listed.deviations):
            forms.setdefault(told, []).append(form)
    wrong = [f"{told} ({', '.join(given)})" for told, given in forms.items()]
    if listed.version != installed:
        wrong.append(f"deviations.toml was reviewed for Great Expectations {listed.version}")
    print()
    print(
        "\n".join(f"WRONG: {told}" for told in wrong) or "It conforms: what fails is listed, and what is listed fails."
    )
    return int(bool(wrong))


def _tested(python: Path, tests: Path, name: str, plugin: Sequence[str], stock: Run | None = None) -> Run:
    """One run of the tests, printed as a row of the table."""
    began = time.monotonic()
    told = recorded(python, tests, [*SELECTED, "-o", "log_cli=false", "-p", "slim_locale", *plugin])
    run = {name: Result(**each) for name, each in told.items()}
    good = len(passed(run))
    share = "" if stock is None else f"{ratio(stock, run):.1%}"
    fallbacks = "" if stock is None else str(sum(len(test.fallbacks) for test in run.values()))
    seconds = f"{time.monotonic() - began:.0f}"
    print(f"{name:24}{len(run):7}{good:8}{len(run) - good:8}{share:>11}{fallbacks:>11}{seconds:>9}", flush=True)
    return run


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
