"""What tracing costs the engine: steps with a recording going on against steps without, in turns.

Run: ``python -m bench engine.tracing``. Each side is the median of some steps; the recording is into a file, which a
thread beside writes twice a second.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from assay.engine.options import EngineOptions, StepOf
from assay.engine.session import Engine, Sequence
from assay.record.enums import Phase
from assay.trace.recording.facts import Facts
from assay.trace.recording.recorder import record
from bench.engine.models import architecture_of, weights_of
from bench.harness import Options, Pair, Side, Suite

MODELS = (("15m", "q4_0"), ("125m", "q4_0"), ("125m", "f32"))
STEPS = {"15m": 200, "125m": 30}
HELD_TOKENS = 32


def untraced_s(engine: Engine, sequence: Sequence, steps: int) -> float:
    """Seconds of the median step."""
    sequence.cut(HELD_TOKENS)
    spent = []
    for token in range(steps):
        start = time.perf_counter()
        engine.decode([sequence], [token], of=StepOf(token=token, phase=Phase.DECODE))
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def traced_s(engine: Engine, sequence: Sequence, steps: int, path: Path, *, substeps: bool) -> float:
    """The same while a recording goes on."""
    engine.substeps = substeps
    with record(path, Facts(cpu_time=False)):
        spent = untraced_s(engine, sequence, steps)
    engine.substeps = False
    return spent


@contextmanager
def pairs(options: Options) -> Iterator[list[Pair]]:
    """Steps, and steps with their parts, for each model."""
    made = []
    with ExitStack() as held:
        for size, kind in MODELS[:1] if options.quick else MODELS:
            architecture = architecture_of(size)
            engine = held.enter_context(Engine(architecture, weights_of(architecture, kind), EngineOptions(threads=1)))
            sequence = engine.sequence()
            engine.prefill(sequence, list(range(HELD_TOKENS)))
            off = Side("off", partial(untraced_s, engine, sequence, STEPS[size]))
            for name, substeps in (("steps", False), ("parts too", True)):
                path = options.folder / f"{size}-{kind}-{substeps}.trace"
                on = Side("on", partial(traced_s, engine, sequence, STEPS[size], path, substeps=substeps))
                made.append(Pair(f"{size} {kind}: {name}", on, off))
        yield made


SUITE = Suite(title="Tracing the engine", pairs=pairs, blocks=31, quick_blocks=9)
