from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assay.errors import RunNotFoundError, StoreError, UsageError
from assay.record.enums import Status
from assay.store import open_store
from tests.stores import fill


def test_a_sealed_run_is_listed_found_and_whole(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path, spans=3)
    store = open_store(tmp_path)
    assert [row.id for row in store.runs()] == [ulid]
    run = store.get(ulid)
    assert run.record.status is Status.COMPLETE
    assert run.record.id == ulid
    assert list(run.problems()) == []


def test_runs_are_listed_newest_first_and_limited(tmp_path: Path) -> None:
    ids = fill(tmp_path, count=3)
    rows = open_store(tmp_path).runs()
    assert [row.id for row in rows] == sorted(ids, reverse=True)
    assert [row.id for row in open_store(tmp_path).runs(limit=1)] == [max(ids)]


def test_filters_hold_together(tmp_path: Path) -> None:
    fill(tmp_path, name="first")
    (failed,) = fill(tmp_path, name="second", status=Status.FAILED)
    store = open_store(tmp_path)
    assert [row.id for row in store.runs(status="failed", target="second")] == [failed]
    assert store.runs(status="failed", target="first") == []


def test_runs_are_filtered_by_time(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    store, now = open_store(tmp_path), datetime.now(UTC)
    assert [row.id for row in store.runs(since=now - timedelta(minutes=1))] == [ulid]
    assert store.runs(until=now - timedelta(minutes=1)) == []


def test_a_row_shows_an_estimate_as_one(tmp_path: Path) -> None:
    fill(tmp_path)
    (row,) = open_store(tmp_path).runs()
    assert (row.energy_j, row.energy_origin) == (40.0, "estimated")
    assert row.wall_s == 2.0
    assert row.throughput_tokens_per_s is None
    assert row.quality == "warning"


def test_reading_makes_no_store(tmp_path: Path) -> None:
    store = open_store(tmp_path / "none")
    assert store.runs() == []
    assert store.reindex() == 0
    assert store.unreadable() == {}
    with pytest.raises(RunNotFoundError, match="no store yet"):
        store.get("@latest")
    assert not (tmp_path / "none").exists()


def test_reading_leaves_a_folder_that_is_no_store_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert open_store(tmp_path).runs() == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_removed_run_is_gone_with_its_tags_and_findings(tmp_path: Path) -> None:
    first, second = fill(tmp_path, count=2)
    store = open_store(tmp_path)
    store.tag(first, "base")
    (store.layout.findings / first).mkdir(parents=True)
    assert store.remove("base") == first
    assert [row.id for row in store.runs()] == [second]
    assert store.tags() == {}
    assert not (store.layout.findings / first).exists()
    assert list(store.layout.tmp.iterdir()) == []


def test_a_run_outside_the_store_is_not_removed(tmp_path: Path) -> None:
    fill(tmp_path / "other")
    (folder,) = (tmp_path / "other" / "runs").iterdir()
    with pytest.raises(RunNotFoundError, match="not in the store"):
        open_store(tmp_path / "store").remove(str(folder))
    assert folder.is_dir()


def test_a_run_is_read_by_path(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path / "other")
    folder = tmp_path / "other" / "runs" / ulid
    store = open_store(tmp_path / "store")
    assert store.get(str(folder)).record.id == ulid
    assert store.get(str(folder / "run.json")).record.id == ulid
    with pytest.raises(RunNotFoundError, match="no run there"):
        store.get(str(tmp_path / "other"))


def test_everything_in_a_store_is_private(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        fill(tmp_path / "store", spans=2)
        store = open_store(tmp_path / "store")
        store.tag("@latest", "base")
        store.runs()
    finally:
        os.umask(previous)
    for path in (tmp_path / "store").rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_store_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot begin a run") as caught:
        fill(tmp_path / "file" / "store")
    assert "\n" not in str(caught.value)


def test_a_file_is_no_empty_store(tmp_path: Path) -> None:
    (tmp_path / "run.tar").write_text("")
    with pytest.raises(StoreError, match="this is a file, and no store; name the store's folder"):
        open_store(tmp_path / "run.tar").runs()


def test_an_unknown_status_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    fill(tmp_path)
    with pytest.raises(UsageError, match="'complete'"):
        open_store(tmp_path).runs(status="completed")


def test_a_received_run_appears_when_its_block_ends(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path / "from")
    data = (tmp_path / "from" / "runs" / ulid / "run.json").read_bytes()
    store = open_store(tmp_path / "to")
    with store.receive(ulid) as folder:
        (folder / "run.json").write_bytes(data)
        assert store.runs() == []
    assert store.get(ulid).record.id == ulid


def test_a_receipt_that_fails_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(ValueError, match="broken"), store.receive("01JCZX5T00ABCDEFGHJKMNPQRS"):
        raise ValueError("broken")
    assert store.runs() == []
    assert list(store.layout.tmp.iterdir()) == []


def test_a_run_is_never_replaced(tmp_path: Path) -> None:
    (ulid,) = fill(tmp_path)
    with pytest.raises(StoreError, match="in the store already"), open_store(tmp_path).receive(ulid):
        pass
    assert list(open_store(tmp_path).get(ulid).problems()) == []
