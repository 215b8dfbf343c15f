"""The forest plot as a picture that stands alone, light and dark."""

from __future__ import annotations

from assay.record.documents.comparison import Comparison
from assay.report.comparison.forest import forest
from assay.report.comparison.format import ComparisonFormat
from assay.report.comparison.rows import telling_lines
from assay.report.page.elements import element

_MOST = 40
_STYLE = """
.forest { --text: #1d1f23; --quiet: #5d636d; --band: #eceae4; --good: #17633b; --bad: #a32020; background: #fbfaf8;
font: 13px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .forest { --text: #e7e6e2; --quiet: #a2a7b0; --band: #2b2f36; --good: #7bd6a0;
--bad: #ff9a92; background: #16181c; } }
.name, .number { fill: var(--text); } .tick, .number.open { fill: var(--quiet); } .total, .common { font-weight: 600; }
.zero, .axis { stroke: var(--quiet); stroke-width: 1; } .margin { fill: var(--band); }
.interval { stroke: var(--quiet); stroke-width: 3; } .wide { stroke: var(--quiet); stroke-width: 1; }
.point { fill: var(--quiet); } .good { stroke: var(--good); } .bad { stroke: var(--bad); }
.point.good, .number.good { fill: var(--good); stroke: none; }
.point.bad, .number.bad { fill: var(--bad); stroke: none; }
"""


def render(made: Comparison) -> str:
    """The picture; where nothing was judged it holds the sentence that says why."""
    drawn = forest(made, telling_lines(made, _MOST), _STYLE, "900")
    if not drawn:
        text = element("text", made.headline, x="10", y="24", fill="#5d636d", font_family="system-ui, sans-serif")
        drawn = element("svg", text, xmlns="http://www.w3.org/2000/svg", width="900", height="40", role="img")
    return f"{drawn}\n"


PLUGIN = ComparisonFormat(name="svg", suffixes=(".svg",), media_type="image/svg+xml", render=render)
