"""What this machine can do at most: arithmetic by type, traffic by memory level, and the cost of a launch.

Measured once and kept per machine in ``$XDG_CACHE_HOME/assay``; every share of a peak that is stated anywhere refers to
these numbers.
"""

from __future__ import annotations

from assay.vgpu.ceilings.types import Bandwidth, Ceilings, Peak


def ceilings(*, measure: bool = False) -> Ceilings:
    """The ceilings of this machine: those kept from an earlier time, or measured now (two seconds).

    ``measure`` measures in any case. Raises ``RuntimeError`` where there is no native core.
    """
    # What reads, measures and writes takes a third of the time that `import assay.vgpu` does, and few ask for it.
    from assay.vgpu.ceilings.kept import cache_path, keep, kept
    from assay.vgpu.ceilings.measuring import measure_ceilings

    path = cache_path()
    found = None if measure else kept(path)
    if found is not None:
        return found
    found = measure_ceilings()
    keep(path, found)
    return found


__all__ = ["Bandwidth", "Ceilings", "Peak", "ceilings"]
