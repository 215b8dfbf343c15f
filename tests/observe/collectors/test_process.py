from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from assay.observe.collectors.process import PLUGIN
from assay.record.base import Measured, Missing
from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import FILES
from tests.observe.collectors.targets import Sink, started, waited_for

TREE = "import subprocess, sys, threading, time; x = bytearray(b'1') * (20 << 20); \
p = subprocess.Popen(['sleep', '60']); threading.Thread(target=time.sleep, args=(60,), daemon=True).start(); \
print(p.pid, flush=True); time.sleep(60)"


def test_the_whole_tree_is_summed(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", TREE], stdout=subprocess.PIPE, process_group=0)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.seen(Life(time_ns=1, event="seen", pid=process.pid))
    observer.seen(Life(time_ns=1, event="seen", pid=child))
    observer.look(123)
    os.killpg(process.pid, signal.SIGKILL)
    (metric,) = observer.finish(waited_for(process)).metrics
    seen = {name: value for _, name, _, value in sink.samples.rows}
    assert seen["processes"] == 2
    assert seen["threads"] == 3
    assert seen["rss_bytes"] > 20 << 20
    assert seen["cpu_s"] >= 0.0
    assert {(time_ns, device) for time_ns, _, device, _ in sink.samples.rows} == {(123, "cpu:0")}
    assert {row[1] for row in sink.tables["processes"].rows} == {process.pid, child}
    assert Counter(row[1] for row in sink.tables["threads"].rows) == {process.pid: 2, child: 1}
    assert isinstance(metric.value, Measured)
    assert metric.value.by == "process:VmHWM"
    assert metric.value.value > 20 << 20
    process.stdout.close()


def test_a_process_that_is_gone_is_looked_at_no_more(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.look(0)
    observer.seen(Life(time_ns=1, event="gone", pid=process.pid))
    observer.look(1_000_000_000)
    process.kill()
    observer.finish(waited_for(process))
    assert len(sink.tables["processes"].rows) == 1


def test_rows_of_threads_follow_the_published_table(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.look(0)
    process.kill()
    observer.finish(waited_for(process))
    for kind, (_, schema) in FILES.items():
        assert all(len(row) == len(schema) for row in sink.tables[kind].rows) if kind in sink.tables else True
    assert set(sink.tables) == {"threads", "processes"}


def test_a_target_that_is_over_has_no_samples_and_a_reason(tmp_path: Path) -> None:
    process = subprocess.Popen(["true"])
    time.sleep(0.2)
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.look(1)
    ended = waited_for(process)
    observer.look(2)
    (metric,) = observer.finish(ended).metrics
    assert sink.samples.rows == []
    assert isinstance(metric.value, Missing)


def test_samples_of_a_long_run_are_handed_over_every_second(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    kept = []
    for tenths in (0, 5, 10, 15, 20):
        observer.look(1_000 + tenths * 100_000_000)
        kept.append(len(sink.samples.rows) // 4)
    process.kill()
    observer.finish(waited_for(process))
    assert kept == [0, 0, 3, 3, 5]
    assert len(sink.samples.rows) // 4 == 5


def test_a_process_with_a_hostile_name_is_read_like_any_other(tmp_path: Path) -> None:
    link = tmp_path / "a) Z 1 (b"
    link.symlink_to("/bin/sleep")
    process = subprocess.Popen([str(link), "60"])
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.look(1)
    process.kill()
    observer.finish(waited_for(process))
    seen = {name: value for _, name, _, value in sink.samples.rows}
    assert seen["threads"] == 1
    assert 0 < seen["rss_bytes"] < 100 << 20


def test_a_target_that_goes_on_as_before_is_looked_at_less_often(tmp_path: Path) -> None:
    process = subprocess.Popen(["sleep", "60"])
    sink = Sink(tmp_path)
    observer = PLUGIN.attach(started(process.pid), sink)
    observer.seen(Life(time_ns=1, event="seen", pid=process.pid))
    while (Path(f"/proc/{process.pid}/syscall").read_text()).startswith("running"):
        time.sleep(0.01)
    waits_ns = [observer.look(look * 100_000_000) for look in range(9)]
    process.kill()
    observer.finish(waited_for(process))
    assert waits_ns[0] == 20_000_000
    assert waits_ns[-1] == 60_000_000
