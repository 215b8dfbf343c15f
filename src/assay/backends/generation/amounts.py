"""What the steps of a decoder have to compute and to move, from its sizes and the context they meet."""

from __future__ import annotations

from dataclasses import dataclass

from assay.record.trace.lines import Provenance
from assay.trace.recording.recorder import Span


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Of one layer, or of what stands outside of layers."""

    parameters: int
    """Weights that every token meets."""
    weight_bytes: int
    """What they take."""
    attention_width: int = 0
    """Heads times their width, where the step attends."""
    kv_bytes_per_token: int = 0
    """Keys and values of one token, where the step attends."""
    window: int = 0
    """Tokens that are seen at most; 0 for all."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """What a step met."""

    batch: int
    new: int
    """Tokens of each sequence that were worked on."""
    context: int
    """Tokens of each sequence afterwards."""


PROVENANCE = tuple(
    Provenance(column=name, origin="derived", by="the model's sizes")
    for name in ("flops", "read_bytes", "written_bytes", "kv_bytes")
)
"""How these numbers came about."""


def stamp(span: Span, sizes: Sizes, met: Met) -> None:
    """Give a step its tokens, operations, bytes, and the keys and values held afterwards."""
    tokens = met.batch * met.new
    seen = min(met.context, sizes.window) if sizes.window else met.context
    # of several new tokens each sees itself and those before it
    pairs = met.batch * sum(min(seen, met.context - met.new + place + 1) for place in range(met.new))
    attended = 4 * pairs * sizes.attention_width
    kept = met.batch * seen * sizes.kv_bytes_per_token
    written = tokens * sizes.kv_bytes_per_token
    span.tokens = tokens
    span.work = (2 * sizes.parameters * tokens + attended, sizes.weight_bytes + kept, written)
    if sizes.kv_bytes_per_token:
        span.kv_bytes = kept
