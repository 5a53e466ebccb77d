"""What `make gx-conformance` asks of a run of Great Expectations' tests, without running them."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "conformance"))

from deviations import KINDS, Deviation, reviewed
from judge import Result, Run, complaints, failed, ratio
from versions import admitted

STOCK: Run = {f"t{number}": Result(passed=True) for number in range(80)}
REASON = "it is so for this and no other reason"
SENTENCE = '[[deviation]]\ntest = "t"\nkind = "object dtype"\nreason = "there is no such type in Arrow"\n'


def polars(**different: Result) -> Run:
    """All tests pass on a batch of Polars, but for these."""
    return {name: Result(passed=True, batches=1) for name in STOCK} | different


def listed(name: str) -> list[Deviation]:
    """A list of one deviation."""
    return [Deviation(name, "object dtype", REASON)]


def test_the_list_is_well_formed_and_of_the_installed_version() -> None:
    """Each deviation has a kind that is told and a reason; the list was reviewed for the version that is installed."""
    known = reviewed()
    assert known.version == version("great_expectations")
    assert {each.kind for each in known.deviations} == set(KINDS)
    assert all(each.test.startswith("tests/integration/") for each in known.deviations)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (SENTENCE.replace("object dtype", "bad luck"), "none of"),
        (SENTENCE.replace("there is no such type in Arrow", "known"), "no reason"),
        (SENTENCE + SENTENCE, "twice"),
    ],
)
def test_a_list_that_is_not_well_formed_is_refused(tmp_path: Path, entry: str, complaint: str) -> None:
    """A kind that is not told, a reason that is none, and a test that stands there twice are refused."""
    file = tmp_path / "deviations.toml"
    file.write_text(f'great_expectations = "1.24.1"\n{entry}', encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        reviewed(file)


def test_a_deviation_without_a_reason_is_refused(tmp_path: Path) -> None:
    """A deviation has a reason."""
    file = tmp_path / "deviations.toml"
    file.write_text('great_expectations = "1"\n[[deviation]]\ntest = "t"\nkind = "object dtype"\n', encoding="utf-8")
    with pytest.raises(TypeError, match="reason"):
        reviewed(file)


def test_a_run_conforms_where_what_fails_is_listed_and_what_is_listed_fails() -> None:
    """79 of 80 pass and the one that fails is listed: nothing to complain of."""
    run = polars(t3=Result(passed=False, message="assert False", batches=1))
    assert ratio(STOCK, run) == 79 / 80
    assert failed(STOCK, run) == {"t3": "assert False"}
    assert list(complaints(STOCK, run, listed("t3"))) == []


def test_what_is_not_as_it_must_be_is_told() -> None:
    """A failure that is not listed, a stale list, a fallback, a test that saw no Polars, and one that is missing."""
    one = polars(t3=Result(passed=False, message="assert False", batches=1))
    assert list(complaints(STOCK, one, ())) == ["fails, and is not listed as a deviation: t3: assert False"]
    assert list(complaints(STOCK, one, listed("t3") + listed("t4"))) == [
        "listed as a deviation, and does not fail where stock pandas passes: t4"
    ]
    assert list(complaints(STOCK, polars(), listed("gone"))) == [
        "listed as a deviation, and there is no such test: gone"
    ]
    converted = polars(t3=Result(passed=True, batches=1, fallbacks=["x"]))
    assert list(complaints(STOCK, converted, ())) == ["was converted to pandas: x: t3"]
    assert list(complaints(STOCK, polars(t3=Result(passed=True)), ())) == [
        "passes, and never asked for a batch of Polars: t3"
    ]
    fewer = {name: test for name, test in polars().items() if name != "t3"}
    assert list(complaints(STOCK, fewer, listed("t3"))) == ["79 tests were collected, 80 on stock pandas"]


def test_too_few_that_pass_are_told_though_all_are_listed() -> None:
    """77 of 80 are 96.25 %, fewer than 97.5 %; 78 of 80 are just enough."""
    failing = {f"t{number}": Result(passed=False, message="no", batches=1) for number in range(3)}
    names = [deviation for name in failing for deviation in listed(name)]
    assert list(complaints(STOCK, polars(**failing), names)) == [
        "96.2% of the tests that pass on stock pandas pass, fewer than 97.5%"
    ]
    del failing["t2"]
    assert list(complaints(STOCK, polars(**failing), names[:2])) == []


def test_nothing_compared_is_no_conformance() -> None:
    """Where no test passes on stock pandas, nothing was shown."""
    nothing = "no test passes on stock pandas: there is nothing to compare with"
    none_passes: Run = {"t": Result(passed=False)}
    assert list(complaints(none_passes, none_passes, ())) == [nothing]
    assert list(complaints({}, {}, ())) == [nothing]


def test_every_version_that_is_admitted_is_tried() -> None:
    """The dependency of pyproject.toml says `>=1.20,<1.25`: five minor versions."""
    assert list(admitted()) == ["1.20", "1.21", "1.22", "1.23", "1.24"]
