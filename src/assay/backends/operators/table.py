"""The table of operators: what each computes, reads and writes. An operator that is not in it stays unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assay.backends.operators import products
from assay.backends.operators.control import gathered_outputs
from assay.backends.operators.work import (
    Amount,
    Executed,
    Unknown,
    Work,
    nothing,
    per_input,
    per_output,
    read_all,
    selected,
    window_of,
    written_all,
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one operator is counted."""

    flops: Amount
    read: Amount = read_all
    written: Amount = written_all


_LIGHT = (
    "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh Elu Erf Exp Floor Gelu HardSigmoid HardSwish IsInf IsNaN "
    "LeakyRelu Log Mish Neg Not PRelu Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt "
    "Swish Tan Tanh ThresholdedRelu BitwiseNot QuickGelu FastGelu Clip "
    "Add And BitShift BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Mod Mul Or Pow "
    "Sub Xor Where QLinearLeakyRelu QLinearSigmoid QLinearSoftmax QLinearWhere QuantizeLinear"
)
_TWO = "BiasGelu DequantizeLinear BiasAdd BiasDropout ScaledTanh ParametricSoftplus RotaryEmbedding BatchNormalization"
_THREE = "QLinearAdd QLinearMul BiasSplitGelu"
_MOVED = (
    "Cast CastLike Compress Concat ConcatFromSequence ConstantOfShape Constant DepthToSpace Expand EyeLike "
    "Flatten Identity NonZero OneHot Pad Range Reshape ReverseSequence SpaceToDepth Squeeze Tile Transpose Trilu "
    "Unsqueeze ReorderInput ReorderOutput QLinearConcat Dropout ScatterElements ScatterND Scatter Unique "
    "MemcpyFromHost MemcpyToHost"
)
_SELECTED = "Gather GatherElements GatherND Slice Split SplitToSequence"
_REDUCED = (
    "ReduceMax ReduceMin ReduceSum ReduceMean ReduceProd ReduceL1 ArgMax ArgMin TopK Sum Max Min CumSum Hardmax "
    "GlobalAveragePool GlobalMaxPool QLinearGlobalAveragePool QLinearReduceMean Mean NhwcGlobalAveragePool"
)
_REDUCED_TWICE = "ReduceSumSquare ReduceL2 ReduceLogSum"
_PRODUCTS = "MatMul FusedMatMul TransposeMatMul MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul QLinearMatMul"

_NORMALISED = 8
"""Operations for one element of a normalisation: mean, variance, scaling, shift."""
_SOFTENED = 5
"""Operations for one element of softmax: maximum, difference, exponential, sum, quotient."""


def _each(names: str, rule: Rule) -> Iterable[tuple[str, Rule]]:
    return ((name, rule) for name in names.split())


def _pooled(call: Executed) -> int:
    return window_of(call) * call.output.elements


def _all_inputs(call: Executed) -> int:
    return sum(shape.elements for shape in call.inputs if shape is not None)


def _skipped_norm(call: Executed) -> int:
    return (_NORMALISED + 1 + (call.input(4) is not None)) * call.output.elements


def _resized(call: Executed) -> int:
    if call.attribute("mode", "nearest") == "nearest":
        return 0
    if call.attribute("mode", "nearest") != "linear":
        raise Unknown("a resizing that is neither nearest nor linear")
    ratios = zip(call.output.dims, call.need(0).dims, strict=True)
    corners: int = 2 ** sum(after != before for after, before in ratios)
    return 2 * corners * call.output.elements


