"""A small vocabulary and data for expressions."""

from __future__ import annotations

from collections.abc import Mapping

from assay.analyze.grammar import Kind, Signature, Vocabulary
from assay.analyze.grammar.evaluate import Argument, Value

FUNCTIONS = {
    signature.name: signature
    for signature in (
        Signature(name="share", parameters=(Kind.CLOCK,), meaning="A share."),
        Signature(name="leaf", parameters=(Kind.REGEX,), meaning="A share below."),
        Signature(name="mean", parameters=(Kind.METRIC,), meaning="A mean."),
        Signature(name="source", parameters=(Kind.WORD,), returns=Kind.TRUTH, words=("loop", "in"), meaning="A sign."),
        Signature(name="calls", meaning="A count."),
        Signature(name="quantile", parameters=(Kind.NUMBER,), meaning="A quantile."),
    )
}
VOCABULARY = Vocabulary(
    functions=FUNCTIONS,
    clocks=("cpu", "gil"),
    metrics=("rss_bytes",),
    values={"hot": Kind.NUMBER, "is_loop": Kind.TRUTH},
)


class Data:
    """Values by the spelling of the call; what is not given is missing."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def call(self, function: str, arguments: tuple[Argument, ...]) -> Value:
        return self._values.get(f"{function}({','.join(str(argument) for argument in arguments)})")

    def named(self, name: str) -> Value:
        return self._values.get(name)
