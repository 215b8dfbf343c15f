"""The rule for "same": one table puts every fact of a record in a group; hashes and differences both read it.

- *workload*: what ran and what it was asked to do. Two runs of the same workload may be compared.
- *configuration*: how it was set up and measured: options, variables, collectors, Assay and its core, source state.
- *machine*: what kind of machine in which state of software, limits and permanent settings included.
- *state*: facts of the moment (load, temperatures, clocks, memory in use) and permissions; in no hash.
- *results*: what was measured; in no hash.
- *identity*: names of this one run, host or folder that do not change its numbers; in no hash.
- *always*: ids and times that differ between any two runs; in no hash and never listed as a difference.
"""

from __future__ import annotations

from enum import StrEnum


class Group(StrEnum):
    """What a fact says about a run."""

    WORKLOAD = "workload"
    CONFIGURATION = "configuration"
    MACHINE = "machine"
    STATE = "state"
    RESULTS = "results"
    IDENTITY = "identity"
    ALWAYS = "always"


GROUPS: dict[str, Group] = {
    "/schema_version": Group.IDENTITY,
    "/id": Group.ALWAYS,
    "/created": Group.ALWAYS,
    "/status": Group.RESULTS,
    "/status_reason": Group.RESULTS,
    "/plan": Group.CONFIGURATION,
    "/plan/target": Group.WORKLOAD,
    "/plan/target/cwd": Group.IDENTITY,
    "/plan/target/variables": Group.CONFIGURATION,
    "/plan/workload": Group.WORKLOAD,
    "/plan/options/source": Group.IDENTITY,
    "/position": Group.IDENTITY,
    "/outcome": Group.RESULTS,
    "/clock": Group.ALWAYS,
    "/clock/source": Group.MACHINE,
    "/clock/anchor_error_ns": Group.STATE,
    "/fingerprints": Group.ALWAYS,
    "/software": Group.CONFIGURATION,
    "/software/absent": Group.STATE,
    "/environment": Group.MACHINE,
    "/environment/absent": Group.STATE,
    "/environment/container/cgroup_path": Group.IDENTITY,
    "/environment/container/memory_peak_bytes": Group.STATE,
    "/environment/container/memory_used_bytes": Group.STATE,
    "/environment/container/periods": Group.STATE,
    "/environment/container/throttled_ns": Group.STATE,
    "/environment/container/throttled_periods": Group.STATE,
    "/environment/cpu/frequency_now_hz": Group.STATE,
    "/environment/cpu/throttle_events": Group.STATE,
    "/environment/git": Group.CONFIGURATION,
    "/environment/git/branch": Group.IDENTITY,
    "/environment/gpus/memory_clock_hz": Group.STATE,
    "/environment/gpus/memory_used_bytes": Group.STATE,
    "/environment/gpus/pci_bus": Group.IDENTITY,
    "/environment/gpus/power_w": Group.STATE,
    "/environment/gpus/processes": Group.STATE,
    "/environment/gpus/sm_clock_hz": Group.STATE,
    "/environment/gpus/temperature_c": Group.STATE,
    "/environment/gpus/throttle_reasons": Group.STATE,
    "/environment/gpus/utilisation": Group.STATE,
    "/environment/gpus/uuid": Group.IDENTITY,
    "/environment/hostname_sha256": Group.IDENTITY,
    "/environment/kernel/command_line": Group.IDENTITY,
    "/environment/kernel/uptime_s": Group.STATE,
    "/environment/load": Group.STATE,
    "/environment/memory/available_bytes": Group.STATE,
    "/environment/memory/nodes/free_bytes": Group.STATE,
    "/environment/memory/swap_used_bytes": Group.STATE,
    "/environment/python/blas/loaded": Group.STATE,
    "/environment/python/blas/threads": Group.STATE,
    "/environment/python/blas/version": Group.STATE,
    "/environment/python/executable": Group.IDENTITY,
    "/environment/rapl": Group.STATE,
    "/environment/variables": Group.CONFIGURATION,
    "/devices": Group.RESULTS,
    "/ops": Group.RESULTS,
    "/steps": Group.RESULTS,
    "/metrics": Group.RESULTS,
    "/energy": Group.RESULTS,
    "/energy/start_ns": Group.ALWAYS,
    "/energy/end_ns": Group.ALWAYS,
    "/quality": Group.RESULTS,
    "/series": Group.RESULTS,
    "/artifacts": Group.RESULTS,
    "/expectations": Group.IDENTITY,
    "/expectations/stated_utc_ns": Group.ALWAYS,
    "/migration": Group.IDENTITY,
}
"""Group by place in the record, rows' numbers left out; the longest prefix decides."""

ROW_KEYS: dict[str, tuple[str, ...]] = {
    "absent": ("field",),
    "artifacts": ("file",),
    "blas": ("kind", "library"),
    "devices": ("id",),
    "energy": ("source", "device", "phase"),
    "evidence": ("name",),
    "expectations": ("claim",),
    "gpus": ("index",),
    "legacy": ("pointer",),
    "metrics": ("name", "device", "phase"),
    "nodes": ("node",),
    "ops": ("name", "kind", "device", "phase", "layer"),
    "options": ("name",),
    "packages": ("name",),
    "processes": ("pid",),
    "quality": ("id",),
    "rapl": ("interface", "name"),
    "sensors": ("name",),
    "series": ("file",),
    "statistical": ("cell",),
    "steps": ("step", "layer", "phase", "device"),
    "variables": ("name",),
}
"""What tells the rows of a table apart, so that order and an added row make no difference."""

SETS = frozenset(
    {"collectors", "features", "idle_states", "mig_profiles", "mitigations", "sources", "throttle_reasons"}
)
"""Lists of plain values whose order means nothing."""


def group_of(path: str) -> Group:
    """The group of the fact at ``path``, a JSON pointer without the rows' numbers."""
    while path not in GROUPS:
        path = path.rpartition("/")[0]
    return GROUPS[path]
