"""A drift between the record's types, the published schema and the metric registry is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import real_tree, tool

RUN = "src/assay/record/run.py"
SCHEMA = "src/assay/record/run.schema.json"
METRICS = "src/assay/record/metrics.py"


def change(root: Path, file: str, old: str, new: str) -> None:
    """Replace the first ``old`` of a file, which has to be there."""
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_tree_as_it_is_has_no_drift(tmp_path: Path) -> None:
    answer = tool("schema", real_tree(tmp_path))
    assert (answer.returncode, answer.stdout) == (0, ""), answer.stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (RUN, "    status: Status\n", "    status: Status\n    planted_s: float = 0.0\n"),
        (RUN, '"""How it ended."""', '"""How it went."""'),
        (SCHEMA, '"additionalProperties": false', '"additionalProperties": true'),
        (SCHEMA, '"vgpu"', '"planted"'),
    ],
    ids=["a field in the types", "a field's documentation", "a rule in the schema", "an enumeration in the schema"],
)
def test_a_schema_that_drifted_is_named(tmp_path: Path, file: str, old: str, new: str) -> None:
    change(real_tree(tmp_path), file, old, new)
    answer = tool("schema", tmp_path)
    assert answer.returncode == 1, answer.stderr
    assert answer.stdout.startswith(f"{SCHEMA}:")
    assert "is not what the types generate" in answer.stdout


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"cpu_s", "s"', '"cpu_s", "ms"', "cpu_s is in 'ms', its name says 's'"),
        ('"cpu_user_s", "s"', '"cpu_s", "s"', "cpu_s is defined twice"),
        ('depends_on=("energy_j",', 'depends_on=("planted_energy_j",', "which is not in the registry"),
    ],
)
def test_a_metric_that_drifted_is_named(tmp_path: Path, old: str, new: str, what: str) -> None:
    change(real_tree(tmp_path), METRICS, old, new)
    answer = tool("schema", tmp_path)
    assert answer.returncode == 1, answer.stderr
    assert answer.stdout.startswith(f"{METRICS}:")
    assert what in answer.stdout
