"""walkaround.yaml is read strictly: what it says is taken as written, and what cannot be meant is refused by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from walkaround.errors import SettingsError, UsageError
from walkaround.settings import Settings, load

SMALL = """\
version: 1
project: {name: churn}
sources:
  crm.customers:
    uri: production.csv
"""


def written(folder: Path, text: str, **environ: str) -> Settings:
    file = folder / "walkaround.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ)


def refused(folder: Path, text: str, **environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        written(folder, text, **environ)
    return caught.value


def with_source(line: str) -> str:
    return SMALL + f"    {line}\n"


def test_a_full_file_becomes_values_of_the_model(tmp_path: Path) -> None:
    """Every key arrives in its place, with its unit taken off."""
    settings = written(
        tmp_path,
        """\
version: 1
project:
  name: churn-assistant
  use_case: Predict churn
  owner: {name: Ana Silva, email: ana@corp.example, deputy: null, confirmed_on: 2026-11-14}
sources:
  crm.customers:
    uri: ${CRM}/customers.parquet
    pilot: pilot/customers.csv
    criticality: supporting
    key: [customer_id]
    as_of: updated_at
    sample: {rows: 100000, seed: 3}
    columns:
      email: {personal: true}
      signup: {formats: ["%Y-%m-%d"]}
      country: {missing: ["", NO, 0]}
      note:
