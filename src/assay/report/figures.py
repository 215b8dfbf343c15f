"""Metrics of many runs brought together: medians, spreads, origins, and where the time went."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from assay.record.base import Derived, Estimated, Measured, Missing, Quantity
from assay.record.documents.report import Figure, Split, Summary
from assay.record.enums import Phase
from assay.record.metrics import DEFINITIONS, MetricDefinition
from assay.record.run import Run

NOT_RECORDED = Missing(reason="no collector of these runs gives it")
MIXED = "mixed"


def quantity_of(run: Run, name: str, device: str | None = None, phase: Phase = Phase.NONE) -> Quantity:
    """A metric of the run: of the whole of it, or of one device or phase."""
    for metric in run.metrics:
        if (metric.name, metric.device, metric.phase) == (name, device, phase):
            return metric.value
    return NOT_RECORDED


def figures_of(sides: Sequence[Sequence[Run]]) -> tuple[Figure, ...]:
    """Every registered metric that any run names, in the order of the registry, then by device and phase."""
    named: dict[str, set[tuple[str | None, Phase]]] = {}
    for metric in (metric for runs in sides for run in runs for metric in run.metrics):
        named.setdefault(metric.name, set()).add((metric.device, metric.phase))
    return tuple(
        _figure(definition, device, phase, sides)
        for definition in DEFINITIONS
        for device, phase in sorted(named.get(definition.name, ()), key=lambda place: (place[0] or "", place[1]))
    )


def summarise(quantities: Sequence[Quantity]) -> Summary:
    """Median and range; numbers of unlike origin are never called by one of them."""
    known = [quantity for quantity in quantities if not isinstance(quantity, Missing)]
    if not known:
        reasons = [quantity.reason for quantity in quantities if isinstance(quantity, Missing)]
        reason = reasons[0] if reasons else "there is no run"
        return Summary(count=0, median=None, low=None, high=None, origin="missing", source="", reason=reason)
    values = [quantity.value for quantity in known]
    origins = {origin_of(quantity) for quantity in known}
    return Summary(
        count=len(known),
        median=median(values),
        low=min(values),
        high=max(values),
        origin=origins.pop() if len(origins) == 1 else MIXED,
        source=" or ".join(sorted({source_of(quantity) for quantity in known})),
    )


def origin_of(quantity: Quantity) -> str:
    """The origin's name as the record writes it."""
    return str(type(quantity).__struct_config__.tag)


def source_of(quantity: Quantity) -> str:
    """What stands behind a number."""
    if isinstance(quantity, Measured):
        return quantity.by
    if isinstance(quantity, Derived):
        return ", ".join(quantity.sources)
    return quantity.model if isinstance(quantity, Estimated) else ""


def split_of(runs: Sequence[Run]) -> tuple[Split | None, str]:
    """Where the wall time of these runs went, or why that can't be said."""
    shares = [_split(run) for run in runs]
    known = [share for share in shares if share is not None]
    if not known:
        return None, "wall time and CPU time were not both measured"
    if any(share.waiting_s < 0.0 for share in known):
        return None, "several processors worked at once, so that CPU time does not add up to wall time"
    # the run in the middle, not medians of each part, so that the parts add up
    return sorted(known, key=lambda share: share.wall_s)[(len(known) - 1) // 2], ""


def _split(run: Run) -> Split | None:
    wall, user, system = (quantity_of(run, name).value for name in ("wall_s", "cpu_user_s", "cpu_system_s"))
    if wall is None or user is None or system is None:
        return None
    waiting_s = wall - user - system
    # both clocks are read a moment apart: a hundredth below zero is no second processor
    waiting_s = 0.0 if -0.01 * wall <= waiting_s < 0.0 else waiting_s
    return Split(user_s=user, system_s=system, waiting_s=waiting_s, wall_s=wall)


def _figure(definition: MetricDefinition, device: str | None, phase: Phase, sides: Sequence[Sequence[Run]]) -> Figure:
    return Figure(
        name=definition.name,
        device=device,
        phase=phase,
        unit=definition.unit,
        meaning=definition.meaning,
        sides=tuple(summarise([quantity_of(run, definition.name, device, phase) for run in runs]) for runs in sides),
    )
