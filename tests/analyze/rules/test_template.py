from __future__ import annotations

import pytest

from assay.analyze.functions.table import vocabulary
from assay.analyze.rules.template import read_template
from tests.analyze.grammar.makers import Data


@pytest.mark.parametrize(
    ("hole", "value", "text"),
    [
        ("{wall_s()|percent}", 0.256, "26 %"),
        ("{wall_s()|count}", 12345.4, "12,345"),
        ("{wall_s()|seconds}", 3.14159, "3.14 s"),
        ("{wall_s()|seconds}", 0.0042, "4.2 ms"),
        ("{wall_s()|seconds}", 0.0000042, "4 µs"),
        ("{wall_s()|bytes}", 5 * 2**20, "5.0 MiB"),
        ("{wall_s()|bytes}", 12.0, "12 B"),
        ("{wall_s()|number}", 1.5, "1.50"),
        ("{wall_s() * 2|number}", 1.5, "3.00"),
        ("{wall_s()|number}", None, "an unknown amount"),
    ],
)
def test_a_number_is_shown_in_its_unit(hole: str, value: float | None, text: str) -> None:
    template = read_template(f"a {hole} b", vocabulary({}))
    assert template.filled(Data({"wall_s()": value})) == f"a {text} b"


def test_a_regular_expression_may_hold_what_separates_the_unit() -> None:
    template = read_template('{leaf("a|b")|percent}', vocabulary({}))
    assert template.filled(Data({"leaf(a|b)": 0.5})) == "50 %"
