"""Every check, one after the other; a check that fails is reported as a fault of its own, and stops no other."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, missing
from assay.observe.doctor.surroundings import Surroundings
from assay.plugins import Folder
from assay.record.checks import Check

GROUPS = ("timing", "counters", "energy", "processor", "containers", "noise", "software")
"""Folders of checks, in the order in which they are shown."""


def examine(surroundings: Surroundings | None = None) -> tuple[Check, ...]:
    """What this machine can measure, by group."""
    seen = surroundings or Surroundings()
    return tuple(
        _checked(name, group, inspection, seen)
        for group in GROUPS
        for name, inspection in folder_of(group).load_all().items()
    )


def folder_of(group: str) -> Folder:
    """The checks of one group: one module is one check, its ``PLUGIN`` is an ``Inspection``."""
    return Folder(f"assay.observe.doctor.checks.{group}")


def _checked(name: str, group: str, inspection: Inspection, surroundings: Surroundings) -> Check:
    finding = look(inspection, surroundings)
    return Check(
        id=name,
        group=group,
        title=inspection.title,
        state=finding.state,
        found=finding.found,
        reason=finding.reason,
        lost=finding.lost,
        enable=finding.enable,
    )


def look(inspection: Inspection, surroundings: Surroundings) -> Finding:
    """What the check finds, or that it could not look."""
    try:
        return inspection.look(surroundings)
    except Exception as error:  # noqa: BLE001  a strange machine must not hide what the other checks find
        reason = f"the check itself failed: {type(error).__name__}: {error}"
        lost = "whether this can be measured here is not known"
        return missing(
            "nothing", Fault(reason=reason, lost=lost, enable="report it, with the output of: assay doctor --json")
        )
