"""``python -m bench.profile.hostile``: how ``assay profile`` fares with targets that do what they please.

For each: its exit status, the seconds from the target's end to Assay's, the most memory that Assay held, and what was
left running. Exit status 1 where a status is wrong, something is left, or a bound is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import msgspec

MOST_LAG_S, MOST_MIB = 5.0, 200.0
_NAME = "evil\x1b[31m\n\x07) S 1 (\t\\n"
_STORM = """
import os, time
while True:
    if os.fork() == 0:
        os.setsid(); time.sleep(0.05); os._exit(0)
    time.sleep(0.001)
"""
_DAEMON = "import os, time\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\ntime.sleep(100)"


class Case(msgspec.Struct, frozen=True):
    """One target, the options it is profiled with, and the exit status that is right."""

    name: str
    words: tuple[str, ...]
    status: int
    options: tuple[str, ...] = ()


class Fared(msgspec.Struct, frozen=True):
    """What one call did."""

    status: int
    lag_s: float
    peak_mib: float
    left: int


def cases(folder: Path) -> Iterator[Case]:
    """Every target; some need files in the folder."""
    python = (sys.executable, "-I", "-S", "-c")
    yield Case("ends at once", ("true",), 0)
    yield Case("daemonises", (*python, _DAEMON), 0)
    yield Case("ignores TERM", ("sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"), 124, ("--timeout", "1"))
    yield Case("closes its streams", (*python, "import os, time; os.closerange(0, 3); time.sleep(0.3); os._exit(5)"), 5)
    flood = ("sh", "-c", "head -c 1024M /dev/zero")
    yield Case("floods stdout", flood, 0)
    yield Case("floods stdout, captured", flood, 0, ("--capture",))
    yield Case("floods stdout, repeated", ("sh", "-c", "head -c 256M /dev/zero"), 0, ("--passes", "2"))
    yield Case("storm of forks", (*python, _STORM), 124, ("--timeout", "2"))
    yield Case("dies of a signal", ("sh", "-c", "kill -SEGV $$"), 128 + 11)
    yield Case("ends its keeper", ("sh", "-c", "kill -KILL $PPID; sleep 30"), 125)
    yield Case("suspends itself", ("sh", "-c", "kill -STOP $$"), 124, ("--timeout", "1"))
    yield Case("deletes its own folder", ("sh", "-c", 'rm -rf "$PWD"; sleep 0.2; exit 6'), 6)
    noise = folder / "noise"
    noise.write_bytes(b"\x7fELF and then nothing")
    noise.chmod(0o755)
    yield Case("not executable", (str(noise),), 126)
    yield Case("not there", (str(folder / "nothing"),), 127)
    named = folder / _NAME
    named.write_text("#!/bin/sh\nsleep 0.3\n")
    named.chmod(0o755)
    yield Case("control characters in every name", (str(named),), 0, ("--name", _NAME, "--workload", _NAME))
    if os.geteuid() == 0:
        other = folder / "sleeper"
        other.write_bytes(Path("/bin/sleep").read_bytes())
        os.chown(other, 65534, 65534)
        other.chmod(0o6755)
        yield Case("runs as somebody else (setuid)", (str(other), "0.5"), 0)


def fare(case: Case, folder: Path) -> Fared:
    """Profile one target in a folder of its own, and watch Assay from outside."""
    token, store, work = f"HOSTILE_{uuid.uuid4().hex}", folder / "store", folder / "work"
    work.mkdir()
    command = [sys.executable, "-m", "assay", "profile", "--store", str(store), *case.options, "--", *case.words]
    peak_mib = 0.0
    with subprocess.Popen(
        command,
        cwd=work,
        env={**os.environ, token: "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while process.poll() is None:
            peak_mib = max(peak_mib, _peak_mib(process.pid))
            time.sleep(0.01)
    end_ns = time.perf_counter_ns()
    return Fared(process.returncode, _lag_s(store, end_ns), peak_mib, _left(token))


def _lag_s(store: Path, end_ns: int) -> float:
    """From the end of observing, which the record knows on the same clock; 0 where nothing was launched."""
    ends = [json.loads(file.read_bytes())["clock"]["end_ns"] for file in store.glob("runs/*/run.json")]
    return (end_ns - max(ends)) / 1e9 if ends else 0.0


def _peak_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)


def _left(token: str) -> int:
    """Living processes that inherited the variable."""
    count = 0
    for entry in Path("/proc").iterdir():
        try:
            count += entry.name.isdigit() and token.encode() in (entry / "environ").read_bytes()
        except OSError:
            continue
    return count


def main() -> int:
    """Print a line for each target."""
    well = True
    with tempfile.TemporaryDirectory() as made:
        for number, case in enumerate(cases(Path(made))):
            place = Path(made) / str(number)
            place.mkdir()
            fared = fare(case, place)
            is_well = fared.status == case.status and fared.left == 0
            is_well &= fared.lag_s <= MOST_LAG_S and fared.peak_mib <= MOST_MIB
            well &= is_well
            numbers = f"{fared.status:>4} {fared.lag_s:>6.2f} s {fared.peak_mib:>6.0f} MiB  {fared.left} left"
            sys.stdout.write(f"{case.name:34}{numbers}  {'' if is_well else 'WRONG'}\n")
            sys.stdout.flush()
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
