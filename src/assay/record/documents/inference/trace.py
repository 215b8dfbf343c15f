"""What ``assay trace`` says of one trace."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from assay.record.base import Count, Name, Quantity, Ratio, Record, Text
from assay.record.rows import UNKNOWN, Distribution


class Bound(StrEnum):
    """What a step's time is bound by."""

    MEMORY = "memory"
    COMPUTE = "compute"
    OVERHEAD = "overhead"
    WAIT = "wait"
    UNKNOWN = "unknown"


class Measuredness(StrEnum):
    """Whether times per layer were taken at each layer, or computed by dividing a total."""

    MEASURED = "measured"
    NOT_MEASURED = "not_measured"
    UNKNOWN = "unknown"


class StepTimes(Record, kw_only=True):
    """One step, or a part of one, over all its calls."""

    step: Name
    """Step, for example ``Attention``."""
    op: Name | None
    """Part of the step, or operator; null for the whole step."""
    layer: Count | None
    """Model layer; null where all layers are taken together, and outside layers."""
    phase: Name
    """Part of the inference."""
    device: Name
    """Device that did the work."""
    wall: Distribution
    """Wall time of its calls; of what is nested in one another, the time outside of the inner ones."""
    share: float
    """Its total time over the time of all requests; threads that work at once add up to more than 1."""
    off_cpu_share: float | None
    """Share of its time in which the thread was not on a processor; null where the CPU clock was not read."""
    flops_per_s: Quantity = UNKNOWN
    """Arithmetic operations per second that were reached."""
    bytes_per_s: Quantity = UNKNOWN
    """Bytes read and written per second that were reached."""
    compute_share: float | None = None
    """``flops_per_s`` over the measured ceiling; null where one of the two is not known."""
    memory_share: float | None = None
    """``bytes_per_s`` over the measured ceiling; null where one of the two is not known."""
    bound: Bound = Bound.UNKNOWN
    """What its time is bound by."""
    reason: Text = ""
    """The numbers behind ``bound``, or why there is no answer."""


class Uncovered(Record, kw_only=True):
    """Time of the requests that lies in no step."""

    total_ns: Count
    """Time of all requests, from arrival to the last token."""
    uncovered_ns: Count
    """Of that, outside of all steps."""
    share: Ratio
    """The second over the first."""
    overlap_ns: Count
    """Time that two steps of one thread both claim; anything above 0 means that the trace is not sound."""


class TokenTimes(Record, kw_only=True):
    """How long a user waits for tokens."""

    requests: Count
    """Requests with at least one token."""
    tokens: Count
    """Tokens that came out."""
    first: Distribution | None
    """From the arrival of a request to its first token; null where no token was recorded."""
    between: Distribution | None
    """From one token to the next of the same sequence; null where no sequence has two."""
    per_output_ns: float | None
    """Time per output token: from the first to the last of a sequence over the tokens behind the first."""
    reason: Text
    """Why a value is null; empty where none is."""


class KeysAndValues(Record, kw_only=True):
    """What the cache of keys and values takes."""

    most_bytes: Count | None
    """The most that all layers held together for one sequence; null where not recorded."""
    per_token_bytes: float | None
    """Growth per token; null where not recorded, or where a window keeps it from growing."""
    reason: Text
    """Why a value is null; empty where none is."""


class DepthSlope(Record, kw_only=True):
    """How attention grows with the context."""

    ns_per_token: float | None
    """Time that attention of one decoded token takes longer for each token before it, all layers; null with reason."""
    low: float | None
    """Lower end of the 95 % interval."""
    high: float | None
    """Upper end of the 95 % interval."""
    tokens: Count
    """Decoded tokens behind it."""
    shortest: Count | None
    """Shallowest context among them."""
    longest: Count | None
    """Deepest context among them."""
    reason: Text
    """Why there is no slope; empty where there is one."""


class Outlier(Record, kw_only=True):
    """A layer or token that takes longer than its like."""

    kind: Literal["layer", "token"]
    """What it is."""
    step: Name
    """The step in which the time went."""
    phase: Name
    """Part of the inference."""
    layer: Count | None
    """The layer; null where the step is outside layers."""
    invocation: Count | None
    """The request, of a token; null for layers, and where there was one."""
    token: Count | None
    """The token's position; null for layers."""
    ratio: float
    """Its time over the median of its like."""
    excess_ns: float
    """Time above that median, per call."""
    text: Text
    """What is known of the cause, in a sentence."""


class Roof(Record, kw_only=True):
    """The ceiling that shares refer to, measured on the machine of the trace."""

    peak_flops_per_s: float | None
    """Most operations per second in the trace's precision; null with ``reason``."""
    peak_bytes_per_s: float | None
    """Most bytes per second from main memory; null with ``reason``."""
    launch_ns: float | None
    """Cost of starting a kernel; null with ``reason``."""
    reason: Text
    """Why they are not known; empty where they are."""


class Bottleneck(Record, kw_only=True):
    """Where most could be gained."""

    sentence: Text
    """The answer with its evidence."""
    step: Name | None
    """The step; null where it is the time outside all steps."""
    phase: Name | None
    """Part of the inference; null likewise."""
    share: float
    """Its share of the time of all requests."""
    most_gain: float | None
    """Time of all requests over what would be left without it, the most to be gained; null where that is nothing."""


class TraceReport(Record, kw_only=True):
    """What a trace says: time per layer, step and phase, token times, outliers, and the bottleneck."""

    document: Literal["trace"] = "trace"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    file: Text
    """The file."""
    reader: Name
    """Which format it was read as."""
    session: Text
    """Sitting of the trace; empty where not known."""
    build: Text
    """Build of the engine; empty where not known."""
    backend: Name
    """What ran the model."""
    model: Text
    """Which model; empty where not known."""
    precision: Name
    """Number format of the dominant arithmetic."""
    threads: Count | None
    """Threads that computed at once; null where not known."""
    tracks: Count
    """Threads that have events."""
    events: Count
    """Events that were read."""
    dropped: Count
    """Events that found no room when they were recorded."""
    complete: bool
    """Whether the writer finished the file."""
    measured: Measuredness
    """Whether times per layer were measured; where not, no line below is a measurement."""
    measured_reasons: tuple[Text, ...]
    """The signs that say so."""
    bottleneck: Bottleneck | None
    """Where most could be gained; null where nothing took time, or nothing was measured."""
    uncovered: Uncovered
    """What no step accounts for."""
    steps: tuple[StepTimes, ...]
    """Every step and part of one per phase, all layers together, the longest first."""
    layers: tuple[StepTimes, ...]
    """The same for each layer."""
    tokens: TokenTimes
    """Token times."""
    kv: KeysAndValues
    """Cache of keys and values."""
    depth: DepthSlope
    """Attention against the depth of the context."""
    outliers: tuple[Outlier, ...]
    """Layers, then tokens that take longer than their like, the worst first."""
    roof: Roof
    """The ceiling that shares refer to."""
    remarks: tuple[Text, ...]
    """What a reader must know about the file."""
