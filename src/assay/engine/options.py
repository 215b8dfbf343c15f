"""How a model is opened, and to whom a step belongs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

from assay.record.enums import Phase

Precision = Literal["auto", "f32", "f16", "bf16", "q8_0", "q4_0"]
"""``auto`` keeps weights as they are stored, and all arithmetic but that of blocks is fp32's. The others bring every
matrix into that format; with ``bf16``, activations are rounded to bf16 before products as well."""

CHUNK_TOKENS = 512
"""Tokens of a prompt that go through the layers at once: enough to be bound by arithmetic."""


def usable_processors() -> int:
    """Processors that this process may run on."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, kw_only=True)
class EngineOptions:
    """How a model is opened."""

    threads: int | None = None
    """Threads that compute; as many as there are processors where None, and never more than the device's workers."""
    precision: Precision = "auto"
    """What weights become."""
    chunk_tokens: int = CHUNK_TOKENS
    """Tokens of a prompt that go through the layers at once."""


@dataclass(frozen=True, kw_only=True)
class StepOf:
    """To whom a step belongs: what its stamps say."""

    invocation: int = -1
    """The request's number."""
    sequence: int = -1
    """The sequence's number in its batch."""
    token: int = -1
    """Place of the token in the request's answer."""
    phase: str = Phase.NONE
    """``prefill`` or ``decode``."""


NOBODY = StepOf()
"""A step that belongs to no request."""
