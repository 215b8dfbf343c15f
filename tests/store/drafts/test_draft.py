from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assay.errors import RecordError, StoreError, UsageError
from assay.record.base import Measured, Missing
from assay.record.enums import DeviceKind, Status
from assay.record.plan import Outcome, Position
from assay.record.rows import Device, Metric
from assay.store import Draft, open_store
from tests.makers import make_environment, make_flag, make_metrics, make_plan


def begin(root: Path) -> Draft:
    return open_store(root).draft(make_plan(), make_environment())


def _interrupted(draft: Draft) -> None:
    with draft:
        draft.add(metrics=make_metrics()[:1])
        raise KeyboardInterrupt


def test_a_metric_that_was_added_twice_is_in_the_run_once(tmp_path: Path) -> None:
    gap = Metric(name="wall_s", value=Missing(reason="not yet"))
    known = Metric(name="wall_s", value=Measured(value=1.0, by="clock"))
    with open_store(tmp_path).draft(make_plan(), make_environment()) as draft:
        draft.add(metrics=[gap])
        draft.add(metrics=[known])
        draft.finish()
    assert draft.seal().record.metrics == (known,)


def test_what_was_added_is_in_the_sealed_run(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.draft(make_plan(), make_environment(), position=Position(session="s")) as draft:
        draft.add(devices=[Device(id="gpu:0", kind=DeviceKind.GPU, name="A100")], metrics=make_metrics())
        path = draft.artifact("raw/rusage/usage.json", collector="rusage", media_type="application/json")
        path.write_text("{}")
        (draft.folder / "stdout.log").write_text("hello")
        draft.finish(outcome=Outcome(exit_code=0))
    record = draft.seal().record
    assert record.metrics == make_metrics()
    assert record.position.session == "s"
    assert record.outcome.exit_code == 0
    assert {item.file: (item.collector, item.media_type) for item in record.artifacts} == {
        "raw/rusage/usage.json": ("rusage", "application/json"),
        "stdout.log": ("launcher", "application/octet-stream"),
    }


def test_a_draft_is_not_seen_before_it_is_sealed(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.finish()
    assert open_store(tmp_path).runs() == []
    assert open_store(tmp_path).salvage() == ()
    draft.seal()
    assert len(open_store(tmp_path).runs()) == 1


def test_nothing_but_the_run_is_left_after_sealing(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.spans.append(step="FFN", start_ns=1, wall_ns=2)
    draft.finish()
    run = draft.seal()
    assert list((tmp_path / "tmp").iterdir()) == []
    kept = {path.relative_to(run.folder).as_posix() for path in run.folder.rglob("*") if path.is_file()}
    assert kept == {"run.json", *(item.file for item in run.record.series)}


def test_a_device_described_again_is_described_anew(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    device = Device(id="cpu:0", kind=DeviceKind.CPU, name="Xeon")
    draft.add(devices=[device])
    draft.add(devices=[Device(id="cpu:0", kind=DeviceKind.CPU, name="Xeon", busy_s=Measured(value=1.0, by="rusage"))])
    draft.finish()
    (kept,) = draft.seal().record.devices
    assert kept.busy_s == Measured(value=1.0, by="rusage")


def test_a_value_that_is_no_number_is_refused_where_it_is_added(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    with pytest.raises(RecordError):
        draft.add(metrics=[Metric(name="wall_s", value=Measured(value=float("nan"), by="clock"))])
    draft.finish()
    assert draft.seal().record.metrics == ()


def test_a_run_that_is_not_complete_says_why(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    with pytest.raises(UsageError, match="reason"):
        draft.finish(status=Status.FAILED)
    with pytest.raises(UsageError, match="reason"):
        draft.finish(reason="all went well")
    draft.finish(status=Status.FAILED, reason="exit code 1")
    assert draft.seal().record.status_reason == "exit code 1"


def test_an_unfinished_draft_is_not_sealed(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    with pytest.raises(StoreError, match="not finished"):
        draft.seal()
    draft.finish()
    assert draft.seal().record.status is Status.COMPLETE


def test_a_sealed_draft_takes_nothing_more(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.finish()
    draft.seal()
    with pytest.raises(StoreError, match="closed"):
        draft.add(metrics=make_metrics())
    with pytest.raises(StoreError, match="closed"):
        draft.seal()


@pytest.mark.parametrize("file", ["../x", "raw/../../x", "run.json", "journal.jsonl", "spans.arrows", "/etc/x", "a//b"])
def test_a_file_outside_the_run_is_refused(tmp_path: Path, file: str) -> None:
    draft = begin(tmp_path)
    with pytest.raises((UsageError, RecordError)):
        draft.artifact(file, collector="x")


def test_a_run_that_contradicts_itself_is_not_sealed(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    draft.add(metrics=[Metric(name="energy_j", value=Measured(value=1.0, by="nvml"), device="gpu:7")])
    draft.finish()
    with pytest.raises(RecordError, match="not listed in `devices`"):
        draft.seal()
    (row,) = open_store(tmp_path).runs()
    assert row.status == "interrupted"


def test_threads_add_at_once(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: draft.add(quality=[make_flag()]), range(200)))
    draft.finish()
    assert len(draft.seal().record.quality) == 200


def test_an_exception_makes_the_draft_an_interrupted_run(tmp_path: Path) -> None:
    draft = begin(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        _interrupted(draft)
    (row,) = open_store(tmp_path).runs()
    run = open_store(tmp_path).get(row.id)
    assert run.record.status is Status.INTERRUPTED
    assert run.record.status_reason == "ended by KeyboardInterrupt"
    assert run.record.metrics == make_metrics()[:1]


def test_a_forked_child_neither_uses_nor_holds_the_draft(tmp_path: Path) -> None:
    """The child outlives its parent, and yet the draft's lock is free."""
    code = """
import os, sys, time
from pathlib import Path
from assay.errors import StoreError
from tests.store.drafts.test_draft import begin
draft = begin(Path(sys.argv[1]))
if os.fork() == 0:
    try:
        draft.finish()
    except StoreError as error:
        print(error, flush=True)
    os.close(1)
    os.close(2)
    time.sleep(5)
os.wait3(os.WNOHANG)
os.kill(os.getpid(), 9)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "forked child" in done.stdout
    assert [row.status for row in open_store(tmp_path).runs()] == ["interrupted"]


def test_a_draft_without_spans_loads_no_table_library(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from tests.store.drafts.test_draft import begin
draft = begin(Path(sys.argv[1]))
draft.finish()
print(draft.seal().id, *{"pyarrow", "numpy", "duckdb", "scipy"} & set(sys.modules))
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 1, done.stdout
