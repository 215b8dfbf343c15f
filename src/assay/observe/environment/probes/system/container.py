"""The container around the process, and the limits of its control groups."""

from __future__ import annotations

import re

from assay.observe.environment import cgroups
from assay.observe.environment.facts import Facts, Unknown, first, known, spread
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources

_MARKS = (("/run/.containerenv", "podman"), ("/.dockerenv", "docker"))
_PATHS = (
    ("kubepods", "kubernetes"),
    ("libpod", "podman"),
    ("docker", "docker"),
    ("cri-containerd", "containerd"),
    ("containerd", "containerd"),
    ("crio", "cri-o"),
    ("lxc", "lxc"),
    ("machine.slice", "systemd-nspawn"),
    ("garden", "garden"),
)
_CPU_FIELDS = ("cpu_quota_cores", "cpu_weight", "throttled_ns", "periods", "throttled_periods")
_MEMORY_FIELDS = ("memory_limit_bytes", "swap_limit_bytes", "memory_used_bytes", "memory_peak_bytes")
_CPUSET_FIELDS = ("cpuset", "cpuset_memory_nodes")


def _read(sources: Sources) -> Facts:
    cpu, memory, cpuset = (cgroups.group_of(sources, name) for name in ("cpu", "memory", "cpuset"))
    runtime = runtime_of(sources)
    own = first((memory, cpu))
    return {
        "runtime": runtime,
        "image": _image(sources, runtime),
        "cgroup_version": own if isinstance(own, Unknown) else own.version,
        "cgroup_path": own if isinstance(own, Unknown) else own.path,
        **(spread(_CPU_FIELDS, cpu) if isinstance(cpu, Unknown) else _cpu(sources, cpu)),
        **(spread(_MEMORY_FIELDS, memory) if isinstance(memory, Unknown) else _memory(sources, memory)),
        **(spread(_CPUSET_FIELDS, cpuset) if isinstance(cpuset, Unknown) else _cpuset(sources, cpuset)),
    }


def runtime_of(sources: Sources) -> str:
    """What made the container, or ``none``: from the marks that runtimes leave."""
    if "KUBERNETES_SERVICE_HOST" in sources.environ:
        return "kubernetes"
    for mark, runtime in _MARKS:
        if sources.exists(mark):
            return runtime
    return _named_by_init(sources) or _named_by_group(sources) or "none"


def _named_by_init(sources: Sources) -> str | None:
    """By convention the runtime sets ``container=`` for the first process."""
    own = sources.environ.get("container")
    first_process = known(sources.text("proc/1/environ")) or ""
    stated = re.search(r"(?:^|\0)container=([A-Za-z0-9_.-]{1,64})", first_process)
    return own or (stated[1] if stated else None) or known(sources.text("run/systemd/container"))


def _named_by_group(sources: Sources) -> str | None:
    groups = known(sources.text("proc/self/cgroup")) or ""
    return next((runtime for word, runtime in _PATHS if re.search(rf"[/-]{re.escape(word)}", groups)), None)


def _image(sources: Sources, runtime: str) -> str | Unknown:
    stated = re.search(r'^image="?([^"\n]+)', known(sources.text("run/.containerenv")) or "", re.MULTILINE)
    if stated:
        return stated[1]
    if sources.environ.get("ASSAY_CONTAINER_IMAGE"):
        return sources.environ["ASSAY_CONTAINER_IMAGE"]
    if runtime == "none":
        return Unknown("not in a container")
    return Unknown(f"{runtime} does not tell a container its image; set ASSAY_CONTAINER_IMAGE in it")


def _cpu(sources: Sources, group: cgroups.Group) -> Facts:
    own = group.levels[0]
    counts = cgroups.throttling(sources, group)
    fields = ("throttled_ns", "periods", "throttled_periods")
    return {
        "cpu_quota_cores": cgroups.cpu_quota_cores(sources, group),
        "cpu_weight": sources.integer(f"{own}/cpu.weight" if group.version == 2 else f"{own}/cpu.shares"),
        **(spread(fields, counts) if isinstance(counts, Unknown) else counts),
    }


def _memory(sources: Sources, group: cgroups.Group) -> Facts:
    own, is_v2 = group.levels[0], group.version == 2
    limit = cgroups.limit_bytes(sources, group, v1="memory.limit_in_bytes", v2="memory.max")
    swap = cgroups.limit_bytes(sources, group, v1="memory.memsw.limit_in_bytes", v2="memory.swap.max")
    if not is_v2 and not isinstance(swap, Unknown):
        # Version 1 limits memory and swap together.
        swap = Unknown("no limit of memory alone is set") if isinstance(limit, Unknown) else max(0, swap - limit)
    return {
        "memory_limit_bytes": limit,
        "swap_limit_bytes": swap,
        "memory_used_bytes": sources.integer(f"{own}/{'memory.current' if is_v2 else 'memory.usage_in_bytes'}"),
        "memory_peak_bytes": sources.integer(f"{own}/{'memory.peak' if is_v2 else 'memory.max_usage_in_bytes'}"),
    }


def _cpuset(sources: Sources, group: cgroups.Group) -> Facts:
    return {
        "cpuset": _listed(sources, group, ("cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus")),
        "cpuset_memory_nodes": _listed(
            sources, group, ("cpuset.mems.effective", "cpuset.effective_mems", "cpuset.mems")
        ),
    }


def _listed(sources: Sources, group: cgroups.Group, names: tuple[str, ...]) -> str | Unknown:
    """The nearest group that states a list: an empty or missing one inherits from above."""
    return first(sources.text(f"{folder}/{name}") for folder in group.levels for name in names)


PLUGIN = Probe(
    section="container",
    fields=("runtime", "image", "cgroup_version", "cgroup_path", *_CPU_FIELDS, *_MEMORY_FIELDS, *_CPUSET_FIELDS),
    read=_read,
)
