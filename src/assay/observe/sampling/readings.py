"""Readings of the machine and of the target's control group: names ending in their unit, and numbers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from assay.observe.environment.cgroups import Group, group_of, throttling
from assay.observe.environment.facts import Unknown
from assay.observe.environment.sources import Sources
from assay.observe.tree.proc import read

Reading = tuple[str, float]

_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_STALL = re.compile(rb"^(some|full) .*total=(\d+)", re.MULTILINE)
_KINDS = ("cpu", "io", "memory")
_COUNTED = {b"ctxt": "context_switches", b"processes": "forks", b"procs_running": "running_tasks"}
_CPU_TIMES = ("user_s", "nice_s", "system_s", "idle_s", "iowait_s", "irq_s", "softirq_s", "steal_s")
_KEPT_TIMES = frozenset({"idle_s", "iowait_s", "steal_s"})
_PAGED = re.compile(rb"^(pswpin|pswpout) (\d+)", re.MULTILINE)
_PAGES = {b"pswpin": "swapped_in_pages", b"pswpout": "swapped_out_pages"}
_AVAILABLE = re.compile(rb"^MemAvailable:\s+(\d+) kB", re.MULTILINE)
_GROUP_KEYS = {"periods": "group_periods", "throttled_periods": "group_throttled_periods"}


class Machine:
    """The machine as one process meets it."""

    def __init__(self, pid: int) -> None:
        self._sources = Sources(environ={}, cwd=Path("/"))
        self._throttled = _known_group(self._sources, "cpu", pid)
        self._pressed = _unified_folder(pid)

    def readings(self) -> Iterator[Reading]:
        """Everything that can be read now; what can't is left out."""
        for kind in _KINDS:
            yield from stalls(f"pressure_{kind}", read(f"/proc/pressure/{kind}"))
            if self._pressed is not None:
                yield from stalls(f"group_pressure_{kind}", read(f"{self._pressed}/{kind}.pressure"))
        yield from counters(read("/proc/stat"))
        yield from ((_PAGES[name], float(pages)) for name, pages in _PAGED.findall(read("/proc/vmstat") or b""))
        yield from (("available_bytes", 1024.0 * int(kib)) for kib in _AVAILABLE.findall(read("/proc/meminfo") or b""))
        load = (read("/proc/loadavg") or b"").split()
        if load:
            yield "load_1min", float(load[0])
        yield from self._throttling()

    def _throttling(self) -> Iterator[Reading]:
        totals = None if self._throttled is None else throttling(self._sources, self._throttled)
        if totals is not None and not isinstance(totals, Unknown):
            yield from ((name, float(totals[key])) for key, name in _GROUP_KEYS.items())
            yield "group_throttled_us", totals["throttled_ns"] / 1e3


def stalls(name: str, data: bytes | None) -> Iterator[Reading]:
    """Totals of one pressure file: time in which some, or all, of the tasks had to wait."""
    yield from ((f"{name}_{who.decode()}_us", float(total)) for who, total in _STALL.findall(data or b""))


def counters(data: bytes | None) -> Iterator[Reading]:
    """Counters of ``/proc/stat``: times of all processors together, forks, switches, runnable tasks."""
    for line in (data or b"").splitlines():
        key, _, rest = line.partition(b" ")
        if key == b"cpu":
            times = zip(_CPU_TIMES, rest.split(), strict=False)
            yield from ((name, int(ticks) * _TICK_S) for name, ticks in times if name in _KEPT_TIMES)
        elif key in _COUNTED:
            yield _COUNTED[key], float(rest)


def _known_group(sources: Sources, controller: str, pid: int) -> Group | None:
    group = group_of(sources, controller, process=str(pid))
    return None if isinstance(group, Unknown) else group


def _unified_folder(pid: int) -> str | None:
    """Folder of the process's group of version 2, in which pressure is counted; None where there is none."""
    for mount in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        for line in (read(f"/proc/{pid}/cgroup") or b"").splitlines():
            folder = f"{mount}{os.fsdecode(line[3:])}".rstrip("/")
            if line.startswith(b"0::/") and Path(folder, "cpu.pressure").exists():
                return folder
    return None
