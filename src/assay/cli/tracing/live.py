"""Steps of an inference on the terminal while it runs: a line of at most ten a second, on standard error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from assay.cli.terminal.console import Console
from assay.record.trace.lines import REQUEST
from assay.record.words.numbers import number_text

if TYPE_CHECKING:
    import pyarrow as pa


class LiveSteps:
    """Adds up what was stamped since the line before."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, batch: pa.RecordBatch) -> None:
        """Say what these steps took together, and how far the answer is."""
        times: Counter[str] = Counter()
        columns = {name: batch.column(name).to_pylist() for name in ("step", "op", "phase", "token", "wall_ns")}
        token, phase = None, ""
        for step, op, of, place, wall_ns in zip(*columns.values(), strict=True):
            if step == REQUEST:
                continue
            times[step if op is None else f"{step}.{op}"] += wall_ns
            token, phase = (place, of) if place is not None else (token, phase)
        if times:
            steps = "  ".join(f"{step} {number_text(wall_ns / 1e9, 's')}" for step, wall_ns in times.most_common(8))
            where = "" if token is None else f"{phase}, to token {token}: "
            self._console.note(where + steps)
