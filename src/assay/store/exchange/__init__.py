"""Runs that leave a store or come from elsewhere: checked as a stranger's, exported, imported, migrated."""

from __future__ import annotations

from assay.store.exchange.exporting import FORMATS, export
from assay.store.exchange.importing import Imported, import_run
from assay.store.exchange.migrating import migrate, migrated
from assay.store.exchange.report import ValidationReport
from assay.store.exchange.validation import validate

__all__ = ["FORMATS", "Imported", "ValidationReport", "export", "import_run", "migrate", "migrated", "validate"]
