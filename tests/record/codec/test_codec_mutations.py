from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.record.codec import decode_run, encode_run
from tests.makers import document, make_run
from tests.record.codec.mutations import mutations

MUTATIONS = 2500


def test_the_undamaged_document_is_valid() -> None:
    assert decode_run(encode_run(make_run()), "run.json") == make_run()


@pytest.mark.parametrize("seed", range(5))
def test_every_mutation_is_read_to_an_equal_run_or_refused_in_one_line(seed: int) -> None:
    outcomes: Counter[str] = Counter()
    for data in mutations(document(), MUTATIONS // 5, seed):
        try:
            run = decode_run(data, "some/run.json")
        except RecordError as error:
            line = str(error)
            assert line.startswith("some/run.json#/"), line
            assert len(line) <= 500, line
            assert line.isprintable(), line
            outcomes["refused"] += 1
        else:
            assert decode_run(encode_run(run), "again") == run
            outcomes["valid"] += 1
    assert outcomes["refused"] > 300, outcomes
    assert outcomes["valid"] > 5, outcomes


def test_the_program_refuses_mutations_with_status_2_and_a_line_for_each(tmp_path: Path) -> None:
    paths = []
    for number, data in enumerate(mutations(document(), 120, seed=77)):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        paths.append(path.name)
    command = [sys.executable, "-m", "assay", "runs", "validate", *paths]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert len(lines) + len(done.stdout.splitlines()) == len(paths)
    assert all(re.match(r"assay: \d+\.json#/", line) and len(line) <= 500 and line.isprintable() for line in lines)
