from __future__ import annotations

from assay.report.causes.markdown import causes
from tests.report.views import HOSTILE, make_findings


def test_no_diagnosis_is_no_section() -> None:
    assert list(causes(None)) == []


def test_a_cause_has_its_table_of_conditions() -> None:
    text = "\n".join(causes(make_findings("job.py")))
    assert "| 75% | 1.50 s | computing |" in text
    assert "### 1. It searches a list" in text
    assert "| `share(cpu) > 0.3` | 0.500 | stacks | holds |" in text
    assert "- `blind`: perf is missing: job.py" in text


def test_names_of_strangers_are_no_markup() -> None:
    text = "\n".join(causes(make_findings(HOSTILE)))
    assert "\x1b" not in text
    assert "\n- **Observation.** Half of the time was spent in \\<script\\>" in text


def test_unknown_clocks_are_said_to_be_unknown() -> None:
    assert "no thread was looked at" in "\n".join(causes(make_findings("job.py", clocks=())))
