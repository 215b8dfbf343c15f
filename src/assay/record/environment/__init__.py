"""Where a run took place: every fact that can change its numbers, each missing one null with a reason."""

from __future__ import annotations

from typing import ClassVar

from assay.record.base import Name, SelfChecked
from assay.record.environment.gpu import Gpu, GpuProcess
from assay.record.environment.host import Container, Kernel, Load, Sensor
from assay.record.environment.processor import Cpu, Memory, NumaNode, RaplZone
from assay.record.environment.software import Git, Package, Python, ThreadPool, Variable

__all__ = [
    "Container",
    "Cpu",
    "Environment",
    "Git",
    "Gpu",
    "GpuProcess",
    "Kernel",
    "Load",
    "Memory",
    "NumaNode",
    "Package",
    "Python",
    "RaplZone",
    "Sensor",
    "ThreadPool",
    "Variable",
]


class Environment(SelfChecked, kw_only=True):
    """Every fact about the place of the run that can change its numbers."""

    MAY_BE_NULL: ClassVar[frozenset[str]] = frozenset()

    hostname_sha256: Name | None
    """Hash of the host's name: tells machines apart without naming them."""
    cpu: Cpu
    """The processor."""
    rapl: tuple[RaplZone, ...] | None
    """Energy counters of the processor."""
    memory: Memory
    """Main memory."""
    container: Container
    """Container and limits."""
    kernel: Kernel
    """Operating system."""
    load: Load
    """How busy the machine was."""
    python: Python
    """Interpreter and packages."""
    variables: tuple[Variable, ...] | None
    """Environment variables that change performance, sorted by name."""
    git: Git
    """Source state of the target's folder."""
    gpus: tuple[Gpu, ...] | None
    """GPUs the driver shows."""
