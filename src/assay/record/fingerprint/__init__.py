"""Who a run is like: exact hashes, a statistical signature, and what differs between two runs."""

from __future__ import annotations

from assay.record.fingerprint.difference import Difference, diff
from assay.record.fingerprint.exact import fingerprint, same_configuration, same_machine, same_workload
from assay.record.fingerprint.groups import Group, group_of
from assay.record.fingerprint.signature import distance, signatures

__all__ = [
    "Difference",
    "Group",
    "diff",
    "distance",
    "fingerprint",
    "group_of",
    "same_configuration",
    "same_machine",
    "same_workload",
    "signatures",
]
