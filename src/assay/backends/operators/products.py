"""Operations of matrix products, convolutions, recurrent networks and attention."""

from __future__ import annotations

import math

from assay.backends.operators.work import Amount, Executed, Unknown


def matrix_product(call: Executed) -> int:
    """``MatMul`` and its kin: every output is a sum over the left side's last dimension."""
    left = call.need(0).dims
    if not left:
        raise Unknown("a product of a scalar")
    inner = left[-2] if call.attribute("transA", 0) and len(left) > 1 else left[-1]
    return 2 * call.output.elements * inner


def general_product(call: Executed) -> int:
    """``Gemm``: a product and, where there is one, its bias."""
    left = call.need(0).dims
    inner = left[0] if call.attribute("transA", 0) else left[-1]
    return (2 * inner + (call.input(2) is not None)) * call.output.elements


def quantised_general_product(call: Executed) -> int:
    """``QGemm``: products of whole numbers, with bias and rescaling."""
    left = call.need(0).dims
    inner = left[0] if call.attribute("transA", 0) else left[-1]
    return (2 * inner + (call.input(6) is not None) + 2) * call.output.elements


def block_product(call: Executed) -> int:
    """``MatMulNBits``: the weights' shape stands in attributes."""
    inner = int(call.attribute("K", 0))
    if not inner:
        raise Unknown("the inner dimension is not stated")
    return 2 * inner * call.output.elements


def convolution(weight_at: int, bias_at: int) -> Amount:
    """``Conv`` and its kin, with the weights and the bias at these inputs."""

    def operations(call: Executed) -> int:
        weight = (call.weight or call.need(weight_at)).dims
        outer = call.output.dims
        channels_last = call.node.op.startswith("Nhwc") or bool(call.attribute("channels_last", 0))
        space = math.prod(outer[1:-1] if channels_last else outer[2:])
        made = outer[0] * weight[0] * space
        extra = (call.input(bias_at) is not None) + bool(call.attribute("activation", ""))
        return made * (2 * math.prod(weight[1:]) + extra)

    return operations


def transposed_convolution(call: Executed) -> int:
    """``ConvTranspose``: every input meets the whole kernel."""
    bias = call.output.elements if call.input(2) is not None else 0
    return 2 * call.need(0).elements * math.prod(call.need(1).dims[1:]) + bias


_GATES = {"LSTM": (4, 13), "DynamicQuantizeLSTM": (4, 13), "GRU": (3, 11), "RNN": (1, 3)}
"""Gates, and operations beside the products for each element of the state."""


def recurrence(call: Executed) -> int:
    """``LSTM``, ``GRU`` and ``RNN``: for each step a product with the input and one with the state."""
    gates, extra = _GATES[call.node.op]
    steps_by_batch = math.prod(call.need(0).dims[:2])
    width = call.need(0).dims[2]
    directions = 2 if call.attribute("direction", "forward") == "bidirectional" else 1
    state = int(call.attribute("hidden_size", 0)) or call.need(2).dims[2]
    return steps_by_batch * directions * state * (2 * gates * (width + state) + extra)


def packed_attention(call: Executed) -> int:
    """``com.microsoft.Attention``: projections of one input and the attention of its tokens."""
    batch, tokens, width = call.need(0).dims
    wide = call.need(1).dims[1]
    inner = call.output.dims[-1]
    projections = batch * tokens * wide * (2 * width + 1)
    heads = int(call.attribute("num_heads", 1))
    past = call.input(4)
    seen = tokens + (past.dims[3] if past is not None and len(past.dims) == 5 else 0)
    return projections + attended(batch, tokens, seen, 2 * inner) + 5 * batch * heads * tokens * seen


def split_attention(call: Executed) -> int:
    """``MultiHeadAttention`` with queries, keys and values of their own."""
    query, key = call.need(0).dims, call.need(1).dims
    if len(query) != 3 or len(key) not in {3, 4}:
        raise Unknown("queries and keys are packed together")
    batch, tokens, width = query
    seen = key[1] if len(key) == 3 else key[2]
    heads = int(call.attribute("num_heads", 1))
    return attended(batch, tokens, seen, width + call.output.dims[-1]) + 5 * batch * heads * tokens * seen


def standard_attention(call: Executed) -> int:
    """``Attention`` of ONNX 23: three or four dimensions."""
    query, key = call.need(0).dims, call.need(1).dims
    tokens, seen = query[-2], key[-2]
    heads = query[1] if len(query) == 4 else int(call.attribute("q_num_heads", 1))
    width = query[1] * query[3] if len(query) == 4 else query[2]
    past = call.input(4)
    seen += past.dims[2] if past is not None and len(past.dims) == 4 else 0
    made = call.output.dims
    wide = made[1] * made[3] if len(made) == 4 else made[2]
    return attended(query[0], tokens, seen, width + wide) + 5 * query[0] * heads * tokens * seen


def attended(batch: int, tokens: int, seen: int, widths: int) -> int:
    """Scores and context: ``widths`` is that of the keys and of the values together."""
    return 2 * batch * tokens * seen * widths


def contraction(call: Executed) -> int:
    """``Einsum``: a multiplication and an addition for every combination of all its indices."""
    equation = str(call.attribute("equation", "")).replace(" ", "")
    terms = equation.partition("->")[0].split(",")
    sizes: dict[str, int] = {}
    if "." in equation or len(terms) != len(call.inputs):
        raise Unknown("an equation with an ellipsis")
    for term, place in zip(terms, range(len(terms)), strict=True):
        dims = call.need(place).dims
        if len(dims) != len(term):
            raise Unknown("an equation that does not fit its operands")
        sizes.update({letter: max(size, sizes.get(letter, 1)) for letter, size in zip(term, dims, strict=True)})
    return len(terms) * math.prod(sizes.values())
