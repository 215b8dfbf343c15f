"""One tree of all stacks of a run: Python frames, the native functions below them, and programs without Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assay.analyze.evidence.frames import FrameTree
from assay.analyze.evidence.gather import Evidence
from assay.analyze.evidence.native import NativeSamples
from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.words import CLOCK_WORDS
from assay.report.profile.programs import program_name, program_names
from assay.report.profile.tables import Stacks

_INTERPRETER = re.compile(r"^(_PyEval_|PyEval_|_PyFunction_|_PyObject_|PyObject_(Vectorcall|Call)|\[?0x)")
"""Native functions that run Python code itself: their time stays with the Python frame."""


@dataclass(frozen=True, kw_only=True)
class Forest:
    """The tree, and where the frames of each program are in it."""

    stacks: Stacks
    rows: dict[str, NDArray[np.int64]]
    """By program: for each frame of the frames table its row, -1 where it has none."""
    programs: dict[int, str]
    """Program by process."""


@dataclass
class _Growing:
    """The tree while it is made."""

    parent: list[int] = field(default_factory=list)
    function: list[str] = field(default_factory=list)
    file: list[str] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    seconds: list[NDArray[np.float64]] = field(default_factory=list)
    known: dict[tuple[int, str, str, int], int] = field(default_factory=dict)

    def row(self, parent: int, function: str, file: str = "", line: int = 0) -> int:
        """The row of that frame below that one; made where there was none."""
        key = (parent, function, file, line)
        if key not in self.known:
            self.known[key] = len(self.parent)
            for column, value in zip((self.parent, self.function, self.file, self.line), key, strict=True):
                column.append(value)  # type: ignore[attr-defined]
            self.seconds.append(np.zeros(len(CLOCKS)))
        return self.known[key]

    def table(self) -> Stacks:
        """The finished tree."""
        seconds = np.array(self.seconds) if self.seconds else np.zeros((0, len(CLOCKS)))
        return Stacks(
            parent=tuple(self.parent),
            function=tuple(self.function),
            file=tuple(self.file),
            line=tuple(self.line),
            seconds=seconds,
        )


def stacks_of(evidence: Evidence) -> Forest:
    """The tree of all stacks, each frame with the time that was spent in it and in nothing below."""
    growing, programs = _Growing(), program_names(evidence)
    rows = _python(evidence, growing, programs)
    _alone(evidence, growing, programs)
    return Forest(stacks=growing.table(), rows=rows, programs=programs)


def _python(evidence: Evidence, growing: _Growing, programs: dict[int, str]) -> dict[str, NDArray[np.int64]]:
    samples, frames = evidence.samples, evidence.frames
    if samples is None or frames is None or not len(samples):
        return {}
    pids, which = np.unique(samples.pid, return_inverse=True)
    names = [program_name(programs, int(pid)) for pid in pids]
    rows: dict[str, NDArray[np.int64]] = {}
    for name in sorted(set(names)):
        chosen = np.isin(which, [number for number, one in enumerate(names) if one == name])
        spent = per_frame(samples.node[chosen], samples.seconds[chosen], len(frames))
        rows[name] = _plant(growing, frames, name, spent)
    _native_leaves(evidence.native, samples.node, [rows[names[one]] for one in which], growing)
    return rows


def per_frame(nodes: NDArray[np.int32], seconds: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    """Seconds by frame and clock."""
    columns = [np.bincount(nodes, seconds[:, clock], count) for clock in range(seconds.shape[1])]
    return np.stack(columns, axis=1)


def _plant(growing: _Growing, frames: FrameTree, program: str, spent: NDArray[np.float64]) -> NDArray[np.int64]:
    """Frames of one program that lie on a stack, in the tree; returns the row of each."""
    needed = spent.sum(axis=1) > 0
    for node in range(len(needed) - 1, -1, -1):
        if needed[node] and frames.parent[node] >= 0:
            needed[frames.parent[node]] = True
    root = growing.row(-1, program)
    rows = np.full(len(needed), -1, dtype=np.int64)
    for node in np.flatnonzero(needed).tolist():
        above = int(frames.parent[node])
        parent = int(rows[above]) if above >= 0 else root
        rows[node] = growing.row(parent, frames.function(node), frames.file(node), int(frames.line[node]))
        growing.seconds[int(rows[node])] += spent[node]
    return rows


def _native_leaves(
    native: NativeSamples | None, nodes: NDArray[np.int32], rows: Sequence[NDArray[np.int64]], growing: _Growing
) -> None:
    """Share the processor time of each Python frame among the native functions that were seen below it."""
    if native is None:
        return
    counts: dict[int, dict[tuple[str, str], int]] = {}
    for number in np.flatnonzero(native.python >= 0).tolist():
        sample = int(native.python[number])
        symbols = counts.setdefault(int(rows[sample][nodes[sample]]), {})
        key = (native.symbol(number), native.library(number))
        symbols[key] = symbols.get(key, 0) + 1
    for row, symbols in counts.items():
        busy, total = float(growing.seconds[row][INDEX[Clock.CPU]]), sum(symbols.values())
        for (symbol, library), count in symbols.items():
            if not _INTERPRETER.match(symbol):
                leaf = growing.row(row, symbol, library)
                growing.seconds[leaf][INDEX[Clock.CPU]] += busy * count / total
                growing.seconds[row][INDEX[Clock.CPU]] -= busy * count / total


def _alone(evidence: Evidence, growing: _Growing, programs: dict[int, str]) -> None:
    """Programs in which no Python stack was seen: native stacks while they compute, and what they wait for."""
    seen = set() if evidence.samples is None else set(np.unique(evidence.samples.pid).tolist())
    spent: dict[int, NDArray[np.float64]] = {}
    for (pid, _), clocks in evidence.clocks.items():
        if pid not in seen:
            spent[pid] = spent.get(pid, np.zeros(len(CLOCKS))) + clocks.seconds
    for pid in sorted(spent):
        root = growing.row(-1, program_name(programs, pid))
        for clock, seconds in zip(CLOCKS, spent[pid].tolist(), strict=True):
            if clock is not Clock.CPU and seconds > 0:
                growing.seconds[growing.row(root, f"({CLOCK_WORDS[clock]})")][INDEX[clock]] += seconds
        _native_stacks(evidence.native, pid, float(spent[pid][INDEX[Clock.CPU]]), root, growing)


def _native_stacks(native: NativeSamples | None, pid: int, busy_s: float, root: int, growing: _Growing) -> None:
    sampled = [] if native is None else np.flatnonzero(native.table["pid"] == pid).tolist()
    if native is None or not sampled:
        growing.seconds[growing.row(root, "(computing)")][INDEX[Clock.CPU]] += busy_s
        return
    for number in sampled:
        row = root
        callers = native.table.text("callers", number)
        for caller in reversed(callers.split(";") if callers else []):
            row = growing.row(row, caller)
        row = growing.row(row, native.symbol(number), native.library(number))
        growing.seconds[row][INDEX[Clock.CPU]] += busy_s / len(sampled)
