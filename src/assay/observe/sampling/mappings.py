"""Which file an address of another process belongs to."""

from __future__ import annotations

from bisect import bisect_right

from assay.observe.sampling.pace import Pace
from assay.observe.tree.proc import read, readable

ANONYMOUS = "anonymous"
UNKNOWN = "unknown"


class Mappings:
    """``/proc/PID/maps``, read again where an address is new, as often as its length allows."""

    def __init__(self, pid: int) -> None:
        self._path = f"/proc/{pid}/maps"
        self._pace = Pace(fastest_ns=100_000_000, slowest_ns=30_000_000_000, share=0.002, credit_ns=2_000_000)
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._names: list[str] = []

    def name_of(self, address: int, now_ns: int) -> str:
        """The file mapped there, ``[heap]``, ``anonymous``, or ``unknown``."""
        found = self._find(address)
        if found is None and self._pace.due(now_ns):
            with self._pace:
                self._starts, self._ends, self._names = parse_mappings(read(self._path) or b"")
            found = self._find(address)
        return UNKNOWN if found is None else found

    def _find(self, address: int) -> str | None:
        index = bisect_right(self._starts, address) - 1
        return self._names[index] if index >= 0 and address < self._ends[index] else None


def parse_mappings(data: bytes) -> tuple[list[int], list[int], list[str]]:
    """Starts, ends and names; zeroed data of a file (``.bss``) lies without a name right behind it, and is named so."""
    starts, ends, names = [], [], []
    for line in data.splitlines():
        words = line.split(None, 5)
        start, _, end = words[0].partition(b"-")
        starts.append(int(start, 16))
        ends.append(int(end, 16))
        if len(words) > 5:
            names.append(readable(words[5]))
        else:
            follows = len(starts) > 1 and ends[-2] == starts[-1] and words[1].startswith(b"rw")
            names.append(names[-1] if follows and names[-1].startswith("/") else ANONYMOUS)
    return starts, ends, names
