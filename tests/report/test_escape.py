from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.record.words.escape import plain
from assay.report.escape import for_html, for_markdown, markdown_block, markdown_code


@given(st.text())
def test_html_text_holds_no_markup_and_reads_back(text: str) -> None:
    shown = for_html(text)
    assert not set('<>"') & set(shown)
    assert "'" not in shown
    assert all(plain(line) == line for line in html.unescape(shown).split("\n"))


@given(st.text(alphabet="`|ab \n"))
def test_a_code_span_can_not_be_ended_from_inside(text: str) -> None:
    span = markdown_code(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    inner = span[len(fence) : -len(fence)]
    assert fence not in inner
    assert "\n" not in span


@given(st.text(alphabet="`~ab\n"))
def test_a_block_can_not_be_ended_from_inside(text: str) -> None:
    first, *inner, last = markdown_block(text).split("\n")
    assert first == last
    assert first not in "\n".join(inner)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>", "\\<script\\>"),
        ("*a* _b_ [c](d)", "\\*a\\* \\_b\\_ \\[c\\](d)"),
        ("a|b", "a\\|b"),
        ("http://e.x", "http\\://e.x"),
        ("# no heading", "\\# no heading"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("12) no list", "12\\) no list"),
        ("12.3 ms", "12.3 ms"),
        ("2.02 s", "2.02 s"),
        ("a\nb\x1b[31m", "a\\\\nb\\\\x1b\\[31m"),
    ],
)
def test_markdown_text_is_text(text: str, shown: str) -> None:
    assert for_markdown(text) == shown