RULES: dict[str, Rule] = {
    **dict(_each(_LIGHT, Rule(flops=per_output(1)))),
    **dict(_each(_TWO, Rule(flops=per_output(2)))),
    **dict(_each(_THREE, Rule(flops=per_output(3)))),
    **dict(_each(_MOVED, Rule(flops=nothing))),
    **dict(_each(_SELECTED, Rule(flops=nothing, read=selected()))),
    **dict(_each(_REDUCED, Rule(flops=_all_inputs))),
    **dict(_each(_REDUCED_TWICE, Rule(flops=per_input(2)))),
    **dict(_each(_PRODUCTS, Rule(flops=products.matrix_product))),
    **dict(_each("Shape Size", Rule(flops=nothing, read=nothing))),
    **dict(_each("If", Rule(flops=nothing, read=nothing, written=nothing))),
    **dict(_each("Loop Scan", Rule(flops=nothing, read=gathered_outputs, written=gathered_outputs))),
    **dict(_each("Gemm FusedGemm", Rule(flops=products.general_product))),
    "QGemm": Rule(flops=products.quantised_general_product),
    "MatMulNBits": Rule(flops=products.block_product),
    "Einsum": Rule(flops=products.contraction),
    **dict(_each("Conv FusedConv NhwcFusedConv NhwcConv", Rule(flops=products.convolution(1, 2)))),
    **dict(_each("QLinearConv", Rule(flops=products.convolution(3, 8)))),
    **dict(_each("ConvInteger", Rule(flops=products.convolution(1, 9)))),
    "ConvTranspose": Rule(flops=products.transposed_convolution),
    **dict(_each("LSTM GRU RNN DynamicQuantizeLSTM", Rule(flops=products.recurrence))),
    **dict(_each("Softmax LogSoftmax BiasSoftmax ReduceLogSumExp", Rule(flops=per_input(_SOFTENED)))),
    **dict(
        _each(
            "LayerNormalization SimplifiedLayerNormalization RMSNormalization InstanceNormalization GroupNormalization "
            "MeanVarianceNormalization LpNormalization LRN GroupNorm",
            Rule(flops=per_input(_NORMALISED)),
        )
    ),
    **dict(_each("SkipLayerNormalization SkipSimplifiedLayerNormalization", Rule(flops=_skipped_norm))),
    "EmbedLayerNormalization": Rule(
        flops=per_output(_NORMALISED + 2), read=lambda call: 3 * written_all(call) + read_ids(call)
    ),
    "DynamicQuantizeLinear": Rule(flops=per_input(4)),
    **dict(_each("AveragePool MaxPool LpPool NhwcMaxPool QLinearAveragePool NhwcAveragePool", Rule(flops=_pooled))),
    **dict(_each("Resize Upsample", Rule(flops=_resized))),
    "Attention": Rule(flops=products.packed_attention),
    "MultiHeadAttention": Rule(flops=products.split_attention),
    "QAttention": Rule(flops=products.packed_attention),
}
"""By the operator's name, whatever its domain."""

_STANDARD = {"Attention": Rule(flops=products.standard_attention)}
"""Operators of ONNX whose name another domain uses for something else."""

_INTEGER = (
    "MatMulInteger MatMulIntegerToFloat DynamicQuantizeMatMul QLinearMatMul QLinearConv ConvInteger QGemm "
    "DynamicQuantizeLSTM QAttention"
)
INTEGER = frozenset(_INTEGER.split())
"""Operators whose products are of whole numbers of 8 bits."""


def read_ids(call: Executed) -> int:
    """Numbers of tokens and segments."""
    return sum(shape.nbytes or 0 for shape in call.inputs[:2] if shape is not None)


def work_of(call: Executed) -> Work:
    """What the call has to do at least; raises Unknown with the reason where the table can't say."""
    op = call.node.op
    rule = _STANDARD.get(op) if call.node.domain in {"", "ai.onnx"} else None
    rule = rule or RULES.get(op)
    if rule is None:
        raise Unknown(f"the table of operators has no {op}")
    try:
        return Work(flops=int(rule.flops(call)), read_bytes=rule.read(call), written_bytes=rule.written(call))
    except (IndexError, ValueError, TypeError) as error:
        raise Unknown(f"shapes of {op} are not what the table expects") from error
