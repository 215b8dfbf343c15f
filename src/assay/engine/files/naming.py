"""Names of weights in Hugging Face's files in one spelling; fused matrices are split into views of their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from assay.engine.architecture import Architecture
from assay.engine.tensors import Tensor

Part = tuple[str, Tensor]

NOT_WEIGHTS = (".rotary_emb.inv_freq", ".attn.bias", ".masked_bias")
"""Ends of names of tables that old files keep beside the weights."""
RENAMED = (
    (re.compile(r"\.block_sparse_moe\.experts\.(\d+)\.w1\."), r".mlp.experts.\1.gate_proj."),
    (re.compile(r"\.block_sparse_moe\.experts\.(\d+)\.w3\."), r".mlp.experts.\1.up_proj."),
    (re.compile(r"\.block_sparse_moe\.experts\.(\d+)\.w2\."), r".mlp.experts.\1.down_proj."),
    (re.compile(r"\.(?:block_sparse_moe|mlp)\.gate\.weight$"), r".mlp.router.weight"),
)


def one_spelling(found: Mapping[str, Tensor], architecture: Architecture) -> dict[str, Tensor]:
    """The weights under the names that ``inventory`` lists."""
    parts = (part for name, tensor in found.items() for part in _parts(name, tensor, architecture))
    return dict(parts)


def _parts(name: str, tensor: Tensor, architecture: Architecture) -> Iterator[Part]:
    if name.endswith(NOT_WEIGHTS):
        return
    for ending, split in _FUSED.items():
        if name.endswith(ending) and (widths := split(architecture)) and _fits(tensor, widths):
            yield from _split(_before(name, ending), tensor, widths)
            return
    for pattern, replacement in RENAMED:
        name = pattern.sub(replacement, name)
    yield name, tensor


def _before(name: str, ending: str) -> str:
    """What the parts' names begin with."""
    return name.removesuffix(ending) + ("mlp.experts." if "experts" in ending else "")


def _split(prefix: str, tensor: Tensor, widths: list[tuple[str, int]]) -> Iterator[Part]:
    start = 0
    for name, rows in widths:
        yield f"{prefix}{name}", tensor.part(start, start + rows)
        start += rows


def _fits(tensor: Tensor, widths: list[tuple[str, int]]) -> bool:
    """Where sizes don't fit, the name stays, and the inventory says so."""
    return len(tensor.shape) > 1 and tensor.rows == sum(rows for _, rows in widths)


def _queries_keys_values(it: Architecture) -> list[tuple[str, int]]:
    sizes = {"q": it.heads, "k": it.kv_heads, "v": it.kv_heads}
    return [(f"{name}_proj.weight", heads * it.head_dim) for name, heads in sizes.items()]


def _gate_and_up(it: Architecture) -> list[tuple[str, int]]:
    return [("gate_proj.weight", it.ffn), ("up_proj.weight", it.ffn)]


def _experts_gate_and_up(it: Architecture) -> list[tuple[str, int]]:
    names = ("gate_proj", "up_proj")
    return [(f"{expert}.{name}.weight", it.expert_ffn) for expert in _experts(it) for name in names]


def _experts_down(it: Architecture) -> list[tuple[str, int]]:
    return [(f"{expert}.down_proj.weight", it.hidden) for expert in _experts(it)]


def _experts(it: Architecture) -> range:
    """No file holds a million experts; a damaged number is not counted up to."""
    return range(it.experts if it.experts <= 1_000_000 else 0)


_FUSED: dict[str, Callable[[Architecture], list[tuple[str, int]]]] = {
    "qkv_proj.weight": _queries_keys_values,
    "mlp.experts.gate_up_proj": _experts_gate_and_up,
    "mlp.experts.down_proj": _experts_down,
    "gate_up_proj.weight": _gate_and_up,
}
"""Ends of names of matrices that are several, one below the other."""
