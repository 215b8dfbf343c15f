from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assay.observe.collector import FirstPass, Rewritten
from assay.observe.wrappers.imports import PLUGIN
from tests.observe.collectors.targets import Sink


def test_the_interpreters_lines_are_kept_and_the_programs_are_not(tmp_path: Path) -> None:
    argv = (sys.executable, "-c", "import json, sys; print('mine', file=sys.stderr)")
    words = PLUGIN.wrap(FirstPass(argv=argv, executable=Path(sys.executable)), tmp_path)
    assert isinstance(words, Rewritten)
    with (tmp_path / "stderr.log").open("wb") as log:
        subprocess.run(words.argv, env={**os.environ, **words.variables}, stderr=log, check=True)
    assert PLUGIN.keep(tmp_path, Sink(tmp_path)) is None
    kept = (tmp_path / "raw/imports/importtime.txt").read_text()
    assert "json.decoder" in kept
    assert "mine" not in kept
