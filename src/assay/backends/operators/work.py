"""What one call of an operator has to compute and to move, from the shapes that it met.

Operations: a multiplication and an addition count one each, and so does any other function of one element. Bytes:
every tensor is read and written once, as if caches held what is used again: the least that the call has to move.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assay.backends.operators.graph import Node, Shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Operations and bytes of one call."""

    flops: int
    read_bytes: int
    written_bytes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Executed:
    """A call as the table of operators sees it."""

    node: Node
    inputs: tuple[Shape | None, ...]
    outputs: tuple[Shape, ...]
    weight: Shape | None = None
    """Weight as the model holds it, where the runtime keeps it in another layout that is padded."""

    def input(self, place: int) -> Shape | None:
        """The input at a place; None where it is left out."""
        return self.inputs[place] if place < len(self.inputs) else None

    def need(self, place: int) -> Shape:
        """The input at a place, which has to be there."""
        found = self.input(place)
        if found is None:
            raise Unknown(f"input {place} was left out")
        return found

    @property
    def output(self) -> Shape:
        """The first output."""
        if not self.outputs:
            raise Unknown("no output was recorded")
        return self.outputs[0]

    def attribute(self, name: str, default: Any) -> Any:
        """An attribute of the node."""
        return self.node.attributes.get(name, default)


class Unknown(Exception):  # noqa: N818 -- not an error of anybody: the answer "not known"
    """The table can't say, and why."""


Amount = Callable[[Executed], int]
"""Operations, or bytes, of one call."""


def bytes_of(shapes: Sequence[Shape | None]) -> int:
    """What tensors take together; one without a fixed size makes it unknown."""
    total = 0
    for shape in shapes:
        if shape is not None:
            size = shape.nbytes
            if size is None:
                raise Unknown(f"elements of type {shape.dtype} have no fixed size")
            total += size
    return total


def read_all(call: Executed) -> int:
    """Every input once."""
    return bytes_of(call.inputs)


def written_all(call: Executed) -> int:
    """Every output once."""
    return bytes_of(call.outputs)


def nothing(_call: Executed) -> int:
    """None."""
    return 0


def per_output(operations: int) -> Amount:
    """So many operations for each element of the first output."""
    return lambda call: operations * call.output.elements


def per_input(operations: int, place: int = 0) -> Amount:
    """So many operations for each element of an input."""
    return lambda call: operations * call.need(place).elements


def selected(data: int = 0) -> Amount:
    """Of one input only what comes out is read; all others as they are."""

    def read(call: Executed) -> int:
        others = [shape for place, shape in enumerate(call.inputs) if place != data]
        return bytes_of(others) + bytes_of(call.outputs)

    return read


def window_of(call: Executed) -> int:
    """Elements of the window of a pooling operator."""
    return math.prod(call.attribute("kernel_shape", ()) or (1,))
