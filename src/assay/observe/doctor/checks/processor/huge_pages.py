"""Whether large arrays can lie on large pages."""

from __future__ import annotations

from assay.observe.doctor.advice import on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_LOST = "speed of large arrays: small pages cost more address translations, and more so under virtualisation"
_ALLOW = "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled"


def _look(surroundings: Surroundings) -> Finding:
    memory = surroundings.environment.memory
    mode = memory.transparent_huge_pages
    if mode is None:
        reason = surroundings.why("/memory/transparent_huge_pages")
        enable = "use a kernel with CONFIG_TRANSPARENT_HUGEPAGE, and mount /sys: mount -t sysfs sysfs /sys"
        return missing("nothing", Fault(reason=reason, lost=_LOST, enable=enable))
    found = f"transparent huge pages: {mode}; reserved: {memory.huge_pages_total or 0}"
    if mode in {"always", "madvise"}:
        return ok(found)
    reason = f"transparent huge pages are set to {mode}"
    return degraded(found, Fault(reason=reason, lost=_LOST, enable=on_host(surroundings, _ALLOW)))


PLUGIN = Inspection("Huge pages", _look)
