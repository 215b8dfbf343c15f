from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from assay.report import View, render
from tests.report.profiles import two_threads
from tests.report.views import HOSTILE, compared_view, diagnosed_view, hostile_view

VOID = {"meta", "br", "hr", "input"}
ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "section", "footer", "h1", "h2", "h3", "p"),
    *(
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "div",
        "span",
        "b",
        "i",
        "code",
        "pre",
    ),
    *("br", "small", "details", "summary", "article", "title", "svg", "line", "text", "circle", "rect", "polyline"),
}


class Page(HTMLParser):
    """The tags of a page, checked for balance."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        # an SVG title closes like any other element
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("view", [compared_view(), hostile_view()], ids=["compared", "hostile"])
def test_the_page_is_balanced_and_uses_harmless_elements_only(view: View) -> None:
    page = Page(render(view, "html"))
    assert page.open == []
    assert {tag for tag, _ in page.tags} <= ALLOWED
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "href", "srcset"}]


@pytest.mark.parametrize("view", [compared_view(), hostile_view()], ids=["compared", "hostile"])
def test_nothing_is_loaded_from_anywhere(view: View) -> None:
    text = render(view, "html")
    # text between tags and what is read aloud are words, wherever they seem to lead
    words = r'>[^<]*<| aria-label="[^"]*"'
    markup = re.sub(words, "><", text[text.index("</style>") :])
    assert not re.search(r"(?i)https?:|//|data:|javascript:", markup)
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"(?i)url\(|@import|https?:", style)


def test_the_policy_forbids_everything_but_the_style_that_is_there() -> None:
    text = render(compared_view(), "html")
    (policy,) = [
        attrs["content"] for tag, attrs in Page(text).tags if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    style = text[text.index("<style>") + len("<style>") : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_names_are_read_as_text() -> None:
    page = Page(render(hostile_view(), "html"))
    shown = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    assert shown in "".join(page.text)
    assert not [tag for tag, _ in page.tags if tag == "script"]


def test_the_figures_carry_unit_and_origin() -> None:
    text = "".join(Page(render(compared_view(labels={"A": "old", "B": "new"}), "html")).text)
    for words in ("wall_s", "2.02 s", "1.01 s", "measured by launcher:CLOCK_MONOTONIC", "new is faster than old"):
        assert words in text


def test_pictures_show_every_run_and_every_part() -> None:
    tags = [(tag, attrs.get("class")) for tag, attrs in Page(render(compared_view(), "html")).tags]
    assert tags.count(("circle", "side0")) == tags.count(("circle", "side1")) == 8
    assert [tags.count(("rect", part)) for part in ("user", "system", "waiting")] == [2, 2, 2]
    assert tags.count(("polyline", "side0")) == tags.count(("polyline", "side1")) == 1


def test_a_page_with_pictures_allows_its_one_script_and_nothing_else() -> None:
    text = render(diagnosed_view(), "html", two_threads())
    page = Page(text)
    assert page.open == []
    (policy,) = [attrs["content"] for _, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    code = text[text.index('<script type="module">') + len('<script type="module">') : text.index("</script>")]
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith(f"; base-uri 'none'; form-action 'none'; script-src 'sha256-{digest}'")
    assert [tag for tag, _ in page.tags].count("script") == 1
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not [name for name in attributes if name.startswith("on") or name in {"style", "src", "href", "srcset"}]


def test_names_in_pictures_are_as_harmless_as_elsewhere() -> None:
    text = render(hostile_view(), "html", two_threads(f"/{HOSTILE}</script></template>.py"))
    assert [tag for tag, _ in Page(text).tags].count("script") == 1
    assert "\x1b" not in text
    assert "\u202e" not in text
