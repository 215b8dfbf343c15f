"""A trace's report as one HTML file that needs nothing else."""

from __future__ import annotations

from assay import __version__
from assay.record.documents.inference.trace import TraceReport
from assay.report.page.elements import Markup, element, folded, section, table
from assay.report.page.frame import page
from assay.report.tracing.rows import HEADINGS, facts, step_rows, uncovered_row, verdict


def render(report: TraceReport) -> str:
    """The page."""
    title = report.model or report.file
    lead = [element("p", line, class_="result") for line in verdict(report)]
    outliers = [element("li", outlier.text) for outlier in report.outliers]
    remarks = [element("li", remark) for remark in report.remarks]
    layers = folded(f"All {len(report.layers)} lines", table(HEADINGS, step_rows(report.layers), class_="numbers"))
    return page(
        title,
        element("header", element("h1", title), *lead),
        section(
            "Where the time went",
            table(HEADINGS, [*step_rows(report.steps), uncovered_row(report)], class_="numbers"),
            element("p", "Shares are of the time of all requests; percentiles need 100 calls.", class_="note"),
        ),
        section("Layers and tokens that stand out", element("ul", *outliers)) if outliers else Markup(),
        section("Numbers", table(("fact", "value"), facts(report))),
        section("Every layer", layers) if report.layers else Markup(),
        section("About the file", element("ul", *remarks)) if remarks else Markup(),
        assay=__version__,
    )
