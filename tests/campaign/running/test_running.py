from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from assay.campaign.grid.campaign import Cooling, read_campaign
from assay.campaign.manifest.place import place_of
from assay.campaign.manifest.states import State
from assay.campaign.running.devices import DeviceLock, Holder
from assay.campaign.running.order import Result, run_id
from assay.campaign.running.rest import Rests, check_cooling, temperature_c
from assay.campaign.running.runner import Sitting
from assay.campaign.running.worker import leave
from assay.campaign.running.worker_process import Ending
from assay.errors import PlanError, StoreError
from assay.record.enums import Status
from assay.record.ids import created_ms
from assay.store import Store, open_store
from tests.campaign.files import campaign_file


@pytest.fixture(autouse=True)
def _locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_LOCKS", str(tmp_path / "locks"))


class _Sat:
    """A campaign with a store of its own."""

    def __init__(self, folder: Path, **keys: Any) -> None:
        self.file = campaign_file(folder, **keys)
        self.store: Store = open_store(folder / "store")
        self.place = place_of(self.store.layout.root, self.file)

    def carry_out(self, *, fence: bool = False, again: bool = False, shown: Callable[[], None] = lambda: None) -> bool:
        with Sitting(read_campaign(self.file), self.store, self.place) as sitting:
            sitting.plan(again=again)
            try:
                return sitting.carry_out(shown, fence=fence)
            finally:
                self.counts = sitting.manifest.counts()
                self.held = sitting.held_groups()

    def events(self) -> list[str]:
        lines = self.place.events.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["event"] for line in lines]


def test_every_experiment_becomes_one_run_in_its_place_of_the_design(tmp_path: Path) -> None:
    sat = _Sat(tmp_path, cycles=2)
    assert sat.carry_out()
    assert sat.counts == {State.DONE: 4}
    positions = [sat.store.get(row.id).record.position for row in sat.store.runs()]
    assert sorted((str(each.experiment), each.cycle, each.campaign) for each in positions) == [
        ("n=1", 0, "sizes"),
        ("n=1", 1, "sizes"),
        ("n=2", 0, "sizes"),
        ("n=2", 1, "sizes"),
    ]
    assert sat.carry_out()
    assert len(sat.store.runs()) == 4


def test_a_campaign_that_is_killed_with_its_worker_makes_the_experiment_again_and_its_result_counts_once(
    tmp_path: Path,
) -> None:
    started = tmp_path / "started"
    write = f"import os,time\nopen({str(started)!r},'a').write('x')"
    code = f"{write}\nif os.path.getsize({str(started)!r}) == 1: time.sleep(60)"
    sat = _Sat(tmp_path, code=code, axes={"n": [1]})
    with _process(sat) as process:
        _until(lambda: started.exists() and started.stat().st_size > 0)
        worker = DeviceLock("host").holder()
        assert worker is not None
        os.kill(process.pid, signal.SIGKILL)
        os.kill(worker.pid, signal.SIGKILL)
    with DeviceLock("host") as lock:
        assert not lock.acquire(), "what is measured keeps its device, though campaign and worker are gone"
    assert sat.carry_out(fence=True)
    assert started.read_text() == "xx"
    assert [row.status for row in sat.store.runs()] == [Status.COMPLETE]
    assert "fenced" in sat.events()


