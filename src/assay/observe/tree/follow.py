"""Following a tree: from one process down, with orphans that its keeper adopts, as a journal of lives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from assay.observe.environment.masking import mask_argv
from assay.observe.tree.proc import Stat, children_of, link, read, stat_of, words_of
from assay.observe.tree.python import python_of
from assay.record.diagnosis.life import Life

MOST_PROCESSES = 512
"""Processes followed at once, so that a target that forks without end can't hold up its observer."""
_FIRST_DOUBT_NS = 20_000_000
_LAST_DOUBT_NS = 10_000_000_000
_LOOKS_AFTER_A_FORK = 3
"""The kernel gives a process its number before it shows it among its parent's children: one look may come between."""
_MOST_WORDS, _MOST_CHARACTERS = 256, 4096


class Member(Struct, kw_only=True):
    """One process of the tree, as last seen."""

    pid: int
    start_ticks: int
    name: str
    image: tuple[int, int]
    executable: str | None
    python: str | None = None
    doubt_ns: int = _FIRST_DOUBT_NS
    """How long its being no Python is believed before it is asked again: libraries come late."""
    ask_ns: int = 0
    stat: Stat


class Tree:
    """The processes below a root, the root included; a keeper's other children are orphans of the tree."""

    def __init__(self, root: int, *, keeper: int | None = None) -> None:
        self._root = root
        self._keeper = keeper
        self._members: dict[int, Member] = {}
        self._last_forked = b""
        self._looks_due = 0
        self.cut_off = False
        """Whether there once were more processes than are followed."""

    @property
    def members(self) -> Iterable[Member]:
        """Processes that were there at the last look."""
        return self._members.values()

    def look(self, now_ns: int) -> list[Life]:
        """Read the tree again, and say what happened since the last time."""
        lives: list[Life] = []
        for member in list(self._members.values()):
            lives += self._again(member, now_ns)
        # the number of the process that was started last, on the whole machine: unchanged, nobody forked
        last_forked = (read("/proc/loadavg") or b"").rpartition(b" ")[2]
        if last_forked != self._last_forked:
            self._last_forked = last_forked
            self._looks_due = _LOOKS_AFTER_A_FORK
        if self._looks_due > 0 or not self._members:
            self._looks_due -= 1
            lives += [self._welcome(pid, parent, stat, now_ns) for pid, parent, stat in self._newcomers()]
        return lives

    def _again(self, member: Member, now_ns: int) -> list[Life]:
        """What happened to a process that is known."""
        stat = stat_of(member.pid)
        if stat is None or stat.start_ticks != member.start_ticks or stat.is_over:
            del self._members[member.pid]
            return [Life(time_ns=now_ns, event="gone", pid=member.pid, start_ticks=member.start_ticks)]
        member.stat = stat
        if self._has_changed(member):
            member.doubt_ns = _FIRST_DOUBT_NS
            self._ask_for_python(member, now_ns)
            return [_life(member, "program", now_ns)]
        if self._turned_out_python(member, now_ns):
            return [_life(member, "program", now_ns)]
        return []

    def _turned_out_python(self, member: Member, now_ns: int) -> bool:
        if member.python is not None or now_ns < member.ask_ns:
            return False
        self._ask_for_python(member, now_ns)
        return member.python is not None

    def _has_changed(self, member: Member) -> bool:
        """Whether it runs another program than before, and not only under another name that it gave itself."""
        name, image = member.stat.name, member.stat.image
        if (name, image) == (member.name, member.image):
            return False
        executable = link(f"/proc/{member.pid}/exe")
        changed = (executable, image) != (member.executable, member.image)
        member.name, member.image, member.executable = name, image, executable
        return changed

    def _welcome(self, pid: int, parent: int, stat: Stat, now_ns: int) -> Life:
        member = Member(
            pid=pid,
            start_ticks=stat.start_ticks,
            name=stat.name,
            image=stat.image,
            executable=link(f"/proc/{pid}/exe"),
            stat=stat,
        )
        self._members[pid] = member
        self._ask_for_python(member, now_ns)
        return _life(member, "seen", now_ns, parent)

    def _newcomers(self) -> list[tuple[int, int, Stat]]:
        """Processes of the tree that are not known yet, each with its parent."""
        orphans = [] if self._keeper is None else children_of(self._keeper)
        below: list[tuple[int, int | None]] = [(pid, None) for pid in (self._root, *orphans, *self._members)]
        found: list[tuple[int, int, Stat]] = []
        seen: set[int] = set()
        for pid, parent in below:
            if pid in seen:
                continue
            if len(seen) >= MOST_PROCESSES:
                self.cut_off = True
                break
            seen.add(pid)
            if pid not in self._members and (stat := stat_of(pid)) is not None and not stat.is_over:
                found.append((pid, parent or stat.parent, stat))
            below += [(child, pid) for child in children_of(pid)]
        return found

    def _ask_for_python(self, member: Member, now_ns: int) -> None:
        member.python = python_of(member.pid)
        member.ask_ns = now_ns + member.doubt_ns
        member.doubt_ns = min(2 * member.doubt_ns, _LAST_DOUBT_NS)


def _life(member: Member, event: Literal["seen", "program"], now_ns: int, parent: int | None = None) -> Life:
    words = words_of(member.pid)
    return Life(
        time_ns=now_ns,
        event=event,
        pid=member.pid,
        parent=parent,
        start_ticks=member.start_ticks,
        executable=member.executable,
        name=member.name,
        argv=None if words is None else tuple(word[:_MOST_CHARACTERS] for word in mask_argv(words[:_MOST_WORDS])),
        python=member.python,
    )
