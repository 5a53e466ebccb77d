"""Files by seed: of every one, each row is accounted for, and values are right where a person could tell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from messy import generator, recipes, reckoning

FILES = 610
"""Ten of each feature at the least, in what company chance gives it."""
BLOCK = 61


@pytest.mark.parametrize("block", range(FILES // BLOCK))
def test_every_row_is_accounted_for_and_right(block: int, tmp_path: Path) -> None:
    """What was written is what is read: rows, rejects, blank lines, preamble, names and values, file by file."""
    wrong = {}
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        file = generator.make(seed)
        if differences := reckoning.differences(file, tmp_path / "a.csv"):
            wrong[seed] = (file.recipe.features, differences)
    assert not wrong


def test_every_feature_is_in_ten_files() -> None:
    """The files are messy in every way that the generator knows, and some in several at once."""
    drawn = [generator.make(seed).recipe.features for seed in range(FILES)]
    counts = Counter(feature for features in drawn for feature in features)
    assert set(counts) == set(recipes.FEATURES)
    assert min(counts.values()) >= 10
    assert sum(len(features) > 1 for features in drawn) > FILES // 2


def test_the_reckoning_sees_what_is_wrong(tmp_path: Path) -> None:
    """A lost row, a changed value and a miscounted reject are each told, so that no difference is no accident."""
    file = generator.make(1)
    assert reckoning.differences(file, tmp_path / "a.csv") == []
    lost = reckoning.differences(generator.with_rows(file, file.rows[1:]), tmp_path / "a.csv")
    assert [words.split(":")[0] for words in lost] == ["rows", "values"]
    changed = ((*file.rows[0][:-1], "other"), *file.rows[1:])
    assert reckoning.differences(generator.with_rows(file, changed), tmp_path / "a.csv")[0].startswith("values: row 0")
    rejected = generator.with_rows(file, file.rows, {"count": 1})
    assert reckoning.differences(rejected, tmp_path / "a.csv")[0].startswith("rejected")
