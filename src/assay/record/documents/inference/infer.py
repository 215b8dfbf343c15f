"""What ``assay infer`` says of one model that it ran."""

from __future__ import annotations

from typing import Literal

from assay.record.base import Count, Name, Quantity, Record, Text, Ulid
from assay.record.documents.inference.trace import Bound, Roof, TraceReport
from assay.record.rows import UNKNOWN, Distribution

RUNTIME_GAP = "runtime_gap"
"""Name of the row that holds time in no operator."""


class OperatorLine(Record, kw_only=True):
    """One executed operator over all calls of the measured runs, or the time in none."""

    name: Name
    """The model's nodes that it stands for, or its own name where the runtime added it."""
    nodes: tuple[Name, ...]
    """Names of those nodes; empty for what the runtime added, and for the time in no operator."""
    kind: Name
    """Operator that ran, for example ``FusedConv``; ``runtime_gap`` for the time in none."""
    graph: Text
    """Graph that it stands in: empty for the model's own, else the path of nodes that hold it."""
    wall: Distribution
    """Time of its calls, graphs that it ran included; of the gap, one value a run."""
    self_ns: Count
    """Time outside of those graphs; these add up to the time of all runs."""
    share: float
    """``self_ns`` over the time of all runs."""
    flops: Count | None
    """Operations of all calls; null with ``unknown``."""
    read_bytes: Count | None
    """Bytes read, each tensor once a call; null likewise."""
    written_bytes: Count | None
    """Bytes written, each tensor once a call; null likewise."""
    intensity_flop_per_byte: float | None
    """Operations for each byte; null where one is not known or nothing is moved."""
    flops_per_s: Quantity = UNKNOWN
    """Operations per second of ``self_ns``."""
    bytes_per_s: Quantity = UNKNOWN
    """Bytes read and written per second of ``self_ns``."""
    level: Text = ""
    """Level of memory whose bandwidth is its roof: the one that holds what a call moves."""
    compute_share: float | None = None
    """``flops_per_s`` over the measured ceiling of its arithmetic; null where one of them is not known."""
    memory_share: float | None = None
    """``bytes_per_s`` over the measured ceiling of that level; null likewise."""
    bound: Bound = Bound.UNKNOWN
    """What its time is bound by."""
    reason: Text = ""
    """The numbers behind ``bound``, or why there is no answer."""
    unknown: Text = ""
    """Why operations and bytes are not known; empty where they are."""


class ProfilerCost(Record, kw_only=True):
    """What timing every operator cost: runs with the profiler against runs without, by turns."""

    runs: Count
    """Runs of each kind."""
    with_s: float
    """Median run with the profiler."""
    without_s: float
    """Median run without."""
    ratio: float
    """Median of the first over the second, pair by pair."""
    low: float | None
    """Lower end of the 95 % interval of the ratio; null for fewer than six pairs."""
    high: float | None
    """Upper end."""


class Inferred(Record, kw_only=True):
    """A model that was run: where its time went, operator by operator or step by step, against what the machine can."""

    document: Literal["infer"] = "infer"
    """Name of the document."""
    version: Literal[1] = 1
    """Its version."""
    run: Ulid
    """The sealed run."""
    model: Name
    """Name of the model."""
    format: Name
    """``onnx``, ``safetensors``, ``gguf``, ``preset`` …"""
    backend: Name
    """What ran it."""
    build: Text
    """Its release."""
    precision: Name
    """Number format of the dominant arithmetic."""
    threads: Count | None
    """Threads that computed; null where not known."""
    batch: Count
    """Sequences at once."""
    repeats: Count
    """Measured runs."""
    load_s: float | None
    """Reading the model and making it ready; null where not measured."""
    cold_s: float | None
    """The first run, part of no other number; null where none was apart."""
    total_s: float
    """Time of all measured runs."""
    operators: tuple[OperatorLine, ...]
    """Where that went, the longest first; empty for backends that time steps."""
    known_share: float | None
    """Share of the operators' time whose operations and bytes are known; null without operators."""
    folded: tuple[Name, ...]
    """Nodes of the model that nothing executed stands for: computed at load, or left out."""
    profiler: ProfilerCost | None
    """What timing cost; null where it was not measured."""
    roof: Roof
    """Ceilings of this machine in the model's precision."""
    bottleneck: Text
    """Where most could be gained, with the evidence."""
    trace: TraceReport | None = None
    """Steps by layer and phase; null for graphs of operators."""
    text: Text = ""
    """What was generated in the first run, where there is a tokenizer."""
    remarks: tuple[Text, ...] = ()
    """What a reader must know."""
