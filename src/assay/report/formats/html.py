"""One HTML file that needs nothing else: no script, no font, no picture from outside, by its own policy."""

from __future__ import annotations

from assay.record.documents.report import View
from assay.report.format import Format
from assay.report.page import sections
from assay.report.page.causes import causes
from assay.report.page.drawn import pictures
from assay.report.page.elements import Markup, joined
from assay.report.page.frame import page
from assay.report.page.heat import heat_map
from assay.report.page.script import script
from assay.report.profile import Profile
from assay.report.rooflines.picture import roofs


def render(view: View) -> str:
    """The page."""
    return _page(view, "", Markup())


def illustrate(view: View, profile: Profile) -> str:
    """The page with pictures of the run, and the script that draws them."""
    return _page(view, script(), joined((pictures(profile), heat_map(profile.heat))))


def _page(view: View, code: str, drawn: Markup) -> str:
    return page(
        view.title,
        sections.header(view),
        sections.targets(view),
        sections.comparison(view),
        causes(view.diagnosis),
        drawn,
        roofs(view),
        sections.times(view),
        sections.stories(view),
        sections.figures(view),
        sections.place(view),
        sections.runs(view),
        sections.remarks(view),
        sections.closing(view),
        code=code,
        assay=view.assay,
    )


PLUGIN = Format(name="html", suffixes=(".html", ".htm"), media_type="text/html", render=render, illustrate=illustrate)
