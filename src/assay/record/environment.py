"""Where a run took place: every fact that can change its numbers, each missing one null with a reason."""

from __future__ import annotations

from typing import ClassVar

from assay.record.base import Count, Name, Ratio, Record, SelfChecked, Text


class Cpu(Record, kw_only=True):
    """The processor as the operating system shows it to this process."""

    model: Name | None
    """Name as the processor gives it."""
    vendor: Name | None
    """Vendor string."""
    microcode: Name | None
    """Microcode revision."""
    architecture: Name
    """Machine name of the kernel, for example ``x86_64``."""
    features: tuple[Name, ...]
    """Instruction-set features, sorted."""
    sockets: Count | None
    """Physical packages."""
    physical_cores: Count | None
    """Cores over all packages."""
    logical_cpus: Count
    """Processors that are online."""
    affinity: tuple[Count, ...]
    """Processors this process may run on."""
    smt_active: bool | None
    """Whether simultaneous multi-threading is on."""
    turbo_enabled: bool | None
    """Whether the processor may exceed its base frequency."""
    governor: Name | None
    """Frequency governor of the first usable processor."""
    frequency_driver: Name | None
    """Scaling driver."""
    frequency_min_hz: Count | None
    """Lowest frequency the driver may choose."""
    frequency_max_hz: Count | None
    """Highest frequency the driver may choose."""
    idle_states: tuple[Name, ...] | None
    """Names of the C-states that are enabled."""
    numa_nodes: Count | None
    """NUMA nodes that hold processors."""
    l1d_bytes: Count | None
    """Level-1 data cache of the first processor."""
    l2_bytes: Count | None
    """Level-2 cache of the first processor."""
    l3_bytes: Count | None
    """Level-3 cache of the first processor."""
    virtualisation: Name | None
    """Hypervisor or container technology that was detected; ``none`` on bare metal."""


class RaplZone(Record, kw_only=True):
    """One energy counter of the processor."""

    name: Name
    """Zone name, for example ``package-0`` or ``dram``."""
    path: Name
    """Its folder."""
    readable: bool
    """Whether this user may read its counter."""
    range_uj: Count | None
    """Value at which the counter wraps, in microjoules."""


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
    huge_pages_total: Count | None
    """Reserved huge pages."""
    huge_page_bytes: Count | None
    """Size of one huge page."""


class Container(Record, kw_only=True):
    """The container and control-group limits around the process."""

    runtime: Name | None
    """``docker``, ``podman``, ``kubernetes``, ``lxc`` …, or ``none``."""
    image: Name | None
    """Image name, where the container states it."""
    cgroup_version: Count | None
    """1 or 2."""
    cgroup_path: Name | None
    """The process's own group."""
    cpu_quota_cores: float | None
    """Processor time allowed per second of wall time."""
    cpuset: Name | None
    """Processors the group may use, as a list."""
    memory_limit_bytes: Count | None
    """Memory limit of the group."""
    memory_peak_bytes: Count | None
    """Highest use of the group so far."""
    throttled_ns: Count | None
    """Time the group has been throttled so far."""
    throttled_periods: Count | None
    """Number of periods with throttling so far."""


class Kernel(Record, kw_only=True):
    """The operating system."""

    system: Name
    """Name of the operating system."""
    release: Name
    """Kernel release."""
    version: Name
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
    clock_resolution_ns: Count
    """Resolution of the monotonic clock."""
    aslr: Count | None
    """Address-space randomisation level."""
    perf_event_paranoid: int | None
    """Kernel's perf permission level."""
    uptime_s: float | None
    """Time since boot."""


class Load(Record, kw_only=True):
    """How busy the machine was when the run began."""

    load_1m: float | None
    """Runnable tasks, averaged over one minute."""
    load_5m: float | None
    """Runnable tasks, averaged over five minutes."""
    processes: Count | None
    """Processes that existed."""
    cpu_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for a processor."""
    memory_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for memory."""
    io_pressure: Ratio | None
    """Share of the last 10 s in which some task waited for input or output."""
    temperature_c: float | None
    """Hottest processor sensor."""


class Package(Record, kw_only=True):
    """One installed Python distribution."""

    name: Name
    """Distribution name, normalised."""
    version: Name
    """Its version."""


class Variable(Record, kw_only=True):
    """One environment variable that the allow-list admits; secrets are masked."""

    name: Name
    """Name of the variable."""
    value: Text
    """Its value, masked where it looks like a secret."""


class Python(Record, kw_only=True):
    """The interpreter that measured."""

    version: Name
    """Full version."""
    implementation: Name
    """``CPython`` or another."""
    compiler: Name | None
    """What built it."""
    executable: Name | None
    """Path, with the home folder shortened to ``~``."""
    gil_enabled: bool | None
    """Whether the global interpreter lock is on."""
    packages: tuple[Package, ...]
    """Installed distributions, sorted by name."""
    blas: tuple[Name, ...]
    """Thread-pool libraries loaded, with version and threads, sorted."""


class Git(Record, kw_only=True):
    """The source state of the folder the target ran in."""

    commit: Name | None
    """Commit checked out."""
    branch: Name | None
    """Branch, null when detached."""
    dirty: bool | None
    """Whether tracked files differ from the commit."""


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
    sm_clock_hz: Count | None
    """Current SM clock."""
    sm_clock_max_hz: Count | None
    """Highest SM clock."""
    memory_clock_hz: Count | None
    """Current memory clock."""
    power_limit_w: float | None
    """Enforced power limit."""
    power_limit_default_w: float | None
    """Default power limit."""
    temperature_c: float | None
    """Core temperature."""
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
    variables: tuple[Variable, ...]
    """Environment variables that change performance, sorted by name."""
    git: Git
    """Source state of the target's folder."""
    gpus: tuple[Gpu, ...] | None
    """GPUs the driver shows."""
