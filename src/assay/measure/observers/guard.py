"""An observer that fails is left out from then on; the run it watched goes on, and says so."""

from __future__ import annotations

import subprocess

import msgspec

from assay.errors import AssayError
from assay.observe.collector import Description, Ended, Observation, Observer, SeesLives
from assay.record.base import Missing, one_line
from assay.record.diagnosis.life import Life
from assay.record.enums import Severity
from assay.record.rows import Metric, QualityFlag

FAULTS = (
    *(AssayError, OSError, subprocess.SubprocessError, msgspec.MsgspecError),
    *(ArithmeticError, LookupError, TypeError, ValueError),
)
"""What a plug-in may raise; a mistake in one of them must not cost the measurement."""


class Guarded:
    """One observer, called until it fails."""

    def __init__(self, description: Description, observer: Observer) -> None:
        self._description = description
        self._observer = observer
        self._fault = ""

    def look(self, now_ns: int) -> int | None:
        """Let it look; how long it need not look again, if it says so."""
        if not self._fault:
            try:
                return self._observer.look(now_ns)
            except FAULTS as fault:
                self._note(fault)
        return None

    def seen(self, life: Life) -> None:
        """Tell it of a process, if it wants to know."""
        if not self._fault and isinstance(self._observer, SeesLives):
            try:
                self._observer.seen(life)
            except FAULTS as fault:
                self._note(fault)

    def finish(self, ended: Ended) -> Observation:
        """What it saw; it is asked even after it failed, since it may have tools to end, but not believed then."""
        try:
            observation = self._observer.finish(ended)
        except FAULTS as fault:
            self._note(fault)
        return failure(self._description, self._fault) if self._fault else observation

    def _note(self, fault: BaseException) -> None:
        self._fault = self._fault or one_line(f"{type(fault).__name__}: {fault}")


def failure(description: Description, fault: str) -> Observation:
    """What a collector that failed gives: its metrics as gaps, and a flag."""
    name = description.name
    flag = QualityFlag(
        id=f"collector_failed_{name}",
        severity=Severity.WARNING,
        message=f"The collector {name!r} failed and was left out: {fault}",
    )
    missing = Missing(reason=one_line(f"{name}: {fault}"))
    return Observation(
        metrics=tuple(Metric(name=metric, value=missing) for metric in description.metrics), quality=(flag,)
    )
