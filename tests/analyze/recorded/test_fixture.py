from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from assay.analyze.diagnose import diagnose
from assay.analyze.recorded.fixture import packed, unpacked
from assay.analyze.rules.load import load_rules
from assay.errors import RecordError
from assay.record.diagnosis.life import Life
from tests.analyze.makers import FILE, Piece, frame, make_evidence, processes_of

SOURCE = "def poll():\n    while not ready():\n        sleep(0.1)\n"


def test_the_evidence_is_read_back_with_the_same_findings(tmp_path: Path) -> None:
    made = make_evidence(
        [piece for _ in range(20) for piece in (Piece(ms=90, stack=(frame("poll", 3),), wait="sleep"), Piece(ms=10))],
        sources={FILE: SOURCE},
        tables=processes_of(cpu_ms=200, wall_ms=2000),
    )
    made.lives = (Life(time_ns=0, event="seen", pid=100, executable="/usr/bin/python3.11", argv=("python", "--key=x")),)
    file = tmp_path / "x.json.xz"
    file.write_bytes(packed(made, {}))
    again = unpacked(file)
    assert again.lives[0].argv is None
    rules = load_rules()
    before, after = (diagnose(one, rules, "0" * 26, "0" * 64) for one in (made, again))
    assert before == after
    assert before.findings


def test_names_of_the_machine_are_replaced(tmp_path: Path) -> None:
    made = make_evidence([Piece(ms=500, stack=(frame("f", 1),))], sources={FILE: SOURCE})
    file = tmp_path / "x.json.xz"
    file.write_bytes(packed(made, {"/home/me": "/srv"}))
    assert b"/home/me" not in lzma.decompress(file.read_bytes())
    assert list(unpacked(file).sources.files) == ["/srv/job.py"]


@pytest.mark.parametrize("content", [b"", b"no xz", lzma.compress(b"{}"), lzma.compress(b"[1")])
def test_what_is_no_recorded_evidence_is_said(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.json.xz"
    file.write_bytes(content)
    with pytest.raises(RecordError, match="is no recorded evidence"):
        unpacked(file)
