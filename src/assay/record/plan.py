"""What was to be measured, on what, and how the target ended."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from assay.record.base import Count, Name, Record, SelfChecked, Sha256, Text, Whole
from assay.record.enums import Arrival, Backend, Precision, TargetKind
from assay.record.environment import Variable


class Option(Record, kw_only=True):
    """One setting that was given or read back; names are flat, ``section.key``."""

    name: Name
    """Dotted name."""
    value: str | float | bool | None
    """Its value; null where it was explicitly unset."""
    source: Name = "default"
    """Where it came from: ``flag``, ``environment``, ``file``, ``default``, ``engine`` (read back) …"""


class Model(Record, kw_only=True):
    """The model that was run."""

    name: Name
    """Name or preset."""
    format: Name
    """``onnx``, ``safetensors``, ``gguf``, ``preset`` …"""
    architecture: Name | None = None
    """Architecture the file declares, null where it declares none."""
    sha256: Sha256 | None = None
    """Hash over the model's files, null where they are not local."""
    parameters: Count | None = None
    """Number of weights, null where unknown."""


class Target(Record, kw_only=True):
    """What was launched."""

    kind: TargetKind
    """Command, model, benchmark or attached process."""
    name: Name
    """Short name for tables."""
    backend: Backend
    """What executed the work."""
    precision: Precision = Precision.UNSPECIFIED
    """Number format of the dominant arithmetic."""
    argv: tuple[Text, ...] = ()
    """Command line, secrets masked."""
    cwd: Text | None = None
    """Working folder, null where there was none of its own."""
    executable_sha256: Sha256 | None = None
    """Hash of the program or script that ran, null where it could not be read."""
    variables: tuple[Variable, ...] = ()
    """Variables set for the target alone, secrets masked."""
    model: Model | None = None
    """The model, for inference targets."""


class Workload(Record, kw_only=True):
    """What the target was asked to do."""

    name: Name
    """Name of the prompt set, input or benchmark case."""
    sha256: Sha256 | None = None
    """Hash of the inputs, null where the target brings its own."""
    requests: Count | None = None
    """Requests sent, null where not counted in requests."""
    input_tokens: Count | None = None
    """Prompt tokens asked for, null outside inference."""
    output_tokens: Count | None = None
    """Tokens to generate, null outside inference."""
    batch: Count | None = None
    """Batch size asked for, null where the notion does not apply."""
    arrival: Arrival = Arrival.NONE
    """How requests arrive."""
    rate_per_s: float | None = None
    """Request rate asked for, null for closed arrival."""
    seed: Whole | None = None
    """Seed of everything random, null where nothing is."""


class Plan(Record, kw_only=True):
    """How it was to be measured."""

    target: Target
    """What was launched."""
    workload: Workload
    """What it was asked to do."""
    collectors: tuple[Name, ...] = ()
    """Observers that were attached, sorted."""
    repetitions: Annotated[int, Meta(ge=1, le=10_000_000)] = 1
    """Measured repetitions."""
    warmup: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    """Discarded repetitions before them."""
    timeout_s: float | None = None
    """Time limit, null for none."""
    options: tuple[Option, ...] = ()
    """Everything else that was set, sorted by name."""


class Position(Record, kw_only=True):
    """The run's place in a larger design: what it was interleaved with, and what it shares."""

    campaign: Name | None = None
    """Campaign id."""
    experiment: Name | None = None
    """Experiment id inside the campaign."""
    cycle: Count | None = None
    """Cycle number, from 0."""
    block: Count | None = None
    """Randomised block of interleaved runs, from 0."""
    side: Name | None = None
    """Side of a comparison: ``A``, ``B`` …"""
    invocation: Count | None = None
    """Process invocation within the side, from 0."""
    session: Name | None = None
    """Sitting in which the runs were made."""
    build: Name | None = None
    """Build of the target."""


class Outcome(Record, kw_only=True):
    """How the target ended, as the launcher's own wait saw it."""

    exit_code: Whole | None = None
    """Exit status, null when a signal ended it or it was not waited for."""
    signal: Count | None = None
    """Signal that ended it, null when it exited."""
    stdout_bytes: Count | None = None
    """Bytes written to standard output, null when not captured."""
    stdout_sha256: Sha256 | None = None
    """Hash of standard output, null when not captured."""
    stderr_bytes: Count | None = None
    """Bytes written to standard error, null when not captured."""
    note: Text = ""
    """What else is to be said, in one line."""


class Software(SelfChecked, kw_only=True):
    """What measured: Assay and its core."""

    assay: Name
    """Version of Assay."""
    core: Literal["native", "python", "none"]
    """Which core was used: the compiled one, the fallback, or none where another program measured."""
    isa: Name
    """Instruction set the core chose: ``avx512``, ``avx2``, ``portable`` or ``none``."""
    compiler: Name | None
    """Compiler of the core, null for the fallback."""
