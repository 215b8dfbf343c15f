"""``assay infer``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from assay.cli.command import command, gathered
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.session import Session
from assay.cli.views.infer import infer_lines
from assay.errors import UsageError
from assay.record.documents.inference.infer import OperatorLine
from assay.record.enums import Precision


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How the model is to be run."""

    backend: str | None
    precision: str | None
    prompt: str | None
    prompt_tokens: int | None
    tokens: int
    batch: int
    repeat: int
    threads: int | None
    seed: int
    inputs: Path | None
    settings: tuple[str, ...]
    layers: bool
    trace: str | None
    trace_output: Path | None


_COUNT = click.IntRange(1, 1 << 20)
_wishes = gathered(
    "wishes",
    Wishes,
    click.option("--backend", metavar="NAME", help="What runs it; by default the one its files call for."),
    click.option(
        "--precision",
        type=click.Choice([each.value for each in Precision if each is not Precision.UNSPECIFIED]),
        metavar="NAME",
        help="Number format of the weights, where the backend can change it.",
    ),
    click.option("--prompt", metavar="TEXT", help="Text to go on from."),
    click.option(
        "--prompt-tokens", type=_COUNT, metavar="N", help="Random prompt of N tokens; N for free dimensions of ONNX."
    ),
    click.option("--tokens", type=_COUNT, default=32, show_default=True, metavar="N", help="Tokens to generate."),
    click.option("--batch", type=_COUNT, default=1, show_default=True, metavar="N", help="Sequences at once."),
    click.option("--repeat", type=_COUNT, default=5, show_default=True, metavar="N", help="Measured runs."),
    click.option("--threads", type=_COUNT, metavar="N", help="Threads that compute; by default all processors."),
    click.option(
        "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Of all that is random."
    ),
    click.option("--inputs", type=click.Path(path_type=Path), metavar="NPZ", help="Arrays to run an ONNX file on."),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="A setting of the backend, or a free dimension's size.",
    ),
    click.option("--layers", is_flag=True, help="A line for every layer, not only for every step."),
    click.option(
        "--trace",
        is_flag=False,
        flag_value="steps",
        type=click.Choice(["steps", "substeps"]),
        help="Show steps as they happen, on standard error; `substeps` times parts of them too.",
    ),
    click.option(
        "--trace-output", type=click.Path(path_type=Path), metavar="FILE", help="Write the trace: .jsonl or .parquet."
    ),
)


@command(
    examples=[
        "assay infer model.onnx --repeat 20",
        "assay infer preset:llama-15m --tokens 64",
        "assay infer models/qwen3 --backend pytorch --prompt 'Once upon a time' --tokens 64 --trace",
        "assay infer model.onnx --batch 8 --set sequence=128 --json",
    ]
)
@click.argument("model", metavar="MODEL")
@_wishes
@output_options
def infer(session: Session, model: str, *, wishes: Wishes, output: Output) -> None:
    """Run MODEL and say where its time went, against what this machine can do.

    MODEL is an ONNX file, a Hugging Face folder, a GGUF file, a preset that is built on the spot (preset:llama-15m) or
    the address of an OpenAI-compatible server.

    An ONNX file is run as a whole: every operator of every run is timed by ONNX Runtime's profiler, control flow as
    what is nested in it, and time in no operator has a row of its own. Runs without the profiler by turns say what
    timing cost. A language model generates as many tokens as asked for, and every step of every layer is timed where
    the work is done. The first run is kept apart, and the run is sealed in the store.
    """
    from assay.backends.asked import Asked
    from assay.cli.tracing.live import LiveSteps
    from assay.measure.inference.generation import Watching
    from assay.measure.inference.run import infer as run_model

    asked = Asked(
        model=model,
        precision=Precision(wishes.precision) if wishes.precision else Precision.UNSPECIFIED,
        prompt=wishes.prompt,
        prompt_tokens=wishes.prompt_tokens,
        tokens=wishes.tokens,
        batch=wishes.batch,
        repeat=wishes.repeat,
        threads=wishes.threads,
        seed=wishes.seed,
        inputs=wishes.inputs,
        substeps=wishes.trace == "substeps",
        options=dict(map(_setting, wishes.settings)),
    )
    shown = None if wishes.trace is None else LiveSteps(session.console)
    with session.progress("running") as progress:
        watching = Watching(
            progress=lambda done, of: progress.update(done, of, "runs"),
            seen=None if shown is None else shown.show,
            trace_output=wishes.trace_output,
        )
        document = run_model(wishes.backend, asked, session.store, watching)
    answer = Answer(
        document=document,
        lines=lambda width: infer_lines(document, width, layers=wishes.layers),
        rows=document.operators,
        row_type=OperatorLine,
    )
    emit(session, answer, output)
    session.console.note(f"next: assay report {document.run}")


def _setting(text: str) -> tuple[str, str]:
    name, is_set, value = text.partition("=")
    if not name or not is_set:
        raise UsageError("is no setting", where=f"--set {text}", remedy="write --set NAME=VALUE")
    return name, value
