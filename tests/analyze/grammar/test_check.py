from __future__ import annotations

import pytest

from assay.analyze.grammar import GrammarError, Kind, check, parse
from tests.analyze.grammar.makers import VOCABULARY


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("share(cpu) > 0.3 and not is_loop", Kind.TRUTH),
        ("share(cpu) * 2 - hot", Kind.NUMBER),
        ("source(loop) or leaf('x|y') >= 1", Kind.TRUTH),
        ("quantile(100 - 5)", Kind.NUMBER),
        ("share(cpu) else 0", Kind.NUMBER),
        ("source(loop) else is_loop", Kind.TRUTH),
    ],
)
def test_an_expression_has_a_kind(text: str, kind: Kind) -> None:
    assert check(parse(text), VOCABULARY) is kind


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 + sharee(cpu)", 4, "did you mean 'share'"),
        ("share(cqu)", 6, "no clock 'cqu'; did you mean 'cpu'"),
        ("mean(rss)", 5, "no metric 'rss'"),
        ("source(lop)", 7, "did you mean 'loop'"),
        ("hott > 1", 0, "did you mean 'hot'"),
        ("share > 1", 0, r"write share\(…\)"),
        ("share(cpu, gil)", 0, "takes clock: 2 given"),
        ("calls(1)", 0, "takes nothing: 1 given"),
        ("leaf('(')", 5, "can't be read"),
        ("leaf(cpu)", 5, "in quotes"),
        ("share('cpu')", 6, "bare word"),
        ("share(cpu) and is_loop", 0, "'and' takes a yes or no, this is a number"),
        ("not hot", 4, "'not' takes a yes or no"),
        ("is_loop + 1", 0, "takes a number, this is a yes or no"),
        ("share(cpu) else is_loop", 16, "'else' here takes, as on its left, a number"),
        ("'x' == 1", 0, "a text is no value"),
        ("quantile(hot)", 9, "the same for all data"),
    ],
)
def test_what_makes_no_sense_is_found_before_any_data(text: str, column: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        check(parse(text), VOCABULARY)
    assert caught.value.column == column
