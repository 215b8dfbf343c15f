"""GPUs as their driver describes them."""

from __future__ import annotations

from assay.record.base import Count, Name, Ratio, Record


class GpuProcess(Record, kw_only=True):
    """Another process on the device when the run began."""

    pid: Count
    """Its id."""
    memory_bytes: Count | None
    """Device memory it holds."""


class Gpu(Record, kw_only=True):
    """One GPU as its driver describes it."""

    index: Count
    """Index in the driver's order."""
    name: Name
    """Product name."""
    uuid: Name
    """Stable identifier."""
    driver: Name | None
    """Driver version."""
    cuda: Name | None
    """Highest CUDA version of the driver."""
    vbios: Name | None
    """VBIOS version."""
    pci_bus: Name | None
    """Bus address."""
    memory_bytes: Count | None
    """Device memory."""
    memory_used_bytes: Count | None
    """Device memory in use when the run began."""
    sm_clock_hz: Count | None
    """Current SM clock."""
    sm_clock_max_hz: Count | None
    """Highest SM clock."""
    memory_clock_hz: Count | None
    """Current memory clock."""
    memory_clock_max_hz: Count | None
    """Highest memory clock."""
    power_w: float | None
    """Power drawn when the run began."""
    power_limit_w: float | None
    """Enforced power limit."""
    power_limit_default_w: float | None
    """Default power limit."""
    power_limit_max_w: float | None
    """Highest power limit that may be set."""
    temperature_c: float | None
    """Core temperature."""
    temperature_slowdown_c: float | None
    """Temperature at which the device slows down."""
    utilisation: Ratio | None
    """Share of the last sampling period in which a kernel ran."""
    compute_mode: Name | None
    """Who may use it: ``default``, ``exclusive_process`` or ``prohibited``."""
    pcie_generation: Count | None
    """PCI Express generation in use."""
    pcie_width: Count | None
    """PCI Express lanes in use."""
    persistence_mode: bool | None
    """Whether the driver stays loaded."""
    ecc_enabled: bool | None
    """Whether error correction is on."""
    mig_enabled: bool | None
    """Whether the device is partitioned."""
    mig_profiles: tuple[Name, ...] | None
    """Instances of a partitioned device."""
    throttle_reasons: tuple[Name, ...] | None
    """Active clock event reasons."""
    processes: tuple[GpuProcess, ...] | None
    """Other processes on it."""
