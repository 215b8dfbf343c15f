"""Steps of a decoder of transformers, stamped where one module hands over to the next.

A layer begins with its attention and changes to its feed-forward part at the norm, or module, that begins it, so that
norms, residual sums and rotary embeddings lie in the step they serve. What is before the first layer is Embed, what is
behind the last LmHead: the steps of a call follow each other without a gap.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from assay.backends.generation.amounts import Met, Sizes, stamp
from assay.backends.generation.loop import Place
from assay.errors import PlanError
from assay.record.enums import TraceStep

_SECOND_HALF = (
    "pre_feedforward_layernorm", "ln_2", "post_attention_layernorm", "ffn_norm", "mlp", "feed_forward",
    "block_sparse_moe", "fc1",
)  # fmt: skip
"""What the second half of a layer begins with, by the names of transformers' families; the first that there is."""


class Stamps:
    """The hooks of one model. They do nothing while no place is set."""

    def __init__(self, model: Any) -> None:
        layers = _layers(model)
        self._place: Place | None = None
        self._met = Met(batch=1, new=1, context=1)
        config = model.config.get_text_config()
        self._sizes = _sizes(model, layers, config)
        last = len(layers) - 1
        for number, layer in enumerate(layers):
            layer.register_forward_pre_hook(self._turn_to(TraceStep.ATTENTION, number))
            middle = next((name for name in _SECOND_HALF if hasattr(layer, name)), None)
            if middle is not None:
                getattr(layer, middle).register_forward_pre_hook(self._turn_to(TraceStep.FFN, number))
            if number == last:
                layer.register_forward_hook(self._turn_to(TraceStep.LM_HEAD, -1))

    @contextlib.contextmanager
    def at(self, place: Place, *, batch: int, new: int, context: int) -> Iterator[None]:
        """Stamp one call of the model; its last step goes on until the next begins."""
        self._place, self._met = place, Met(batch=batch, new=new, context=context)
        self._turn(TraceStep.EMBED, -1)
        try:
            yield
        finally:
            self._place = None

    def _turn_to(self, step: TraceStep, layer: int) -> Any:
        def turn(*_: object) -> None:
            self._turn(step, layer)

        return turn

    def _turn(self, step: TraceStep, layer: int) -> None:
        if self._place is not None:
            stamp(self._place.turn(step, layer), self._sizes[step, layer], self._met)


def _layers(model: Any) -> Any:
    """The list of decoder layers: the longest list of modules of one kind."""
    import torch

    lists = [module for module in model.modules() if isinstance(module, torch.nn.ModuleList) and len(module)]
    whole = [each for each in lists if len({type(module) for module in each}) == 1]
    if not whole:
        raise PlanError("no list of layers is found in this model", remedy="use a decoder of transformers")
    return max(whole, key=lambda each: sum(weight.numel() for weight in each.parameters()))


def _sizes(model: Any, layers: Any, config: Any) -> dict[tuple[TraceStep, int], Sizes]:
    heads = config.num_attention_heads
    width = getattr(config, "head_dim", None) or config.hidden_size // heads
    kv_heads = getattr(config, "num_key_value_heads", None) or heads
    kinds = getattr(config, "layer_types", None) or []
    found = {}
    for number, layer in enumerate(layers):
        attention = next(
            (part for name, part in layer.named_children() if "attn" in name or "attention" in name), layer
        )
        rest = {id(weight) for weight in attention.parameters()}
        slides = number < len(kinds) and "sliding" in kinds[number]
        window = (getattr(config, "sliding_window", None) or 0) if slides else 0
        found[TraceStep.ATTENTION, number] = _of(
            attention.parameters(),
            attention_width=heads * width,
            kv_bytes_per_token=2 * kv_heads * width * model.dtype.itemsize,
            window=window,
        )
        found[TraceStep.FFN, number] = _of([weight for weight in layer.parameters() if id(weight) not in rest])
    head = model.get_output_embeddings()
    found[TraceStep.LM_HEAD, -1] = _of(head.parameters() if head is not None else [])
    found[TraceStep.EMBED, -1] = Sizes(parameters=0, weight_bytes=0)
    return found


def _of(weights: Any, **rest: int) -> Sizes:
    kept = list(weights)
    return Sizes(
        parameters=sum(weight.numel() for weight in kept),
        weight_bytes=sum(weight.numel() * weight.element_size() for weight in kept),
        **rest,
    )
