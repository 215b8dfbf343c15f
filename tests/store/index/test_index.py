from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from assay.errors import RunNotFoundError
from assay.store import open_store
from assay.store.index.reading import Answer
from tests.store.without_rights import public_folder, seen_without_rights
from tests.stores import fill


def listed(root: Path) -> list[str]:
    return [row.id for row in open_store(root).runs()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    fill(tmp_path / "store", count=3)
    listed(tmp_path / "store")
    return tmp_path / "store"


def overwrite(path: Path) -> None:
    path.write_bytes(b"this is no database, whatever its name says" * 100)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def age(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM runs")
        database.execute("PRAGMA user_version = 0")
    database.close()


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("harm", [Path.unlink, overwrite, cut, empty, age, make_folder])
def test_a_missing_damaged_or_old_index_is_made_again(root: Path, harm: Callable[[Path], None]) -> None:
    before = listed(root)
    harm(root / "index.sqlite")
    assert listed(root) == before
    assert listed(root) == before


def test_noise_in_the_index_never_fails_a_list(root: Path) -> None:
    before, index = listed(root), root / "index.sqlite"
    good, rng = index.read_bytes(), random.Random(5)
    for _ in range(40):
        bad = bytearray(good)
        for _ in range(rng.randrange(1, 400)):
            bad[rng.randrange(len(bad))] = rng.randrange(256)
        index.write_bytes(bad)
        found = listed(root)
        assert all(isinstance(ulid, str) for ulid in found)
        open_store(root).reindex()
        assert listed(root) == before


def test_a_journal_of_a_deleted_index_does_no_harm(root: Path) -> None:
    before = listed(root)
    (root / "index.sqlite").unlink()
    (root / "index.sqlite-journal").write_bytes(os.urandom(4096))
    assert listed(root) == before


def test_runs_that_others_add_and_remove_are_noticed(root: Path) -> None:
    before = listed(root)
    shutil.rmtree(root / "runs" / before[0])
    assert listed(root) == before[1:]
    (added,) = fill(root)
    assert listed(root) == [added, *before[1:]]


def test_a_run_being_copied_in_is_listed_once_it_is_whole(root: Path) -> None:
    ulid = listed(root)[0]
    record = root / "runs" / ulid / "run.json"
    data = record.read_bytes()
    record.write_bytes(data[: len(data) // 2])
    open_store(root).reindex()
    assert ulid not in listed(root)
    assert ulid in open_store(root).unreadable()
    record.write_bytes(data)
    assert ulid in listed(root)
    assert open_store(root).unreadable() == {}


def test_a_folder_that_holds_another_run_is_not_listed(root: Path) -> None:
    ulid = listed(root)[0]
    other = "01JCZX5T00ABCDEFGHJKMNPQRS"
    shutil.copytree(root / "runs" / ulid, root / "runs" / other)
    assert other not in listed(root)
    assert ulid in open_store(root).unreadable()[other]


def test_links_and_files_among_the_runs_are_no_runs(root: Path) -> None:
    before = listed(root)
    outside = root.parent / "outside"
    (root / "runs" / before[0]).rename(outside)
    (root / "runs" / before[0]).symlink_to(outside)
    (root / "runs" / "01JCZX5T00ABCDEFGHJKMNPQRS").touch()
    linked = root / "runs" / before[1] / "run.json"
    linked.rename(outside / "moved.json")
    linked.symlink_to(outside / "moved.json")
    open_store(root).reindex()
    assert listed(root) == before[2:]
    for ulid in before[:2]:
        with pytest.raises(RunNotFoundError):
            open_store(root).get(ulid)


@pytest.mark.slow
def test_many_records_are_read_by_two_processes_and_every_one_counts(tmp_path: Path) -> None:
    """Enough folders for the second process; most hold nothing, and in each half one holds a run."""
    first, last = fill(tmp_path, count=2)
    for number in range(10_000):
        (tmp_path / "runs" / f"{first[:16]}{number + 1:010d}").mkdir()
    assert listed(tmp_path) == sorted([first, last], reverse=True)


def test_the_second_process_answers_for_every_id_in_order(root: Path) -> None:
    ids = [*listed(root), "01JCZX5T00ABCDEFGHJKMNPQRS"]
    command = [sys.executable, "-m", "assay.store.index.reading", str(root / "runs")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, input="\n".join(ids).encode(), capture_output=True, check=True)
    answers = msgspec.msgpack.decode(done.stdout, type=list[Answer])
    assert [ulid for ulid, _ in answers] == ids
    assert [row if isinstance(row, str) else row.id for _, row in answers] == [*ids[:-1], "has no run.json"]


def test_an_index_over_a_store_at_rest_is_not_written(root: Path) -> None:
    for path in (root / "runs", root / "index.sqlite"):
        os.utime(path, ns=(0, 0))
    listed(root)
    written = (root / "index.sqlite").stat().st_mtime_ns
    listed(root)
    assert (root / "index.sqlite").stat().st_mtime_ns == written


def test_a_store_that_cannot_be_written_lists_all_the_same() -> None:
    """With an index, with an old one, and with none."""
    with public_folder() as folder:
        root = folder / "store"
        expected = fill(root, count=2)
        listed(root)
        old = (root / "index.sqlite").read_bytes()
        expected += fill(root)
        for index in (old, None):
            (root / "index.sqlite").unlink(missing_ok=True)
            if index is not None:
                (root / "index.sqlite").write_bytes(index)
            assert seen_without_rights(root, lambda: listed(root)) == sorted(expected, reverse=True)


def test_writers_readers_and_one_who_deletes_the_index_do_not_disturb_each_other() -> None:
    command = [sys.executable, "-m", "bench.store.crowd", "--runs", "6"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["listed"] == 48
