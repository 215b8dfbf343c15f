from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from assay.observe.collector import FirstPass, Rewritten, Unsuited
from assay.observe.wrappers.cprofile import PLUGIN
from tests.observe.collectors.targets import Sink

PYTHON = Path(sys.executable)


def test_counts_of_a_repeated_run_come_into_the_table(tmp_path: Path) -> None:
    argv = (sys.executable, "-c", "def work(): return 1\n[work() for _ in range(9)]")
    words = PLUGIN.wrap(FirstPass(argv=argv, executable=PYTHON), tmp_path)
    assert isinstance(words, Rewritten)
    subprocess.run(words.argv, check=True)
    sink = Sink(tmp_path)
    assert PLUGIN.keep(tmp_path, sink) is None
    assert ("<string>", 1, "work", 9, 9, None, None, None) in [tuple(row) for row in sink.tables["functions"].rows]


def test_a_program_with_workers_is_not_repeated(tmp_path: Path) -> None:
    first = FirstPass(argv=(sys.executable, "a.py"), executable=PYTHON, files=("/usr/lib/multiprocessing/pool.py",))
    assert isinstance(PLUGIN.wrap(first, tmp_path), Unsuited)
