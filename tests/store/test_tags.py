from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import StoreError, UsageError
from assay.store import open_store
from tests.stores import fill


def test_a_tag_names_a_run_and_shows_in_lists(tmp_path: Path) -> None:
    first, second = fill(tmp_path, count=2)
    store = open_store(tmp_path)
    store.tag(first, "base")
    store.tag(first, "v1.0")
    assert store.get("base").id == first
    assert {row.id: row.tags for row in store.runs()} == {first: ("base", "v1.0"), second: ()}


def test_a_tag_moves_from_run_to_run(tmp_path: Path) -> None:
    first, second = fill(tmp_path, count=2)
    store = open_store(tmp_path)
    store.tag(first, "base")
    store.tag(second, "base")
    assert store.tags() == {"base": second}


def test_runs_are_filtered_by_tag_and_pattern(tmp_path: Path) -> None:
    first, second = fill(tmp_path, count=2)
    store = open_store(tmp_path)
    store.tag(first, "nightly-1")
    store.tag(second, "nightly-2")
    assert [row.id for row in store.runs(tag="nightly-1")] == [first]
    assert [row.id for row in store.runs(tag="nightly-*")] == [second, first]
    assert store.runs(tag="weekly-*") == []


def test_a_tag_taken_away_is_gone_and_its_run_stays(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    store = open_store(tmp_path)
    store.tag(ulid, "base")
    store.untag("base")
    assert store.tags() == {}
    assert store.get(ulid).id == ulid
    with pytest.raises(StoreError, match="no tag 'base'"):
        store.untag("base")


@pytest.mark.parametrize(
    "name", ["", "@latest", "a/b", "../x", ".hidden", "a b", "x" * 129, "01jczx5t00abcdefghjkmnpqrs"]
)
def test_a_name_that_cannot_be_a_tag_is_refused(tmp_path: Path, name: str) -> None:
    fill(tmp_path)
    with pytest.raises(UsageError, match="can't be a tag"):
        open_store(tmp_path).tag("@latest", name)


@pytest.mark.parametrize("content", ["", "../../etc/passwd", "x" * 1000])
def test_a_damaged_tag_is_passed_over(tmp_path: Path, content: str) -> None:
    (ulid,) = fill(tmp_path)
    store = open_store(tmp_path)
    store.tag(ulid, "good")
    (tmp_path / "tags" / "bad").write_text(content)
    assert store.tags() == {"good": ulid}
    assert len(store.runs()) == 1


def test_a_link_in_place_of_a_tag_is_not_followed(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    store = open_store(tmp_path)
    store.tag(ulid, "good")
    (tmp_path / "tags" / "linked").symlink_to(tmp_path / "tags" / "good")
    assert store.tags() == {"good": ulid}
