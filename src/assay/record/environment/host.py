"""The operating system and the control groups around the process, and how busy the machine was."""

from __future__ import annotations

from assay.record.base import Count, Name, Ratio, Record, Text, Whole


class Container(Record, kw_only=True):
    """The container and control-group limits around the process."""

    runtime: Name | None
    """``docker``, ``podman``, ``kubernetes``, ``lxc`` …, or ``none``."""
    image: Name | None
    """Image name, where the container states it."""
    cgroup_version: Count | None
    """1 or 2."""
    cgroup_path: Name | None
    """The process's own group, of the memory controller where each controller has its own."""
    cpu_quota_cores: float | None
    """Processor time allowed per second of wall time: the least over the group and those above it."""
    cpu_weight: Count | None
    """Share of processor time under contention: ``cpu.weight`` (version 2) or ``cpu.shares`` (version 1)."""
    cpuset: Name | None
    """Processors the group may use, as a list."""
    cpuset_memory_nodes: Name | None
    """Memory nodes the group may use, as a list."""
    memory_limit_bytes: Count | None
    """Memory limit: the least over the group and those above it."""
    swap_limit_bytes: Count | None
    """Swap limit of the group: the least over the group and those above it."""
    memory_used_bytes: Count | None
    """Memory charged to the group when the run began."""
    memory_peak_bytes: Count | None
    """Highest use of the group so far."""
    throttled_ns: Count | None
    """Time the group has been throttled so far."""
    periods: Count | None
    """Number of enforcement periods so far."""
    throttled_periods: Count | None
    """Number of periods with throttling so far."""


class Kernel(Record, kw_only=True):
    """The operating system."""

    system: Name | None
    """Name of the operating system."""
    release: Name | None
    """Kernel release."""
    version: Name | None
    """Kernel build."""
    distribution: Name | None
    """Distribution's pretty name."""
    libc: Name | None
    """C library and its version."""
    command_line: Text | None
    """Kernel command line, secrets masked."""
    mitigations: tuple[Name, ...] | None
    """``vulnerability: state`` per known processor vulnerability, sorted."""
    clock_source: Name | None
    """The kernel's current clock source."""
    clock_resolution_ns: Count | None
    """Resolution of the monotonic clock."""
    aslr: Count | None
    """Address-space randomisation level."""
    perf_event_paranoid: Whole | None
    """Kernel's perf permission level."""
    uptime_s: float | None
    """Time since boot."""


class Sensor(Record, kw_only=True):
    """One temperature sensor of the host."""

    name: Name
    """Its chip or zone, and its label."""
    temperature_c: float | None
    """What it showed when the run began."""
    critical_c: float | None
    """Temperature at which the machine protects itself."""


class Load(Record, kw_only=True):
    """How busy the machine was when the run began."""

    load_1m: float | None
    """Runnable tasks, averaged over one minute."""
    load_5m: float | None
    """Runnable tasks, averaged over five minutes."""
    load_15m: float | None
    """Runnable tasks, averaged over fifteen minutes."""
    tasks: Count | None
    """Processes and threads that existed."""
    steal: Ratio | None
    """Share of processor time since boot that a hypervisor gave to others."""
    cpu_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for a processor."""
    memory_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for memory."""
    io_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for input or output."""
    temperature_c: float | None
    """Hottest processor sensor."""
    sensors: tuple[Sensor, ...] | None
    """Every temperature sensor, sorted by name."""