def test_an_orphan_that_ends_by_itself_is_waited_for_and_its_run_counts(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = f"import time\nopen({str(started)!r},'a').write('x')\ntime.sleep(1)"
    sat = _Sat(tmp_path, code=code, axes={"n": [1]})
    with _process(sat) as process:
        _until(started.exists)
        os.kill(process.pid, signal.SIGKILL)
    assert sat.carry_out()
    assert started.read_text() == "x"
    assert sat.counts == {State.DONE: 1}
    assert sat.events().count("started") == 1


def test_two_processes_never_carry_out_the_same_campaign(tmp_path: Path) -> None:
    sat = _Sat(tmp_path)
    with Sitting(read_campaign(sat.file), sat.store, sat.place), pytest.raises(StoreError, match="another process"):
        Sitting(read_campaign(sat.file), sat.store, sat.place)


def test_a_device_that_others_hold_is_waited_for(tmp_path: Path) -> None:
    sat = _Sat(tmp_path, axes={"n": [1]})
    looks = []
    with DeviceLock("host") as lock:
        assert lock.acquire()

        def shown() -> None:
            looks.append(sat.store.runs())
            if len(looks) == 3:
                lock.release()

        assert sat.carry_out(shown=shown)
    assert looks[:3] == [[], [], []]
    assert sat.counts == {State.DONE: 1}


def test_a_failure_is_tried_as_often_as_it_may_and_holds_its_group_when_it_goes_on(tmp_path: Path) -> None:
    sat = _Sat(tmp_path, code="raise SystemExit(3)", cycles=3, attempts=2, breaker=3)
    assert sat.carry_out()
    assert sat.counts == {State.FAILED: 1, State.PENDING: 5}
    assert list(sat.held) == ["command"]
    assert sat.events().count("started") == 3
    assert sat.carry_out(again=True)
    assert sat.events().count("started") == 6


def test_a_wish_to_stop_lets_what_runs_end_and_leaves_the_rest(tmp_path: Path) -> None:
    sat = _Sat(tmp_path, cycles=4)

    def shown() -> None:
        sat.place.wish.write_text("soon")

    assert not sat.carry_out(shown=shown)
    assert sat.counts[State.DONE] <= 1
    assert State.RUNNING not in sat.counts
    assert sat.carry_out()
    assert sat.counts == {State.DONE: 8}


def test_a_wish_to_stop_now_ends_what_runs_and_it_is_made_again(tmp_path: Path) -> None:
    started = tmp_path / "started"
    sat = _Sat(tmp_path, code=f"import time\nopen({str(started)!r},'a').write('x')\ntime.sleep(60)", axes={"n": [1]})

    def shown() -> None:
        if started.exists():
            sat.place.wish.write_text("now")

    assert not sat.carry_out(shown=shown)
    assert sat.counts == {State.PENDING: 1}
    assert sat.store.runs() == []
    assert "discarded" in sat.events()


def test_a_worker_that_can_not_begin_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    file = campaign_file(
        tmp_path, experiment={"command": ["/no/such/program", "{n}"], "baseline_s": 0}, axes={"n": [1]}
    )
    sat = _Sat.__new__(_Sat)
    sat.file, sat.store = file, open_store(tmp_path / "store")
    sat.place = place_of(sat.store.layout.root, file)
    assert sat.carry_out()
    assert sat.counts == {State.FAILED: 1}
    assert "was not found" in sat.place.events.read_text(encoding="utf-8")


def test_the_lock_of_a_device_tells_its_holder_and_is_free_when_the_last_copy_is_closed(tmp_path: Path) -> None:
    with DeviceLock("gpu0") as lock:
        assert lock.acquire()
        lock.write(Holder(campaign="c", experiment="e", generation=2, pid=os.getpid()))
        assert lock.descriptor is not None
        child = subprocess.Popen(["sleep", "60"], pass_fds=(lock.descriptor,))
    with DeviceLock("gpu0") as other:
        assert not other.acquire()
        holder = other.holder()
        assert holder is not None
        assert (holder.experiment, holder.generation) == ("e", 2)
        assert other.fence()
        assert child.wait(timeout=30) == -signal.SIGKILL
        assert other.acquire()


def test_a_fence_does_not_touch_who_only_tried_to_get_the_device(tmp_path: Path) -> None:
    with DeviceLock("gpu0") as lock:
        assert lock.acquire()
        assert lock.descriptor is not None
        holder = subprocess.Popen(["sleep", "60"], pass_fds=(lock.descriptor,))
    opened = os.open(lock.path, os.O_RDWR)
    onlooker = subprocess.Popen(["sleep", "60"], pass_fds=(opened,))
    os.close(opened)
    assert DeviceLock("gpu0").fence()
    assert holder.wait(timeout=30) == -signal.SIGKILL
    assert onlooker.poll() is None
    onlooker.kill()
    onlooker.wait()


def test_the_first_result_of_a_generation_holds(tmp_path: Path) -> None:
    file = tmp_path / "e.1.json"
    for status in (Status.COMPLETE, Status.FAILED):
        leave(file, Result(experiment="e", generation=1, run=None, status=status))
    assert msgspec.json.decode(file.read_bytes(), type=Result).status is Status.COMPLETE
    assert [path.name for path in tmp_path.iterdir()] == ["e.1.json"]


def test_a_generation_has_one_run_id_and_no_other_has_it() -> None:
    ids = {run_id(5, key, one, generation) for key in "ab" for one in "xy" for generation in (1, 2)}
    assert len(ids) == 8
    assert {created_ms(each) for each in ids} == {5}
    assert run_id(5, "a", "x", 1) in ids


def test_a_device_rests_for_its_time_and_longer_between_cycles(tmp_path: Path) -> None:
    rests, clock = _rests(tmp_path, gap_s=2, cycle_gap_s=5)
    assert rests.is_over("host", 0)
    rests.ended("host", 0)
    clock.append(clock[-1] + 2.5)
    assert rests.is_over("host", 0)
    assert not rests.is_over("host", 1)
    assert rests.is_over("other", 1)
    clock.append(clock[-1] + 2.5)
    assert rests.is_over("host", 1)


def test_a_device_rests_until_it_is_cool_or_for_the_longest_time(tmp_path: Path) -> None:
    heat = [90.0]
    rests, clock = _rests(tmp_path, cool={"to_c": 60, "at_most_s": 30}, heat=heat)
    rests.ended("host", 0)
    assert not rests.is_over("host", 0)
    heat.append(55.0)
    clock.append(clock[-1] + 2)
    assert rests.is_over("host", 0)
    heat.append(90.0)
    assert rests.is_over("host", 0), "a rest that was over stays so until something ran"
    rests.ended("host", 0)
    clock.append(clock[-1] + 31)
    assert rests.is_over("host", 0)
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [(each["event"], each["temperature_c"]) for each in events] == [("rested", 55.0), ("still_warm", 90.0)]


def test_a_rest_by_a_sensor_that_is_not_there_is_refused_before_anything_starts(tmp_path: Path) -> None:
    campaign = read_campaign(campaign_file(tmp_path, cool={"to_c": 60, "sensor": "no such sensor"}))
    assert temperature_c(Cooling(to_c=60, sensor="no such sensor")) is None
    with pytest.raises(PlanError, match="rule cool-sensor"):
        check_cooling(campaign)


def test_how_a_generation_ended_is_a_request_a_kill_or_a_failure() -> None:
    assert not Ending(reason="stopped on request").failed
    assert not Ending(reason="stopped on request").killed


def _rests(folder: Path, heat: list[float] | None = None, **keys: Any) -> tuple[Rests, list[float]]:
    from assay.campaign.manifest.events import Events

    clock = [100.0]
    campaign = read_campaign(campaign_file(folder, **keys))
    temperature = None if heat is None else (lambda _cool: heat[-1])
    return Rests(campaign, Events(folder / "events.jsonl"), lambda: clock[-1], temperature), clock


class _process:  # noqa: N801 - read as a call
    """The campaign in a process of its own."""

    def __init__(self, sat: _Sat) -> None:
        words = [sys.executable, "-m", "assay", "--store", sat.store.location, "campaign", "run", str(sat.file)]
        self._process = subprocess.Popen(words, env={**os.environ}, stdout=subprocess.DEVNULL)

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()


def _until(is_so: Callable[[], bool], patience_s: float = 120.0) -> None:
    give_up_s = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < give_up_s, "it did not come"
        time.sleep(0.02)
