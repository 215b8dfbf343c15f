"""Frequencies of rotary positions: what each kind of stretching makes of theta.

They are part of a model's definition down to their rounding: models were trained with frequencies and angles in fp32,
and at position 4,000 an angle in fp64 differs by 1e-4. So every step here is rounded to fp32, as in training.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from assay.engine.architecture import Architecture, Rope

Float32 = NDArray[np.float32]


def rope_is_dynamic(architecture: Architecture) -> bool:
    """Whether frequencies are others once a sequence is longer than the original context."""
    return architecture.rope.kind in {"dynamic", "longrope"}


def rope_frequencies(architecture: Architecture, length: int) -> tuple[NDArray[np.float64], float]:
    """Radians a position for each of the rotary/2 pairs, and the factor on sine and cosine.

    ``length`` counts the tokens of the sequence, those before this call included. The numbers are fp32 ones. An angle
    is position times frequency, rounded to fp32.
    """
    rope = architecture.rope
    return _KINDS[rope.kind](rope, architecture.rotary, length).astype(np.float64), rope.attention_factor


def rope_angles(architecture: Architecture, positions: NDArray[np.int64], length: int) -> Float32:
    """Radians, one row a position, one column a pair."""
    frequencies = rope_frequencies(architecture, length)[0].astype(np.float32)
    turned: Float32 = positions.astype(np.float32)[:, None] * frequencies[None, :]
    return turned


def _wavelengths(rotary: int, theta: float) -> Float32:
    """Theta^(2i/rotary): positions of one radian."""
    exponents = np.arange(0, rotary, 2, dtype=np.float32) / np.float32(rotary)
    return np.power(np.float64(np.float32(theta)), exponents.astype(np.float64)).astype(np.float32)


def _plain(rope: Rope, rotary: int, _length: int) -> Float32:
    return np.float32(1.0) / _wavelengths(rotary, rope.theta)


def _linear(rope: Rope, rotary: int, length: int) -> Float32:
    return _plain(rope, rotary, length) / np.float32(rope.factor)


def _dynamic(rope: Rope, rotary: int, length: int) -> Float32:
    """The base grows with the length, so that the slowest wave still spans it and the fastest stays as it is."""
    beyond = max(length, rope.original_context) / rope.original_context
    growth = rope.factor * beyond - (rope.factor - 1.0)
    theta = rope.theta * growth ** (rotary / (rotary - 2)) if rotary > 2 else rope.theta
    return np.float32(1.0) / _wavelengths(rotary, theta)


def _llama3(rope: Rope, rotary: int, length: int) -> Float32:
    """Long waves are stretched, short ones are not, and those between in proportion."""
    frequencies = _plain(rope, rotary, length)
    lengths = np.float32(2.0 * math.pi) / frequencies
    low, high = np.float32(rope.low_frequency_factor), np.float32(rope.high_frequency_factor)
    context, factor = np.float32(rope.original_context), np.float32(rope.factor)
    stretched = np.where(lengths > context / low, frequencies / factor, frequencies)
    share = (context / lengths - low) / (high - low) if high != low else np.zeros_like(lengths)
    between = (np.float32(1.0) - share) * stretched / factor + share * stretched
    is_between = ~(lengths < context / high) & ~(lengths > context / low)
    return np.where(is_between, between, stretched).astype(np.float32)


def _yarn(rope: Rope, rotary: int, _length: int) -> Float32:
    """A ramp over the frequencies, from those that stay as they are to those that are stretched in full."""
    lengths = _wavelengths(rotary, rope.theta)
    ends = (_pair_that_turns(rope, rotary, rope.beta_fast), _pair_that_turns(rope, rotary, rope.beta_slow))
    low, high = (math.floor(ends[0]), math.ceil(ends[1])) if rope.truncate else ends
    low, high = max(low, 0), min(high, rotary - 1)
    high = high + 0.001 if low == high else high
    ramp = (np.arange(rotary // 2, dtype=np.float32) - np.float32(low)) / np.float32(high - low)
    kept = np.float32(1.0) - np.clip(ramp, np.float32(0.0), np.float32(1.0))
    stretched = np.float32(1.0) / (np.float32(rope.factor) * lengths)
    mixed: Float32 = stretched * (np.float32(1.0) - kept) + np.float32(1.0) / lengths * kept
    return mixed


def _pair_that_turns(rope: Rope, rotary: int, turns: float) -> float:
    """Which pair, as a fraction, makes that many turns within the original context."""
    return rotary * math.log(rope.original_context / (turns * 2 * math.pi)) / (2 * math.log(rope.theta))


def _longrope(rope: Rope, rotary: int, length: int) -> Float32:
    """Each frequency has its own factor, and there is one set for short and one for long sequences."""
    factors = rope.long_factors if length > rope.original_context else rope.short_factors
    return np.float32(1.0) / (np.asarray(factors, dtype=np.float32) * _wavelengths(rotary, rope.theta))


_KINDS: dict[str, Callable[[Rope, int, int], Float32]] = {
    "default": _plain,
    "linear": _linear,
    "dynamic": _dynamic,
    "llama3": _llama3,
    "yarn": _yarn,
    "longrope": _longrope,
}
