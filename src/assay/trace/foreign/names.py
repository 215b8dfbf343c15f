"""Which step and layer a module, node or operator belongs to, by the names that frameworks give them."""

from __future__ import annotations

import re
from functools import lru_cache

from assay.record.documents.inference.trace import StepTimes
from assay.record.enums import TraceStep

OTHER = "Other"
"""Step of what no name tells."""

_LAYER = re.compile(
    r"(?:^|[._/\s])(?:layers?|blocks?|blk|h|decoder_layers?|encoder_layers?)[._/](\d{1,4})(?=[._/\s]|$)"
)
_NUMBERED = re.compile(r"(?:Decoder|Encoder)?Layer_(\d{1,4})$")
_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (TraceStep.TOKENIZE, re.compile(r"tokeni[sz]e")),
    (TraceStep.SAMPLE, re.compile(r"sampl(?:e|ing)|(?<![a-z])argmax|top_?[kp](?![a-z])|multinomial")),
    (TraceStep.LM_HEAD, re.compile(r"lm_?head|output_projection|parallellmhead|logits")),
    (TraceStep.ATTENTION, re.compile(r"attn|attention|[qkvo]_proj|qkv|rotary|rope(?![a-z])")),
    (
        TraceStep.FFN,
        re.compile(r"mlp|ffn|feed_?forward|gate_proj|up_proj|down_proj|gate_up|(?<![a-z])fc[12]|experts?|moe"),
    ),
    (TraceStep.EMBED, re.compile(r"embed|(?<![a-z])w[tp]e(?![a-z])")),
)


@lru_cache(maxsize=1 << 16)
def place_of(name: str) -> tuple[str, int | None]:
    """Step and layer of a name; ``OTHER`` and None where it tells neither."""
    short = name[:512]
    found = _LAYER.search(short) or _NUMBERED.search(short)
    lower = short.lower()
    step = next((step for step, pattern in _STEPS if pattern.search(lower)), OTHER)
    return str(step), int(found[1]) if found else None


def called(line: StepTimes) -> str:
    """What a line is about, without its layer: ``FFN``, ``Attention.qkv``, or the operator where no step is known."""
    if line.op is None:
        return line.step
    return line.op if line.step == OTHER else f"{line.step}.{line.op}"
