"""One HTML file that needs nothing else: no script, no font, no picture from outside, by its own policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from assay.record.documents.report import View
from assay.report.format import Format
from assay.report.page import sections
from assay.report.page.causes import causes
from assay.report.page.drawn import pictures
from assay.report.page.elements import Markup, element, joined
from assay.report.page.heat import heat_map
from assay.report.page.script import script
from assay.report.profile import Profile


def render(view: View) -> str:
    """The page."""
    return _page(view, "", Markup())


def illustrate(view: View, profile: Profile) -> str:
    """The page with pictures of the run, and the script that draws them."""
    return _page(view, script(), joined((pictures(profile), heat_map(profile.heat))))


def _page(view: View, code: str, drawn: Markup) -> str:
    main = element(
        "main",
        sections.header(view),
        sections.targets(view),
        sections.comparison(view),
        causes(view.diagnosis),
        drawn,
        sections.times(view),
        sections.stories(view),
        sections.figures(view),
        sections.place(view),
        sections.runs(view),
        sections.closing(view),
        element("footer", f"Made by Assay {view.assay}. This file loads nothing and sends nothing."),
    )
    started = element("script", Markup(code), type="module") if code else Markup()
    body = element("body", main, started)
    return f"<!DOCTYPE html>\n{element('html', _head(view, code), body, lang='en')}\n"


def _head(view: View, code: str) -> Markup:
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
        element("title", f"{view.title} – Assay"),
        element("style", Markup(style)),
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _style() -> str:
    return resources.files("assay.report.page").joinpath("style.css").read_text(encoding="utf-8")


PLUGIN = Format(name="html", suffixes=(".html", ".htm"), media_type="text/html", render=render, illustrate=illustrate)
