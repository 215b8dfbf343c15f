"""What is at the other end of a socket, from the tables of the process's own network namespace."""

from __future__ import annotations

import ipaddress

from assay.observe.sampling.pace import Pace
from assay.observe.tree.proc import link, read

_LISTENING = b"0A"
_MOST_BYTES = 4 << 20
UNKNOWN = "socket"


class Sockets:
    """Names of the sockets of one network namespace by inode, read again where one is new.

    The kernel walks its whole table for every reading, which takes milliseconds on large machines: a new socket is
    nameless until that was affordable.
    """

    def __init__(self) -> None:
        self._pace = Pace(fastest_ns=200_000_000, slowest_ns=30_000_000_000, share=0.002, credit_ns=20_000_000)
        self._names: dict[int, str] = {}

    def name_of(self, inode: int, pid: int, now_ns: int) -> str:
        """``tcp:ADDRESS:PORT`` of the other end, ``tcp:listening:…``, ``udp…``, ``unix``, or ``socket``."""
        if inode not in self._names and self._pace.due(now_ns):
            with self._pace:
                self._names = _all_names(f"/proc/{pid}/net")
        return self._names.get(inode, UNKNOWN)


class Networks:
    """The sockets of every network namespace that a process of the tree is in."""

    def __init__(self) -> None:
        self._by_namespace: dict[str | None, Sockets] = {}

    def of(self, pid: int) -> Sockets:
        """The sockets that this process may have."""
        return self._by_namespace.setdefault(link(f"/proc/{pid}/ns/net"), Sockets())


def _all_names(folder: str) -> dict[int, str]:
    names: dict[int, str] = {}
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        names.update(parse_table(protocol.rstrip("6"), read(f"{folder}/{protocol}") or b""))
    for line in (read(f"{folder}/unix") or b"")[:_MOST_BYTES].splitlines()[1:]:
        words = line.split(None, 7)
        if len(words) > 6 and words[6].isdigit():
            names[int(words[6])] = "unix"
    return names


def parse_table(protocol: str, data: bytes) -> dict[int, str]:
    """The sockets of one table, by inode."""
    names = {}
    for line in data[:_MOST_BYTES].splitlines()[1:]:
        words = line.split()
        if len(words) > 9 and words[9].isdigit():
            listens = words[3] == _LISTENING and protocol == "tcp"
            place = f"listening:{_place(words[1])}" if listens else _place(words[2])
            names[int(words[9])] = f"{protocol}:{place}"
    return names


def _place(text: bytes) -> str:
    """Address and port; the kernel writes the address as words of 32 bits in the machine's order."""
    address, _, port = text.partition(b":")
    data = bytes.fromhex(address.decode())
    data = b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))
    spelled = ipaddress.ip_address(data)
    if isinstance(spelled, ipaddress.IPv6Address):
        spelled = spelled.ipv4_mapped or spelled
    shown = str(spelled) if spelled.version == 4 else f"[{spelled}]"
    return f"{shown}:{int(port, 16)}"
