from __future__ import annotations

from pathlib import Path

import msgspec

from assay.record.diagnosis.life import Life
from assay.record.diagnosis.raw import LIFE_FILE
from tests.measure.launching import launch, python


def test_the_journal_tells_the_tree_and_the_program_after_exec(tmp_path: Path) -> None:
    code = "import subprocess, time; subprocess.run(['sleep', '0.5'])"
    run = launch(tmp_path, python(code), collectors=("null",))
    lines = run.file(LIFE_FILE).read_bytes().splitlines()
    lives = [msgspec.json.decode(line, type=Life) for line in lines]
    assert lives[0].event == "seen"
    assert lives[0].argv is not None
    assert lives[0].argv[-1] == code
    # its libraries are mapped a moment after it was loaded, so that it may turn out a Python at the second look
    last_programs = {life.pid: life.python for life in lives if life.event != "gone"}
    assert [pid for pid, python in last_programs.items() if python is not None] == [lives[0].pid]
    (child,) = [life for life in lives if life.argv == ("sleep", "0.5")]
    assert child.parent == lives[0].pid


def test_secrets_in_words_are_masked(tmp_path: Path) -> None:
    run = launch(tmp_path, (*python("import time; time.sleep(0.2)"), "--password", "hunter2hunter2"))
    assert b"hunter2hunter2" not in run.file(LIFE_FILE).read_bytes()
