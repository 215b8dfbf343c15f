from __future__ import annotations

from assay.report.causes.text import causes
from tests.report.views import make_findings


def test_no_diagnosis_is_no_section() -> None:
    assert list(causes(None)) == []


def test_the_section_says_where_the_time_went_and_what_to_do() -> None:
    text = "\n".join(causes(make_findings("job.py")))
    for words in (
        "75% ██████████████████████           1.50 s  computing",
        "1. It searches a list (confidence 0.900)",
        "at most 50% of the wall time (40% to 60%)",
        "holds   share(cpu) > 0.3 = 0.500 [stacks]",
        "no data looped() [sources]",
        "1.50 s  job.py:12 job.py() mostly computing",
        "doubt: the machine was busy",
        "1 pattern was not evaluated, for want of: native",
    ):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_too_little_evidence_and_no_cause_are_told_apart() -> None:
    thin = "\n".join(causes(make_findings("job.py", findings=(), insufficient="12 samples")))
    assert "! Insufficient evidence: 12 samples" in thin
    assert "No known cause" not in thin
    assert "No known cause was found." in "\n".join(causes(make_findings("job.py", findings=())))


def test_lines_that_are_left_out_are_counted() -> None:
    found = make_findings("job.py")
    many = make_findings("job.py", lines=found.lines[:1] * 13)
    assert "… and 3 more lines" in "\n".join(causes(many))
