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
from assay.report.page.elements import Markup, element


def render(view: View) -> str:
    """The page."""
    body = element(
        "main",
        sections.header(view),
        sections.targets(view),
        sections.comparison(view),
        causes(view.diagnosis),
        sections.times(view),
        sections.stories(view),
        sections.figures(view),
        sections.place(view),
        sections.runs(view),
        sections.closing(view),
        element("footer", f"Made by Assay {view.assay}. This file loads nothing and sends nothing."),
    )
    return f"<!DOCTYPE html>\n{element('html', _head(view), element('body', body), lang='en')}\n"


def _head(view: View) -> Markup:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{view.title} – Assay"),
        element("style", Markup(style)),
    )


@cache
def _style() -> str:
    return resources.files("assay.report.page").joinpath("style.css").read_text(encoding="utf-8")


PLUGIN = Format(name="html", suffixes=(".html", ".htm"), media_type="text/html", render=render)
