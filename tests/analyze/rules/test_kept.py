from __future__ import annotations

from pathlib import Path

import pytest

from assay.analyze.rules.kept import Item, keep_items, kept_items
from assay.analyze.rules.load import read_rules

TEXT = """# a comment
- {id: tried, title: a title, family: cpu, scope: line, when: [share(cpu) > 0.3], confidence: 1,
   observation: it was seen there, meaning: it means a lot, uncertainty: it may mean nothing,
   suggestions: [do that instead], verification: [look at it again]}
"""


def test_entries_are_found_again_by_their_text(tmp_path: Path) -> None:
    variables = {"XDG_CACHE_HOME": str(tmp_path)}
    assert kept_items(TEXT, variables) is None
    keep_items(TEXT, [Item(2, {"id": "tried"})], variables)
    assert kept_items(TEXT, variables) == [Item(2, {"id": "tried"})]
    assert kept_items(TEXT + "\n", variables) is None
    assert kept_items(TEXT, {"HOME": str(tmp_path)}) is None
    assert kept_items(TEXT, {}) is None


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    variables = {"XDG_CACHE_HOME": str(tmp_path)}
    keep_items(TEXT, [Item(2, {"id": "tried"})], variables)
    (file,) = (tmp_path / "assay" / "patterns").iterdir()
    file.write_bytes(b'[[2, {"id"')
    assert kept_items(TEXT, variables) is None


def test_a_cache_that_can_not_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "assay").write_text("a file where the folder would be")
    keep_items(TEXT, [], {"XDG_CACHE_HOME": str(tmp_path)})
    assert kept_items(TEXT, {"XDG_CACHE_HOME": str(tmp_path)}) is None


def test_rules_that_were_kept_are_those_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first, second = read_rules(TEXT, "x.yaml"), read_rules(TEXT, "x.yaml")
    assert first == second
    assert second[0][0].where == "x.yaml:2"
    (file,) = (tmp_path / "assay" / "patterns").iterdir()
    file.write_bytes(file.read_bytes().replace(b"tried", b"other"))
    assert read_rules(TEXT, "x.yaml")[0][0].text.id == "other"


def test_a_text_with_a_mistake_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        assert "x.yaml:2: tried" in read_rules(TEXT.replace("cpu)", "cqu)"), "x.yaml")[1][0]
    assert not (tmp_path / "assay").exists()
