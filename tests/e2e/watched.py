"""The program under the eyes of the system: how it ended, how much memory it held, and what it left running."""

from __future__ import annotations

import json
import subprocess
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.program import User, command

PATIENCE_S = 120


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What one call of ``assay profile`` did."""

    status: int
    stdout_bytes: int
    stderr: str
    peak_mib: float
    left: list[str]
    record: dict[str, Any]

    @property
    def flags(self) -> set[str]:
        """Ids of the run's quality flags."""
        return {flag["id"] for flag in self.record.get("quality", ())}


def profiled(user: User, *words: str, options: tuple[str, ...] = (), closed: bool = False) -> Observed:
    """Profile a command; ``closed`` closes the standard streams of Assay itself beforehand."""
    token = f"WATCHED_{uuid.uuid4().hex}"
    out, err = user.home / "out", user.home / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [
                *(("sh", "-c", 'exec "$@" <&- >&-', "sh") if closed else ()),
                *command(),
                "profile",
                *options,
                "--",
                *words,
            ],
            cwd=user.work,
            env={**user.variables, token: "1"},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        status, peak_mib = _waited(process)
    return Observed(
        status=status,
        stdout_bytes=out.stat().st_size,
        stderr=err.read_text(encoding="utf-8", errors="replace"),
        peak_mib=peak_mib,
        left=processes_with(token),
        record=_record(user),
    )


def processes_with(token: str) -> list[str]:
    """Living processes that inherited the variable."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and token.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it ended, or is not ours
            continue
    return found


def _waited(process: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Exit status, and the most memory seen: what the kernel adds up at the end holds that of whoever started it."""
    give_up_s, peak_mib = time.monotonic() + PATIENCE_S, 0.0
    while process.poll() is None:
        peak_mib = max(peak_mib, _peak_mib(process.pid))
        if time.monotonic() > give_up_s:
            process.kill()
            raise AssertionError(f"it hangs: {process.args!r}")
        time.sleep(0.02)
    return process.returncode, peak_mib


def _peak_mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0.0
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), default=0.0)


def _record(user: User) -> dict[str, Any]:
    user.work.mkdir(exist_ok=True)  # the target may have deleted it
    done = user.does("runs", "show", "@latest", "--json")
    document: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    return document
