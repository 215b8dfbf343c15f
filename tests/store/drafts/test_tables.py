from __future__ import annotations

import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest

from assay.errors import RecordError, UsageError
from assay.record.diagnosis.raw import CALLS, FILES
from assay.store import Draft, Store, open_store
from assay.store.drafts.tables import MOST_WAITING
from assay.store.spans.stream import read_whole_batches
from tests.makers import make_environment, make_plan


def _begin(root: Path) -> Draft:
    return open_store(root).draft(make_plan(), make_environment())


def _rows(path: Path) -> list[tuple[object, ...]]:
    batches = read_whole_batches(path, CALLS)
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def test_rows_are_in_the_sealed_run_with_their_hash(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        table = draft.table("calls")
        assert draft.table("calls") is table
        table.append(1, 2, "read", 3)
        table.extend([(2, 3, "write", 4), (3, 4, "read", 5)])
        draft.finish()
    run = draft.seal()
    (artifact,) = run.record.artifacts
    assert (artifact.file, artifact.collector) == ("raw/syscalls/calls.arrows", "syscalls")
    assert artifact.media_type == "application/vnd.apache.arrow.stream"
    assert list(run.problems()) == []
    with pa.ipc.open_stream(run.file(artifact.file)) as stream:
        assert stream.schema.metadata[b"assay.raw"] == b"calls"
        assert stream.read_all().to_pydict()["name"] == ["read", "write", "read"]


def test_rows_are_on_disk_soon_and_new_names_follow_the_old_ones(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        path = draft.folder / FILES["calls"][0]
        for number, name in enumerate(("read", "write", "read")):
            draft.table("calls").append(number, 2, name, 3)
            deadline_s = time.monotonic() + 20
            while not path.exists() or len(_rows(path)) <= number:
                assert time.monotonic() < deadline_s
                time.sleep(0.02)
        assert [row[2] for row in _rows(path)] == ["read", "write", "read"]
        draft.finish()
        draft.seal()


def test_many_rows_are_written_before_their_time(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        draft.table("calls").extend((number, number, "read", 1) for number in range(MOST_WAITING))
        assert len(_rows(draft.folder / FILES["calls"][0])) == MOST_WAITING
        draft.finish()
        draft.seal()


def _given_up(store: Store) -> None:
    with store.draft(make_plan(), make_environment()) as draft:
        draft.table("calls").append(1, 2, "read", 3)
        raise KeyboardInterrupt


def test_what_was_written_survives_a_draft_that_is_given_up(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        _given_up(store)
    (row,) = open_store(tmp_path).runs()
    run = store.get(row.id)
    assert _rows(run.file("raw/syscalls/calls.arrows")) == [(1, 2, "read", 3)]


def test_a_table_without_rows_is_no_file(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        draft.table("threads")
        draft.finish()
    assert draft.seal().record.artifacts == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [((1, 2, "read"), "do not fit"), ((1, "x", "read", 3), "do not fit"), ((None, 2, "a", 3), "gaps")],
)
def test_rows_that_do_not_fit_are_refused(tmp_path: Path, row: tuple[object, ...], message: str) -> None:
    with _begin(tmp_path) as draft:
        draft.table("calls").append(*row)
        draft.finish()
        with pytest.raises(RecordError, match=message):
            draft.seal()


def test_a_kind_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        with pytest.raises(UsageError, match="no raw table"):
            draft.table("nonsense")
        draft.finish()
        draft.seal()


def test_several_threads_may_append(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:

        def work() -> None:
            for number in range(2_000):
                draft.table("calls").append(number, number, "read", 1)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        draft.finish()
    assert len(_rows(draft.seal().file("raw/syscalls/calls.arrows"))) == 8_000


def test_rows_can_be_read_at_once_when_asked_for(tmp_path: Path) -> None:
    with _begin(tmp_path) as draft:
        draft.flush_tables()
        draft.table("calls").append(1, 2, "read", 3)
        draft.flush_tables()
        assert _rows(draft.folder / FILES["calls"][0]) == [(1, 2, "read", 3)]
        draft.finish()
