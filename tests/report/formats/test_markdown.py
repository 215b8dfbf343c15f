from __future__ import annotations

from assay.report import Story, render
from tests.report.views import compared_view, hostile_view


def test_tables_have_the_same_number_of_cells_in_every_row() -> None:
    for view in (compared_view(labels={"A": "a|b", "B": "`c|d`"}), hostile_view()):
        widths: list[int] = []
        for line in [*render(view, "markdown").splitlines(), ""]:
            if line.startswith("|"):
                widths.append(line.replace("\\|", "").count("|"))
                continue
            assert len(set(widths)) <= 1
            widths = []


def test_hostile_text_makes_no_element_link_or_code() -> None:
    text = render(hostile_view(), "markdown")
    outside = "\n".join(part for index, part in enumerate(text.split("```")) if index % 2 == 0)
    spans = [part for index, part in enumerate(outside.split("``")) if index % 2 == 0]
    assert not any("<script" in part.replace("\\<", "") for part in spans)
    assert not any("[a](" in part.replace("\\[", "") for part in spans)


def test_a_story_with_code_can_not_leave_its_block() -> None:
    text = render(compared_view(stories=(Story(heading="H", text="t", code="```\n# not a heading"),)), "markdown")
    assert "````diff\n```\n# not a heading\n````" in text


def test_numbers_stand_with_unit_spread_and_origin() -> None:
    text = render(compared_view(), "markdown")
    assert "| `wall_s` | A | 2.02 s | 1.90 s – 2.20 s | measured by launcher:CLOCK\\_MONOTONIC |" in text
    assert "**lower**" in text
