"""Reports: runs become a view, a view becomes text; both steps are pure."""

from __future__ import annotations

from assay.record.documents.report import Curve, Fact, Story, View
from assay.report.assemble import Framing, view_of
from assay.report.format import FORMATS, Format, format_for, render

__all__ = ["FORMATS", "Curve", "Fact", "Format", "Framing", "Story", "View", "format_for", "render", "view_of"]
