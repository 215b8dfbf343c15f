"""One suite for every kind of distant store: memory, and S3 as a local server speaks it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec
import pytest

from assay.errors import RecordError, RunNotFoundError, StoreError
from assay.store import Store, open_store
from tests.makers import make_environment, make_metrics, make_plan

_KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    pytest.importorskip("s3fs", reason="s3fs is not installed: stores on S3 are not tested")
    server = pytest.importorskip("moto.server", reason="moto is not installed: stores on S3 are not tested")
    thread = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    thread.start()
    host, port = thread.get_host_and_port()
    yield f"http://{host}:{port}"
    thread.stop()


@pytest.fixture(params=["memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place, and a machine that has never seen it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bucket = f"team-{uuid.uuid4().hex}"
    if request.param == "memory":
        return f"memory://{bucket}/store"
    for name, value in {**_KEYS, "AWS_ENDPOINT_URL": request.getfixturevalue("s3_server")}.items():
        monkeypatch.setenv(name, value)
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir(bucket)
    return f"s3://{bucket}/store"


def seal(store: Store, *, spans: int = 0) -> str:
    draft = store.draft(make_plan(), make_environment())
    draft.add(metrics=make_metrics()[:1])
    draft.artifact("raw/rusage/usage.json", collector="rusage").write_text("{}")
    if spans:
        draft.spans.append(step="FFN", start_ns=list(range(spans)), wall_ns=5)
    draft.finish()
    return draft.seal().id


def elsewhere(url: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Store:
    """The same store as another machine sees it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return open_store(url)


def objects(url: str) -> tuple[Any, str]:
    files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
    files.invalidate_cache()
    return files, root


def test_a_run_sealed_here_is_read_there(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ulid = seal(open_store(url), spans=7)
    other = elsewhere(url, monkeypatch, tmp_path / "other")
    assert [row.id for row in other.runs()] == [ulid]
    run = other.get(ulid[:20].lower())
    assert run.metrics["wall_s"] == make_metrics()[0].value
    assert run.spans().num_rows == 7
    assert list(run.problems()) == []


def test_half_an_upload_is_not_seen(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ulid = seal(open_store(url))
    files, root = objects(url)
    files.rm(f"{root}/runs/{ulid}/run.json")
    other = elsewhere(url, monkeypatch, tmp_path / "other")
    assert other.runs() == []
    with pytest.raises(RunNotFoundError):
        other.get(ulid)
    assert other.unreadable() == {ulid: "has no run.json"}


def test_a_run_is_committed_once(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The record of another run under the same id is never replaced, and the one of this machine is kept."""
    ulid = seal(open_store(url))
    files, root = objects(url)
    data = files.cat_file(f"{root}/runs/{ulid}/run.json")
    other = elsewhere(url, monkeypatch, tmp_path / "other")
    waiting = other.layout.root / "outgoing" / ulid
    waiting.mkdir(parents=True)
    (waiting / "run.json").write_bytes(data.replace(b'"complete"', b'"failed"'))
    with pytest.raises(StoreError, match="in the store already"):
        other.salvage()
    assert files.cat_file(f"{root}/runs/{ulid}/run.json") == data
    assert waiting.exists()
    assert [row.status for row in other.runs()] == ["complete"]


def test_many_creators_of_one_record_leave_one(url: str) -> None:
    store = open_store(url)
    place = store._place  # type: ignore[attr-defined]

    def create(number: int) -> bool:
        try:
            place.create("runs/x/run.json", f"{number}".encode())
        except FileExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(8))) == 1


def test_an_answer_that_got_lost_is_no_failure(url: str) -> None:
    place = open_store(url)._place  # type: ignore[attr-defined]
    place.create("runs/x/run.json", b"same")
    place.create("runs/x/run.json", b"same")
    with pytest.raises(FileExistsError):
        place.create("runs/x/run.json", b"other")


def test_a_sealed_run_that_was_not_uploaded_is_uploaded_later(url: str) -> None:
    """As after a kill between sealing and upload."""
    store = open_store(url)
    ulid = seal(store)
    files, root = objects(url)
    files.rm(f"{root}/runs/{ulid}", recursive=True)
    store.layout.run(ulid).rename(store.layout.root / "outgoing" / ulid)
    assert [row.id for row in open_store(url).runs()] == [ulid]
    assert list(open_store(url).get(ulid).problems()) == []
    assert not list((store.layout.root / "outgoing").iterdir())


def test_an_abandoned_draft_becomes_an_interrupted_run_there(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    open_store(url).draft(make_plan(), make_environment()).abandon("killed")
    open_store(url).runs()
    assert [row.status for row in elsewhere(url, monkeypatch, tmp_path / "other").runs()] == ["interrupted"]


def test_tags_and_removals_are_seen_by_others(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = open_store(url)
    first, second = seal(store), seal(store)
    store.tag(first, "base")
    other = elsewhere(url, monkeypatch, tmp_path / "other")
    assert other.get("base").id == first
    assert {row.id: row.tags for row in other.runs()} == {first: ("base",), second: ()}
    other.remove("base")
    assert [row.id for row in store.runs()] == [second]
    assert store.tags() == {}
    with pytest.raises(RunNotFoundError):
        store.get(first)
    files, root = objects(url)
    assert not files.exists(f"{root}/runs/{first}")


def test_a_file_that_was_changed_there_is_refused(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ulid = seal(open_store(url))
    files, root = objects(url)
    files.pipe_file(f"{root}/runs/{ulid}/raw/rusage/usage.json", b"[]")
    other = elsewhere(url, monkeypatch, tmp_path / "other")
    with pytest.raises(RecordError, match=r"usage\.json"):
        other.get(ulid)
    assert not other.layout.run(ulid).exists()


def test_a_received_run_is_uploaded(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    local = open_store(tmp_path / "local")
    ulid = seal(local)
    with open_store(url).receive(ulid) as folder:
        (folder / "raw" / "rusage").mkdir(parents=True)
        for name in ("run.json", "raw/rusage/usage.json"):
            (folder / name).write_bytes((local.layout.run(ulid) / name).read_bytes())
    assert elsewhere(url, monkeypatch, tmp_path / "other").get(ulid).record == local.get(ulid).record
    with pytest.raises(StoreError, match="in the store already"), open_store(url).receive(ulid):
        pass


def test_a_server_that_is_not_there_is_one_line_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed: stores on S3 are not tested")
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for name, value in {**_KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    store = open_store(f"s3://{uuid.uuid4().hex}/store")
    with pytest.raises(StoreError, match="sealed but not uploaded") as caught:
        seal(store)
    assert "\n" not in str(caught.value)
    assert len(list((store.layout.root / "outgoing").glob("*/run.json"))) == 1
    with pytest.raises(StoreError, match="s3://"):
        store.runs()
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_bucket_that_is_not_there_is_one_line(url: str) -> None:
    if url.startswith("memory"):
        pytest.skip("memory has no buckets")
    with pytest.raises(StoreError, match="not uploaded"):
        seal(open_store(url.replace("team-", "none-")))


def test_an_unknown_kind_of_place_is_one_line() -> None:
    with pytest.raises(StoreError, match="nonsense://"):
        open_store("nonsense://bucket/store")


def test_a_place_that_connects_at_once_and_cannot_is_one_line() -> None:
    with pytest.raises(StoreError, match="cannot connect: "):
        open_store("ftp://127.0.0.1:1/store")


def test_a_file_url_is_a_local_store(tmp_path: Path) -> None:
    assert open_store(f"file://{tmp_path}").layout.root == tmp_path
