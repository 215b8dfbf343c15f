"""Results of an older LLM efficiency tool (format 2) as run records: what it says, nothing more, nothing else."""

from __future__ import annotations

from assay.record.migration.runs import migrate_v2

__all__ = ["migrate_v2"]
