"""The frame of a page: a head whose policy lets nothing in from outside, and the footer that says so."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from assay import __version__
from assay.report.page.elements import Markup, element


def page(title: str, *parts: Markup, code: str = "", assay: str = __version__) -> str:
    """The whole file; ``code`` is a script of our own that its policy names."""
    footer = element("footer", f"Made by Assay {assay}. This file loads nothing and sends nothing.")
    started = element("script", Markup(code), type="module") if code else Markup()
    body = element("body", element("main", *parts, footer), started)
    return f"<!DOCTYPE html>\n{element('html', _head(title, code), body, lang='en')}\n"


def _head(title: str, code: str) -> Markup:
    style = _style()
    policy = f"default-src 'none'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    if code:
        policy += f"; script-src '{_digest(code)}'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} – Assay"),
        element("style", Markup(style)),
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _style() -> str:
    return resources.files("assay.report.page").joinpath("style.css").read_text(encoding="utf-8")
