"""What operators of control flow move themselves: the graphs they run are counted node by node."""

from __future__ import annotations

from assay.backends.operators.work import Executed, bytes_of


def gathered_outputs(call: Executed) -> int:
    """Outputs that are put together from all iterations; the others are handed on."""
    if call.node.op == "Loop":
        carried = len(call.node.inputs) - 2
    elif call.node.op == "Scan":
        carried = len(call.node.inputs) - int(call.attribute("num_scan_inputs", 0))
    else:
        carried = len(call.outputs)
    return bytes_of(call.outputs[max(0, carried) :])
