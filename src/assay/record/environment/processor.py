"""The processor, its energy counters and the memory beside it."""

from __future__ import annotations

from assay.record.base import Count, Name, Record


class Cpu(Record, kw_only=True):
    """The processor as the operating system shows it to this process."""

    model: Name | None
    """Name as the processor gives it."""
    vendor: Name | None
    """Vendor string."""
    signature: Name | None
    """Family, model and stepping (x86) or implementer, part and revision (Arm), joined by ``-``."""
    microcode: Name | None
    """Microcode revision."""
    architecture: Name | None
    """Machine name of the kernel, for example ``x86_64``."""
    features: tuple[Name, ...] | None
    """Instruction-set features, sorted."""
    sockets: Count | None
    """Physical packages."""
    physical_cores: Count | None
    """Cores over all packages."""
    logical_cpus: Count | None
    """Processors that are online."""
    affinity: tuple[Count, ...] | None
    """Processors this process may run on."""
    isolated: tuple[Count, ...] | None
    """Processors the scheduler leaves alone (``isolcpus``)."""
    smt_active: bool | None
    """Whether simultaneous multi-threading is on."""
    turbo_enabled: bool | None
    """Whether the processor may exceed its base frequency."""
    governor: Name | None
    """Frequency governor of the usable processors; several are joined by ``,``."""
    energy_preference: Name | None
    """Energy-performance preference of the usable processors."""
    frequency_driver: Name | None
    """Scaling driver."""
    frequency_min_hz: Count | None
    """Lowest frequency the driver may choose."""
    frequency_max_hz: Count | None
    """Highest frequency the driver may choose."""
    frequency_base_hz: Count | None
    """Frequency without turbo, as the driver states it."""
    frequency_now_hz: Count | None
    """Mean frequency of the usable processors when the run began."""
    idle_driver: Name | None
    """Driver that chooses idle states."""
    idle_states: tuple[Name, ...] | None
    """Names of the C-states that are enabled on the first usable processor, shallowest first."""
    throttle_events: Count | None
    """Thermal throttling events since boot, all cores and packages."""
    numa_nodes: Count | None
    """NUMA nodes that hold processors."""
    l1d_bytes: Count | None
    """Level-1 data cache of the first processor."""
    l2_bytes: Count | None
    """Level-2 cache of the first processor."""
    l3_bytes: Count | None
    """Level-3 cache of the first processor."""
    virtualisation: Name | None
    """Hypervisor that was detected, for example ``kvm``; ``none`` on bare metal."""
    product: Name | None
    """Vendor and product name of the machine, as its firmware states them."""


class RaplZone(Record, kw_only=True):
    """One energy counter of the processor."""

    name: Name
    """Zone name, for example ``package-0`` or ``dram``."""
    path: Name
    """Its folder."""
    kind: Name
    """``package``, ``core``, ``uncore``, ``dram``, ``psys`` or ``other``; which zones lie inside others."""
    interface: Name
    """``msr`` or ``mmio``: two interfaces to one counter, never to be added."""
    readable: bool
    """Whether this user may read its counter."""
    range_uj: Count | None
    """Value at which the counter wraps, in microjoules."""


class NumaNode(Record, kw_only=True):
    """One memory node."""

    node: Count
    """Its number."""
    cpus: tuple[Count, ...] | None
    """Processors that are near it."""
    total_bytes: Count | None
    """Its memory."""
    free_bytes: Count | None
    """Memory of it that was unused when the run began."""


class Memory(Record, kw_only=True):
    """Main memory."""

    total_bytes: Count | None
    """Installed and usable."""
    available_bytes: Count | None
    """Available without swapping when the run began."""
    swap_total_bytes: Count | None
    """Swap space."""
    swap_used_bytes: Count | None
    """Swap in use when the run began."""
    transparent_huge_pages: Name | None
    """Mode: ``always``, ``madvise`` or ``never``."""
    transparent_huge_pages_defrag: Name | None
    """When the kernel compacts memory for huge pages."""
    huge_pages_total: Count | None
    """Reserved huge pages."""
    huge_page_bytes: Count | None
    """Size of one huge page."""
    page_bytes: Count | None
    """Size of one ordinary page."""
    swappiness: Count | None
    """How readily the kernel swaps."""
    numa_balancing: bool | None
    """Whether the kernel moves pages between nodes."""
    nodes: tuple[NumaNode, ...] | None
    """Memory nodes, by number."""
