"""Control groups, versions 1 and 2: where this process's groups lie, and the limits of all levels together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assay.observe.environment.facts import Unknown, known
from assay.observe.environment.sources import Sources

UNLIMITED_BYTES = 2**62
"""Version 1 writes "no limit" as the largest number of pages; nothing true is near it."""
DEEPEST_NESTING = 64


@dataclass(frozen=True)
class Group:
    """The process's group of one controller."""

    version: int
    path: str
    """As ``/proc/self/cgroup`` names it."""
    levels: tuple[str, ...]
    """Folders of the group and of those above it that can be seen, own first."""


@dataclass(frozen=True)
class _Mount:
    version: int
    root: str
    """Which group is mounted: not ``/`` where a container sees only its own part."""
    folder: str
    controllers: frozenset[str]


def group_of(sources: Sources, controller: str, process: str = "self") -> Group | Unknown:
    """The group that limits a process, by default this one, by the given controller, for example ``memory``."""
    membership, mounts = sources.text(f"proc/{process}/cgroup"), _mounts(sources)
    if isinstance(membership, Unknown):
        return membership
    if isinstance(mounts, Unknown):
        return mounts
    for version, path in _memberships(membership, controller):
        for mount in mounts:
            if mount.version == version and (version == 2 or controller in mount.controllers):
                return Group(version=version, path=path, levels=tuple(_levels(sources, mount, path)))
    return Unknown(f"no control group with the {controller} controller is mounted")


def _memberships(text: str, controller: str) -> list[tuple[int, str]]:
    """Version 1 first: where both are mounted, a controller that version 1 has is not in version 2."""
    lines = [parts for line in text.splitlines() if len(parts := line.split(":", 2)) == 3]
    first = [(1, path) for _, controllers, path in lines if controller in controllers.split(",")]
    return first + [(2, path) for number, controllers, path in lines if number == "0" and not controllers]


def _mounts(sources: Sources) -> list[_Mount] | Unknown:
    text = sources.text("proc/self/mountinfo")
    if isinstance(text, Unknown):
        return text
    mounts = []
    for line in text.splitlines():
        left, separator, right = line.partition(" - ")
        place, kind = left.split(), right.split()
        if separator and len(place) >= 5 and len(kind) >= 3 and kind[0] in {"cgroup", "cgroup2"}:
            version = 2 if kind[0] == "cgroup2" else 1
            controllers = frozenset(kind[2].split(","))
            mounts.append(_Mount(version, _unescaped(place[3]), _unescaped(place[4]), controllers))
    return mounts


def _levels(sources: Sources, mount: _Mount, path: str) -> Iterator[str]:
    """From the process's group up to the mount's top; a part that can't be seen from here is left out."""
    parts = _inside(mount.root, path)[:DEEPEST_NESTING]
    for length in range(len(parts), -1, -1):
        folder = "/".join((mount.folder.rstrip("/"), *parts[:length]))
        if length == 0 or sources.exists(folder):
            yield folder


def _inside(root: str, path: str) -> list[str]:
    """Parts of the path below the mounted group; none where the group lies outside of what is mounted."""
    parts, top = _parts(path), _parts(root)
    if ".." in parts or ".." in top or parts[: len(top)] != top:
        return []
    return parts[len(top) :]


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part and part != "."]


def _unescaped(text: str) -> str:
    """Blanks and backslashes stand as octal numbers in mountinfo."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def least(
    sources: Sources, group: Group, read: Callable[[Sources, str], float | int | Unknown]
) -> float | int | Unknown:
    """The smallest limit over the group and those above it: that is the one that binds."""
    found = [read(sources, folder) for folder in group.levels]
    limits = [value for value in found if not isinstance(value, Unknown)]
    if limits:
        return min(limits)
    return found[0] if len(found) == 1 else Unknown(f"no limit is set in {len(found)} nested groups")


def cpu_quota_cores(sources: Sources, group: Group) -> float | Unknown:
    """Processors' worth of time that the group may use."""
    return least(sources, group, _quota_v2 if group.version == 2 else _quota_v1)


def _quota_v2(sources: Sources, folder: str) -> float | Unknown:
    text = sources.text(f"{folder}/cpu.max")
    if isinstance(text, Unknown):
        return Unknown(f"no limit is set: {text.reason}")
    found = re.fullmatch(r"(\d{1,15}) (\d{1,15})", text)
    if found and int(found[2]):
        return int(found[1]) / int(found[2])
    return Unknown(f"no limit is set: {folder}/cpu.max says {text[:40]!r}")


def _quota_v1(sources: Sources, folder: str) -> float | Unknown:
    quota, period = sources.integer(f"{folder}/cpu.cfs_quota_us"), sources.integer(f"{folder}/cpu.cfs_period_us")
    if isinstance(quota, Unknown) or isinstance(period, Unknown):
        return quota if isinstance(quota, Unknown) else period
    return (
        quota / period
        if quota > 0 and period > 0
        else Unknown(f"no limit is set: {folder}/cpu.cfs_quota_us is {quota}")
    )


def limit_bytes(sources: Sources, group: Group, *, v1: str, v2: str) -> int | Unknown:
    """The least of a limit in bytes, by its file's name in either version."""
    name = v2 if group.version == 2 else v1

    def read(sources: Sources, folder: str) -> int | Unknown:
        if known(sources.text(f"{folder}/{name}")) == "max":
            return Unknown(f"no limit is set: {folder}/{name} says 'max'")
        value = sources.integer(f"{folder}/{name}")
        if isinstance(value, Unknown) or 0 <= value < UNLIMITED_BYTES:
            return value
        return Unknown(f"no limit is set: {folder}/{name} is {value}")

    found = least(sources, group, read)
    return found if isinstance(found, Unknown) else int(found)


def throttling(sources: Sources, group: Group) -> dict[str, int] | Unknown:
    """Periods, throttled periods and throttled nanoseconds, summed over the levels: each stops the process."""
    totals: dict[str, int] = {}
    for folder in group.levels:
        text = known(sources.text(f"{folder}/cpu.stat")) or ""
        stated = {key: int(value) for key, value in re.findall(r"^(\w+) (\d{1,19})$", text, re.MULTILINE)}
        if "nr_periods" in stated:
            _add(totals, "periods", stated["nr_periods"])
            _add(totals, "throttled_periods", stated.get("nr_throttled", 0))
            _add(totals, "throttled_ns", stated.get("throttled_usec", 0) * 1000 + stated.get("throttled_time", 0))
    return totals or Unknown(f"{group.levels[0]}/cpu.stat counts no throttling")


def _add(totals: dict[str, int], name: str, value: int) -> None:
    totals[name] = totals.get(name, 0) + value
