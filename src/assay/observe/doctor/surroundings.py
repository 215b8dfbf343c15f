"""All that checks look at: the captured environment, the machine's files, and instruments that touch the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from assay.observe.doctor.instruments import Instruments
from assay.observe.environment import Sources, capture_from
from assay.record.environment import Environment

_SYS_PTRACE, _SYS_ADMIN, _PERFMON = 19, 21, 38
CAPABILITIES = {"ptrace": (_SYS_PTRACE,), "perf": (_PERFMON, _SYS_ADMIN)}
"""Numbers of the capabilities, any of which permits the thing."""


@dataclass(frozen=True)
class Surroundings:
    """One machine and process as checks see them."""

    sources: Sources = field(default_factory=Sources)
    instruments: Instruments = field(default_factory=Instruments)

    @cached_property
    def environment(self) -> Environment:
        """Every fact that a run would record."""
        return capture_from(self.sources)

    def why(self, field_pointer: str) -> str:
        """Why a fact of the environment is null."""
        reasons = {entry.field: entry.reason for entry in self.environment.absent}
        return reasons.get(field_pointer, "it is not stated")

    @property
    def in_container(self) -> bool:
        """Whether a container runtime was recognised."""
        return self.environment.container.runtime not in {None, "none"}

    @property
    def is_virtual(self) -> bool:
        """Whether a hypervisor was recognised."""
        return self.environment.cpu.virtualisation not in {None, "none"}

    @property
    def usable_cores(self) -> float | None:
        """Processors' worth of time this process may use: affinity, and the control groups' quota."""
        affinity, quota = self.environment.cpu.affinity, self.environment.container.cpu_quota_cores
        limits = [limit for limit in (len(affinity) if affinity else None, quota) if limit]
        return min(limits) if limits else None

    def may(self, action: str) -> bool:
        """Whether the process has a capability that permits the action."""
        text = self.sources.text("proc/self/status")
        lines = text.splitlines() if isinstance(text, str) else []
        masks = [line.split()[1] for line in lines if line.startswith("CapEff:") and len(line.split()) == 2]
        mask = int(masks[0], 16) if masks else 0
        return any(mask >> number & 1 for number in CAPABILITIES[action])
