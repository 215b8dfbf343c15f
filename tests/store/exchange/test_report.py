from __future__ import annotations

from assay.store.exchange.report import ValidationReport, problem, refusal


def test_a_report_without_problems_is_valid() -> None:
    assert ValidationReport(source="x", run=None).valid
    assert not ValidationReport(source="x", run=None, problems=("bad",)).valid


def test_the_first_problem_is_the_error_and_the_others_are_counted() -> None:
    assert str(ValidationReport(source="x", run=None, problems=("bad",)).error()) == "bad"
    assert str(ValidationReport(source="x", run=None, problems=("bad", "worse", "worst")).error()) == "bad (and 2 more)"


def test_a_problem_is_one_line_whatever_stands_in_it() -> None:
    line = problem("a\nb" * 2000, "/c", "d\x1b[2J" * 2000)
    assert len(line) <= 500
    assert line.isprintable()


def test_a_refusal_names_file_place_and_remedy() -> None:
    assert str(refusal("a.tar", "broken", "mend it", "/id")) == "a.tar#/id: broken; mend it"
    assert str(refusal("a.tar", "broken", "mend it")) == "a.tar#/: broken; mend it"