policy: {confidence: 99%, tolerance: {MIS001: 0.5%, MIS001 email: 0.02}, grave: {MIS001: 5%}}
report: {values: redacted, min_group: 20}
""",
        CRM="/lake",
    )
    source = settings.sources["crm.customers"]
    assert settings.root == tmp_path
    assert settings.project.owner.confirmed_on == date(2026, 11, 14)
    assert settings.project.owner.deputy is None
    assert source.uri == "${CRM}/customers.parquet"
    assert source.pilot == str(tmp_path / "pilot/customers.csv")
    assert source.criticality == "supporting"
    assert (source.sample.rows, source.sample.seed) == (100_000, 3)
    assert source.columns["email"].personal is True
    assert source.columns["signup"].formats == ("%Y-%m-%d",)
    assert source.columns["country"].missing == ("", "NO", "0")
    assert source.columns["customer_id"].key
    assert source.columns["updated_at"].as_of
    assert settings.policy.confidence == pytest.approx(0.99)
    assert settings.policy.tolerated("MIS001", 1.0) == pytest.approx(0.005)
    assert settings.policy.tolerated("MIS001", 1.0, "email") == pytest.approx(0.02)
    assert settings.policy.min_group == 20


@pytest.mark.parametrize("word", ["NO", "yes", "on", "1.10", "2026-11-14", "0x1F", "1e3", "007"])
def test_what_other_loaders_would_convert_stays_text(tmp_path: Path, word: str) -> None:
    """Norway is not false, and a leading zero is not lost."""
    assert written(tmp_path, SMALL.replace("name: churn", f"name: churn, sponsor: {word}")).project.sponsor == word


@pytest.mark.parametrize(
    ("text", "line", "says", "hint"),
    [
        (with_source("criticalty: required"), 6, "'criticalty' is unknown", "did you mean criticality?"),
        (with_source("uri: twice.csv"), 6, "'uri' stands twice", "line 5"),
        (with_source("criticality: vital"), 6, "'vital' is not one of", "known are: required, supporting"),
        (with_source("key: customer_id"), 6, "a list is expected", "[one, two]"),
        (with_source("columns: {email: {personal: yes}}"), 6, "'yes' is neither true nor false", ""),
        (with_source("sample: {rows: 0}"), 6, "out of range", ""),
        (with_source("sample: {rows: 1e5}"), 6, "no whole number", ""),
        (with_source("sample: {method: key_hush}"), 6, "'key_hush' is not one of", "did you mean key_hash?"),
        (with_source("sample: {max_seconds: 0}"), 6, "out of range", ""),
        (with_source("sample: {max_bytes: 2 gigs}"), 6, "'2 gigs' is no size", "2 GiB"),
        (with_source("exact: [rowcount]"), 6, "'rowcount' is not one of", "did you mean row_count?"),
        (SMALL + "policy: {tolerance: {MIS01: 1%}}\n", 6, "'MIS01' is no code", "did you mean MIS001?"),
        (SMALL + "policy: {tolerance: {MIS001: 150%}}\n", 6, "not between 0 % and 100 %", ""),
        (SMALL + "policy: {tolerance: {MIS001: a lot}}\n", 6, "is no share", ""),
        (SMALL + "policy: {confidence: 1}\n", 6, "not between", ""),
        (SMALL + "retention: {runs: 400d}\n", 6, "'retention' is not supported by this version", "take it out"),
        (SMALL + "waivers: []\n", 6, "not supported by this version", "take it out"),
        (SMALL + "criteria: {}\n", 6, "not supported by this version", "take it out"),
        (SMALL.replace("version: 1", "version: 2"), 1, "version '2' is not supported", ""),
        (SMALL.replace("project: {name: churn}", "project: {}"), 2, "'name' is missing", ""),
        (SMALL.replace("{name: churn}", "{name: ../up}"), 2, "is not a name", ""),
        (SMALL.replace("crm.customers", "../../etc"), 4, "is not a name", ""),
        (SMALL.replace("name: churn", "name: churn, owner: {confirmed_on: 14.11.2026}"), 2, "no date", "year first"),
        (SMALL.replace("name: churn", "name: churn, owner: {confirmed_on: 2026-02-30}"), 2, "no day", ""),
        (SMALL.replace("uri: production.csv", "uri:"), 5, "nothing stands here", ""),
        ("version: 1\nproject: {name: a}\nsources: {}\n", 3, "nothing stands here", "at least one"),
        ("version: 1\nproject: &a {name: a}\nsources: *a\n", 3, "aliases are not supported", ""),
        ("version: 1\nproject: !!python/object:os.system {name: a}\n", 2, "tags", ""),
        ("version: 1\n\tproject: 2\n", 2, "", ""),
        ("- a\n", 1, "a mapping is expected here, not a list", "known keys are"),
        ("version: 1\n? [a]\n: b\n", 2, "a key must be a text", ""),
    ],
)
def test_what_cannot_be_meant_is_refused_by_line(tmp_path: Path, text: str, line: int, says: str, hint: str) -> None:
    """The message names the line and what is wrong there, and the hint what to write."""
    error = refused(tmp_path, text)
    assert f"line {line}" in error.message
    assert says in error.message
    assert hint in error.hint
    assert error.exit_code == 2


def test_an_unset_variable_is_refused_by_line_and_name(tmp_path: Path) -> None:
    """A secret that is not there is found before anything is read."""
    error = refused(tmp_path, SMALL.replace("production.csv", "${CRM_URL}"))
    assert "line 5" in error.message
    assert "${CRM_URL} has no value in the environment" in error.message


def test_a_variable_elsewhere_is_refused(tmp_path: Path) -> None:
    """What would not be filled in must not look as if it were."""
    assert "only in uri and pilot" in refused(tmp_path, with_source("table: ${TABLE}"), TABLE="t").message


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://app:hunter2@db/crm",
        "postgresql://app:hunter2${X}@db/crm",
        "mysql://db/crm?user=a&password=hunter2",
        "s3://bucket/a?secret_access_key=hunter2",
    ],
)
def test_a_password_in_the_file_is_refused_and_never_repeated(tmp_path: Path, uri: str) -> None:
    """Neither the message nor the hint holds the secret."""
    error = refused(tmp_path, SMALL.replace("production.csv", f'"{uri}"'), X="x")
    assert "plain text" in error.message
    assert "hunter2" not in error.message + error.hint


def test_a_password_from_the_environment_stays_there(tmp_path: Path) -> None:
    """The value keeps the name of the variable, not what it stands for."""
    settings = written(tmp_path, SMALL.replace("production.csv", '"postgresql://a:${PW}@db/crm"'), PW="hunter2")
    assert settings.sources["crm.customers"].uri == "postgresql://a:${PW}@db/crm"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("uri", "becomes"),
    [
        ("data/a.csv", "{root}/data/a.csv"),
        ("data/*.csv", "{root}/data/*.csv"),
        ("/abs/a.csv", "/abs/a.csv"),
        ("sqlite:///crm.db", "sqlite:///{root}/crm.db"),
        ("sqlite:////abs/crm.db", "sqlite:////abs/crm.db"),
        ("${LAKE}/a.csv", "${LAKE}/a.csv"),
        ("${PART}/a.csv", "{root}/${PART}/a.csv"),
    ],
)
def test_relative_paths_begin_at_the_file(tmp_path: Path, uri: str, becomes: str) -> None:
    """Where the program was started does not matter."""
    settings = written(tmp_path, SMALL.replace("production.csv", f'"{uri}"'), LAKE="/lake", PART="part")
    assert settings.sources["crm.customers"].uri == becomes.replace("{root}", str(tmp_path))


def test_a_folder_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    """Only the part that the settings give is a pattern."""
    folder = tmp_path / "a[1]"
    folder.mkdir()
    assert written(folder, SMALL.replace("production.csv", '"*.csv"')).sources["crm.customers"].uri == str(
        tmp_path / "a[[]1]/*.csv"
    )


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (b"version: 1\nproject: {name: \xff}\n", "line 2: not UTF-8"),
        (b"[" * 5000, "nested too deeply"),
        (b"version: \x00\n", "characters that YAML does not allow"),
        (b"#" * (1 << 21), "that is no settings file"),
        (b"version: 1\n---\nversion: 1\n", "line 2"),
    ],
)
def test_rubbish_gives_one_clear_message(tmp_path: Path, raw: bytes, says: str) -> None:
    """No file gives a traceback, and none takes long."""
    file = tmp_path / "walkaround.yaml"
    file.write_bytes(raw)
    with pytest.raises(SettingsError, match=r"walkaround\.yaml") as caught:
        load(file, {})
    assert says in caught.value.message


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    """The first thing that people meet is a hint, not a stack."""
    with pytest.raises(SettingsError, match="there is no such file") as caught:
        load(tmp_path / "walkaround.yaml", {})
    assert "walkaround init" in caught.value.hint


def test_sources_are_chosen_by_name(tmp_path: Path) -> None:
    """A misspelt name is met with the right one."""
    settings = written(tmp_path, SMALL)
    assert [source.name for source in settings.chosen()] == ["crm.customers"]
    with pytest.raises(UsageError, match=r"no source 'crm\.customer'") as caught:
        settings.chosen(["crm.customer"])
    assert caught.value.hint == "did you mean crm.customers?"


def test_suites_are_files_beside_the_settings(tmp_path: Path) -> None:
    """Paths of suites are taken from the folder of the file; URIs, variables and repetitions are refused."""
    settings = written(tmp_path, with_source("suites: [own/rows.json, /srv/rows.json]"))
    assert settings.sources["crm.customers"].suites == (str(tmp_path / "own/rows.json"), "/srv/rows.json")
    for wrong in ("[s3://bucket/rows.json]", '["${ROWS}"]', '[""]', "rows.json", "[a.json, a.json]"):
        assert "line 6" in refused(tmp_path, with_source(f"suites: {wrong}")).message
    for wrong in ("[s3://bucket/rows.json]", '["${ROWS}"]'):
        assert "without ${NAME}, and no URI" in refused(tmp_path, with_source(f"suites: {wrong}")).message
