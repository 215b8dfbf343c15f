"""Main memory, swap, huge pages and memory nodes."""

from __future__ import annotations

import os
import re

from assay.observe.environment.facts import Facts, Rows, Unknown
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources, bracketed, parse_list
from assay.record.environment import NumaNode

_THP = "sys/kernel/mm/transparent_hugepage"
_NODES = "sys/devices/system/node"
_KIB = 1024


def _read(sources: Sources) -> Facts:
    text = sources.text("proc/meminfo")
    total, free = _stated(text, "SwapTotal"), _stated(text, "SwapFree")
    return {
        "total_bytes": _stated(text, "MemTotal"),
        "available_bytes": _stated(text, "MemAvailable"),
        "swap_total_bytes": total,
        "swap_used_bytes": total - free if isinstance(total, int) and isinstance(free, int) else free,
        "transparent_huge_pages": bracketed(sources.text(f"{_THP}/enabled")),
        "transparent_huge_pages_defrag": bracketed(sources.text(f"{_THP}/defrag")),
        "huge_pages_total": _stated(text, "HugePages_Total"),
        "huge_page_bytes": _stated(text, "Hugepagesize"),
        "page_bytes": os.sysconf("SC_PAGE_SIZE"),
        "swappiness": sources.integer("proc/sys/vm/swappiness"),
        "numa_balancing": _flag(sources.integer("proc/sys/kernel/numa_balancing")),
        "nodes": _nodes(sources),
    }


def _stated(text: str | Unknown, key: str) -> int | Unknown:
    """One line of a meminfo file; those that end in kB are KiB in truth."""
    if isinstance(text, Unknown):
        return text
    found = re.search(rf"^(?:Node \d+ )?{key}:\s+(\d{{1,18}})( kB)?$", text, re.MULTILINE)
    return int(found[1]) * (_KIB if found[2] else 1) if found else Unknown(f"the kernel's meminfo lists no {key}")


def _flag(value: int | Unknown) -> bool | Unknown:
    return value if isinstance(value, Unknown) else value != 0


def _nodes(sources: Sources) -> Rows | Unknown:
    names = sources.entries(_NODES)
    if isinstance(names, Unknown):
        return names
    return Rows(NumaNode, tuple(_node(sources, name) for name in names if re.fullmatch(r"node\d{1,6}", name)))


def _node(sources: Sources, name: str) -> Facts:
    text, cpus = sources.text(f"{_NODES}/{name}/meminfo"), sources.text(f"{_NODES}/{name}/cpulist")
    return {
        "node": int(name.removeprefix("node")),
        "cpus": cpus if isinstance(cpus, Unknown) else parse_list(cpus),
        "total_bytes": _stated(text, "MemTotal"),
        "free_bytes": _stated(text, "MemFree"),
    }


PLUGIN = Probe(
    section="memory",
    fields=(
        "total_bytes",
        "available_bytes",
        "swap_total_bytes",
        "swap_used_bytes",
        "transparent_huge_pages",
        "transparent_huge_pages_defrag",
        "huge_pages_total",
        "huge_page_bytes",
        "page_bytes",
        "swappiness",
        "numa_balancing",
        "nodes",
    ),
    read=_read,
)
