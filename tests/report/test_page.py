from __future__ import annotations

import pytest

from assay.record.diagnosis.findings import Clock
from assay.report.page.causes import bar, causes
from assay.report.page.elements import Markup, element, folded, joined, table
from assay.report.page.pictures import memory, scale, seconds, wall_times
from assay.report.page.sections import comparison, header
from tests.report.views import compared_view, make_findings


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    assert element("p", "<b>", element("b", "&")) == "<p>&lt;b&gt;<b>&amp;</b></p>"
    assert joined(("<", Markup("<br>"))) == "&lt;<br>"


def test_attributes_are_escaped_renamed_and_left_out() -> None:
    made = element("td", class_='a" onload="x', text_anchor="end", width=1.5, id=None)
    assert made == '<td class="a&quot; onload=&quot;x" text-anchor="end" width="1.5"></td>'


def test_tables_and_folds_escape_their_texts() -> None:
    assert "<td>&lt;i&gt;</td>" in table(("h",), (("<i>",),))
    assert folded("<s>") == "<details><summary>&lt;s&gt;</summary></details>"


@pytest.mark.parametrize(
    ("largest", "end", "count"),
    [(0.763, 0.8, 5), (2.0, 2.0, 5), (1.0, 1.0, 6), (34.3, 40.0, 5), (7.1e-6, 8e-6, 5), (0.0, 1.0, 2)],
)
def test_an_axis_begins_at_zero_and_ends_round_above_the_largest(largest: float, end: float, count: int) -> None:
    top, ticks = scale(largest)
    assert top == pytest.approx(end)
    assert ticks[0] == 0.0
    assert ticks[-1] == pytest.approx(top)
    assert len(ticks) == count


@pytest.mark.parametrize("largest", [10.0**power * factor for power in range(-9, 12, 3) for factor in (1, 1.7, 3.3, 9)])
def test_an_axis_never_has_more_than_six_ticks_and_holds_the_largest(largest: float) -> None:
    top, ticks = scale(largest)
    assert 2 <= len(ticks) <= 6
    assert top >= largest * (1 - 1e-9)


def test_without_sides_there_are_no_pictures() -> None:
    assert [picture([]) for picture in (wall_times, seconds, memory)] == ["", "", ""]


def test_the_result_is_toned_by_its_answer_and_said_in_words() -> None:
    view = compared_view()
    assert 'class="result lower"' in header(view)
    assert "A" in comparison(view)
    assert "described only" in comparison(view)


def test_a_bar_is_split_in_proportion_and_says_its_parts() -> None:
    picture = bar({Clock.CPU: 3.0, Clock.SLEEP: 1.0}, 4.0, 10.0)
    assert '<rect x="0.000%" width="75.000%"' in picture
    assert "<title>asleep: 1 s</title>" in picture
    assert "<rect" not in bar({}, 0.0, 10.0)


def test_no_diagnosis_is_no_section_and_thin_evidence_is_said() -> None:
    assert causes(None) == ""
    thin = causes(make_findings("job.py", findings=(), insufficient="12 samples"))
    assert "Insufficient evidence: 12 samples" in thin
    assert "No known cause was found." in causes(make_findings("job.py", findings=()))


def test_only_the_first_causes_are_unfolded() -> None:
    many = make_findings("job.py").findings * 4
    page = causes(make_findings("job.py", findings=many))
    assert page.count("<summary>Details</summary>") == 1
    assert page.count("<article") == 4
