"""HTML and SVG elements from values: text is escaped by its type, so that no caller can forget it."""

from __future__ import annotations

from collections.abc import Iterable

from assay.report.escape import for_html

_VOID = frozenset({"meta", "br", "hr", "input"})


class Markup(str):
    """Text that is markup already; whatever else is a ``str`` gets escaped."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | float | None) -> Markup:
    """One element; ``class_`` is ``class``, ``_`` in attribute names is ``-``, None leaves an attribute out."""
    shown = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{for_html(_number(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{shown}>")
    return Markup(f"<{tag}{shown}>{joined(children)}</{tag}>")


def joined(children: Iterable[str]) -> Markup:
    """The children one after another, escaped where they are plain text."""
    return Markup("".join(child if isinstance(child, Markup) else for_html(child) for child in children))


def table(headings: Iterable[str], rows: Iterable[Iterable[str]], class_: str | None = None) -> Markup:
    """A table that scrolls sideways on narrow screens instead of widening the page."""
    head = element("tr", *(element("th", heading, scope="col") for heading in headings))
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    inner = element("table", element("thead", head), element("tbody", *body), class_=class_)
    return element("div", inner, class_="scroll")


def folded(summary: str, *children: str) -> Markup:
    """A part that is closed until it is asked for."""
    return element("details", element("summary", summary), *children)


def section(heading: str, *children: str) -> Markup:
    """A part of the page under a heading; nothing where it would be empty."""
    return element("section", element("h2", heading), *children) if any(children) else Markup()


def _number(value: str | float | None) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
