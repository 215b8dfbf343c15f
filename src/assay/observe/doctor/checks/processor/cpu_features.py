"""Whether the processor has the vector instructions that kernels are built for."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_SHOWN = (
    "avx2",
    "fma",
    "f16c",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "avx_vnni",
    "amx_tile",
    "asimd",
    "sve",
    "bf16",
    "i8mm",
)
_ENOUGH = ({"avx2", "fma", "f16c"}, {"asimd"})
"""Any of these sets carries more than the portable kernels."""


def _look(surroundings: Surroundings) -> Finding:
    features = surroundings.environment.cpu.features
    if features is None:
        fault = Fault(
            reason=surroundings.why("/cpu/features"),
            lost="the theoretical peak of this processor, and thus every distance from it",
            enable="mount /proc where Assay runs: mount -t proc proc /proc",
        )
        return missing("nothing", fault)
    shown = [name for name in _SHOWN if name in features]
    found = (
        f"{surroundings.environment.cpu.model or 'processor'}: {', '.join(shown) or 'no vector extensions known here'}"
    )
    if any(needed <= set(features) for needed in _ENOUGH):
        return ok(found)
    fault = Fault(
        reason="the processor, or the hypervisor in front of it, shows no AVX2 with FMA",
        lost="the fast kernels: the portable ones run instead, several times slower",
        enable="use a newer processor; in a virtual machine pass the host's through (QEMU: -cpu host)",
    )
    return degraded(found, fault)


PLUGIN = Inspection("Vector instructions", _look)
