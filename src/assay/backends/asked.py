"""What a user asks of a backend, and what it says of itself before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assay.record.enums import Backend, Precision


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a model is to be run."""

    model: str
    """A file, a folder, or the name of a preset."""
    precision: Precision = Precision.UNSPECIFIED
    """Number format of the weights; as they are stored where unspecified."""
    prompt: str | None = None
    """Text to go on from."""
    prompt_tokens: int | None = None
    """Length of a prompt of random tokens, where there is no text; sizes of free dimensions of operator graphs."""
    tokens: int = 32
    """Tokens to generate."""
    batch: int = 1
    """Sequences at once; the first free dimension of operator graphs."""
    repeat: int = 5
    """Measured runs."""
    threads: int | None = None
    """Threads that compute; the backend's choice where None."""
    seed: int = 0
    """Of everything random: inputs, prompts, sampling."""
    substeps: bool = False
    """Whether parts of steps are timed too."""
    inputs: Path | None = None
    """Arrays to run an operator graph on (``.npz``)."""
    options: Mapping[str, str] = field(default_factory=dict)
    """Whatever else is meant for this backend alone."""

    @property
    def path(self) -> Path:
        """The model as a place on disk."""
        return Path(self.model)


@dataclass(frozen=True, kw_only=True)
class Described:
    """What is known of an opened model."""

    name: str
    format: str
    """``onnx``, ``safetensors``, ``gguf``, ``preset`` …"""
    backend: Backend
    precision: Precision
    """Number format of the dominant arithmetic."""
    threads: int | None
    build: str
    """Release of the library that runs it."""
    batch: int = 1
    architecture: str | None = None
    parameters: int | None = None
    weight_bytes: int | None = None
    sha256: str | None = None
    """Hash of the model's file; None where it is no single file."""
    cpu_time: bool = True
    """Whether the thread's CPU clock may be read at the ends of steps: a call of the kernel, in no step of its own."""
