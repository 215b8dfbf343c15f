"""What a reader must know about a measurement, judged from what was measured."""

from __future__ import annotations

from assay.measure.target.watch import Watched
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag

SHORTEST_S = 0.1
"""Below this, starting a process and the clock's neighbours weigh more than the program."""


def flags_of(wall_s: float, watched: Watched) -> tuple[QualityFlag, ...]:
    """The launcher's own flags, worst first."""
    found: list[QualityFlag] = []
    if wall_s < SHORTEST_S:
        message = f"The run took {wall_s * 1e3:.0f} ms: starting the process weighs heavily in its numbers."
        evidence = (Evidence(name="wall_s", value=wall_s, unit="s"),)
        found.append(QualityFlag(id="too_short", severity=Severity.WARNING, message=message, evidence=evidence))
    if watched.suspended_ns:
        suspended_s = watched.suspended_ns / 1e9
        message = f"The terminal had suspended the run for {suspended_s:.1f} s, which its wall time includes."
        evidence = (Evidence(name="time suspended", value=suspended_s, unit="s"),)
        found.append(QualityFlag(id="suspended", severity=Severity.WARNING, message=message, evidence=evidence))
    if watched.outlived:
        message = "Processes that the target started outlived it, as daemons do; what they did then was not measured."
        evidence = (Evidence(name="processes that outlived the target", value=float(watched.outlived)),)
        found.append(
            QualityFlag(id="processes_outlived", severity=Severity.WARNING, message=message, evidence=evidence)
        )
    if watched.output_cut:
        message = "A process that outlived the target still held its output open; the logs end early."
        found.append(QualityFlag(id="output_cut", severity=Severity.WARNING, message=message))
    return tuple(found)


def not_attached(collector: str, obstacle: str) -> QualityFlag:
    """The flag for a collector that was asked for and can't run here."""
    message = f"The collector {collector!r} was not attached: {obstacle}."
    return QualityFlag(id=f"not_attached_{collector}", severity=Severity.INFO, message=message)
