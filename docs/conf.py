"""Sphinx configuration: MyST pages, the furo theme, reference pages generated from the code."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_extensions")]

project = "Assay"
author = "The Assay authors"
project_copyright = "2026, the Assay authors"
release = "0.1.0"

extensions = ["myst_parser", "sphinx.ext.autodoc", "assay_reference"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "Assay"
html_static_path: list[str] = []
html_theme_options = {"navigation_with_keys": True}
