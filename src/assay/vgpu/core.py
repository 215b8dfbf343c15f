"""Which core does the work: the compiled one, or Python where it could not be imported."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Literal, Protocol, cast


class Core(Protocol):
    """What both cores offer; ``_native.pyi`` says what each function does."""

    def compiler(self) -> str | None:
        """Name and version of the compiler; none where nothing was compiled."""

    def isa(self) -> str:
        """The instruction set in use."""

    def isas(self) -> tuple[str, ...]:
        """Those that could be used."""

    def cpu_features(self) -> tuple[str, ...]:
        """Usable processor features."""

    def clock_facts(self, window_ns: int, /) -> tuple[int, float, bool, float | None, float | None]:
        """Quality of the clock."""

    def kernels(self) -> tuple[tuple[str, str, str], ...]:
        """Family, name and rung of every kernel."""

    def sum_buffer(self, values: object, rung: str, /) -> float:
        """Sum of a buffer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoreInfo:
    """The core in use and what it was built and chosen for."""

    core: Literal["native", "python"]
    """``native`` is the compiled core, ``python`` its slow stand-in."""
    isa: str
    """Instruction set in use: ``avx512``, ``avx2``, ``portable``, or ``none`` for the Python core."""
    isas: tuple[str, ...]
    """Instruction sets that this machine and this core could use; ``ASSAY_ISA`` chooses one."""
    features: tuple[str, ...]
    """Usable processor features, sorted, by the kernel's names for them."""
    compiler: str | None
    """Compiler of the core, for example ``gcc 12.2.0``; none for the Python core."""
    reason: str
    """Why the native core is not in use; empty where it is."""


def _load() -> tuple[Core, str]:
    try:
        return cast("Core", importlib.import_module("assay.vgpu._native")), ""
    except ImportError as error:
        stand_in = importlib.import_module("assay.vgpu._python")
        return cast("Core", stand_in), f"{error}; install a C++ compiler and reinstall with ASSAY_REQUIRE_NATIVE=true"


active, _reason = _load()
"""The core in use, as a module."""


def core_info() -> CoreInfo:
    """The core in use.

    Raises ``ValueError`` when ``ASSAY_ISA`` names no instruction set, ``RuntimeError`` when it names one that can't be
    used here; both say what can.
    """
    return CoreInfo(
        core="python" if _reason else "native",
        isa=active.isa(),
        isas=active.isas(),
        features=active.cpu_features(),
        compiler=active.compiler(),
        reason=_reason,
    )
