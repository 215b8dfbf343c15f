from __future__ import annotations

import pytest

from assay.errors import UsageError
from assay.report import format_for, render
from tests.report.views import compared_view


@pytest.mark.parametrize(
    ("file", "name"),
    [("a.html", "html"), ("b/c.MD", "markdown"), ("x.json", "json"), ("x.csv", "csv"), ("x.txt", "text")],
)
def test_the_ending_chooses_the_format(file: str, name: str) -> None:
    assert format_for(file) == name


@pytest.mark.parametrize("file", ["report", "report.pdf", ".html", ""])
def test_an_unknown_ending_is_refused_with_the_known_ones(file: str) -> None:
    with pytest.raises(UsageError) as caught:
        format_for(file)
    assert ".html" in caught.value.remedy


def test_an_unknown_format_gets_a_suggestion() -> None:
    with pytest.raises(UsageError, match="there is no format 'htlm'"):
        render(compared_view(), "htlm")
