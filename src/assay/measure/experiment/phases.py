"""Energy of the phases inside a launch, where the command says when they began.

The command appends lines ``NANOSECONDS PHASE`` to the file that ASSAY_PHASES names, by the monotonic clock that all
processes of a machine share; a phase lasts until the next line, or the end. Parts share the value of the energy at the
moment between them, so that they sum to the whole.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from assay.observe.energy.account import Ledger
from assay.observe.energy.counter import Estimate
from assay.record.base import Derived, Missing
from assay.record.enums import Phase, Severity
from assay.record.rows import Evidence, Metric, QualityFlag

VARIABLE = "ASSAY_PHASES"
_FEWEST_PERIODS = 10
_MOST_MARKS = 1_000_000
_PHASES = {phase.value: phase for phase in Phase}


class Mark(NamedTuple):
    """The beginning of a phase."""

    at_ns: int
    phase: Phase


def marks_in(file: Path) -> tuple[Mark, ...]:
    """What a command wrote, in order of time; lines that say nothing are left out."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()[:_MOST_MARKS]
    except OSError:
        return ()
    words = (line.split() for line in lines)
    found = (Mark(int(each[0]), _PHASES[each[1]]) for each in words if _is_mark(each))
    return tuple(sorted(found, key=lambda mark: mark.at_ns))


def _is_mark(words: Sequence[str]) -> bool:
    return len(words) == 2 and words[0].isdecimal() and len(words[0]) < 19 and words[1] in _PHASES


class Part(NamedTuple):
    """A stretch of one phase."""

    phase: Phase
    start_ns: int
    end_ns: int


def parts_of(window: tuple[int, int], marks: Sequence[Mark]) -> list[Part]:
    """A launch cut into stretches; what comes before the first mark belongs to no phase."""
    start_ns, end_ns = window
    inside = [mark for mark in marks if start_ns <= mark.at_ns <= end_ns]
    every = [Mark(start_ns, Phase.NONE), *inside, Mark(end_ns, Phase.NONE)]
    cut = (Part(mark.phase, mark.at_ns, after.at_ns) for mark, after in itertools.pairwise(every))
    return [part for part in cut if part.end_ns > part.start_ns]


def phase_energies(
    ledger: Ledger, device: str, launches: Sequence[Sequence[Part]]
) -> tuple[tuple[Metric, ...], tuple[QualityFlag, ...]]:
    """Energy of a device in each phase over all launches, and what must be known of it."""
    parts = [part for launch in launches for part in launch]
    if not any(part.phase is not Phase.NONE for part in parts):
        return (), ()
    by_phase: Mapping[Phase, list[Part]] = _grouped(parts)
    metrics = [_metric(ledger, device, phase, own) for phase, own in by_phase.items() if phase is not Phase.NONE]
    return tuple(metrics), tuple(_short(ledger, device, by_phase))


def _grouped(parts: Sequence[Part]) -> Mapping[Phase, list[Part]]:
    groups: defaultdict[Phase, list[Part]] = defaultdict(list)
    for part in parts:
        groups[part.phase].append(part)
    return groups


def _metric(ledger: Ledger, device: str, phase: Phase, parts: Sequence[Part]) -> Metric:
    told = [ledger.counted(part.start_ns / 1e9, part.end_ns / 1e9) for part in parts]
    known = [energy for energy in told if isinstance(energy, Estimate)]
    if len(known) < len(told):
        reason = "phases are told apart by an energy counter, and there is none that could be read throughout"
        return Metric(name="energy_j", value=Missing(reason=reason), device=device, phase=phase)
    total = sum(energy.value for energy in known)
    half_width = float(np.linalg.norm([energy.half_width for energy in known]))
    value = Derived(
        value=total, sources=("samples", "phases"), low=max(0.0, total - half_width), high=total + half_width
    )
    return Metric(name="energy_j", value=value, device=device, phase=phase)


def _short(ledger: Ledger, device: str, by_phase: Mapping[Phase, Sequence[Part]]) -> Iterator[QualityFlag]:
    """A label for phases whose stretches do not reach ten periods of the counter."""
    period_s = ledger.period_s
    for phase, parts in by_phase.items():
        median_s = float(np.median([part.end_ns - part.start_ns for part in parts])) / 1e9
        if phase is Phase.NONE or period_s is None or median_s >= _FEWEST_PERIODS * period_s:
            continue
        message = (
            f"The energy of {device} in {phase.value} is interpolated: a stretch is shorter than ten of its periods."
        )
        evidence = (
            Evidence(name=f"median stretch of {phase.value}", value=median_s, unit="s"),
            Evidence(name="period of the counter", value=period_s, unit="s"),
        )
        yield QualityFlag(id="phase_energy_interpolated", severity=Severity.INFO, message=message, evidence=evidence)
