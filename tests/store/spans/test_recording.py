from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assay.errors import StoreError
from assay.record.enums import SeriesKind
from assay.store.spans.recording import Recording
from assay.store.spans.stream import StreamFile
from assay.store.spans.writer import SpanWriter, recover

ROW = {"step": "s", "start_ns": [1], "wall_ns": [1]}


def test_after_a_failed_write_the_rows_wait_and_go_to_a_fresh_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording(tmp_path, SeriesKind.SPANS)
    recording.append(ROW)
    recording.flush()
    write = StreamFile.write

    def fail(stream: StreamFile, _: object) -> None:
        stream._sink.write(b"half a batch")
        raise StoreError("no space")

    monkeypatch.setattr(StreamFile, "write", fail)
    recording.append(ROW)
    with pytest.raises(StoreError, match="no space"):
        recording.flush()
    monkeypatch.setattr(StreamFile, "write", write)
    recording.append(ROW)
    series = recording.finalise()
    assert sum(entry.rows for entry in series if entry.kind is SeriesKind.SPANS) == 3


FULL_DISK = """
import resource, sys
from pathlib import Path
from assay.errors import StoreError
from assay.record.enums import SeriesKind
from assay.store.spans.recording import Recording

recording = Recording(Path(sys.argv[1]), SeriesKind.SPANS)
recording.append({"step": "s", "start_ns": [1, 2], "wall_ns": [1, 1]})
recording.flush()
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
rows = {"step": "s", "start_ns": list(range(3, 99_999)), "wall_ns": 1}
for step in (lambda: recording.append(rows), recording.close):
    try:
        step()
    except StoreError:
        continue
    sys.exit("nothing was said")
"""


def test_a_disk_that_stays_full_is_said_each_time_and_costs_nothing_written_before(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", FULL_DISK, str(tmp_path)], check=True)
    series = recover(tmp_path)
    assert [entry.rows for entry in series if entry.kind is SeriesKind.SPANS] == [2]


def test_what_fails_in_the_timer_is_told_to_the_next_caller(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "gone", SeriesKind.SPANS)
    recording.append(ROW)
    recording.flush_quietly()
    with pytest.raises(StoreError, match="gone"):
        recording.append(ROW)
    recording._pieces.clear()
    recording.close()


def test_rows_of_several_threads_all_arrive(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)

    def work(thread: int) -> None:
        for i in range(500):
            writer.append(step="s", start_ns=i, wall_ns=1, thread=thread)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert writer.finalise()[0].rows == 2000


def test_a_closed_recording_leaves_its_streams_to_recover(tmp_path: Path) -> None:
    writer = SpanWriter(tmp_path)
    writer.append(**ROW)
    writer.close()
    assert [path.name for path in tmp_path.iterdir()] == ["spans.arrows"]
    assert recover(tmp_path)[0].rows == 1
