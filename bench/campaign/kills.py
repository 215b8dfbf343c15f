"""``python -m bench.campaign.kills [--seeds 5] [--kills 12]``: campaigns whose processes are killed at random times.

24 experiments of a third of a second on one device. The process that carries the campaign out, an experiment's worker,
or all of them get SIGKILL, and the campaign is resumed. In the end each experiment must count exactly once, and no two
may ever have run on the device at once: the programs themselves write down when they begin and end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.table import text_table

_VALUES, _CYCLES = 8, 3
_HEAD = ("seed", "kills", "done", "results", "complete runs", "launches", "at once", "right")
_PROGRAM = """
import os, sys, time
def note(word):
    line = f"{word} {os.getpid()} {time.monotonic_ns()}\\n".encode()
    log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, line)
    os.close(log)
note("begin")
time.sleep(0.3)
note("end")
"""


def main() -> int:
    """Kill, resume, count; 1 where a campaign broke its promise."""
    parser = argparse.ArgumentParser(prog="python -m bench.campaign.kills", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="campaigns (default: %(default)s)")
    parser.add_argument("--first", type=int, default=1, help="seed of the first one (default: %(default)s)")
    parser.add_argument("--kills", type=int, default=12, help="kills of each (default: %(default)s)")
    options = parser.parse_args()
    rows = []
    for seed in range(options.first, options.first + options.seeds):
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_row(_Trial(Path(folder), random.Random(seed)), seed, options.kills))
        sys.stdout.write(text_table(_HEAD, rows[-1:]) + "\n")
        sys.stdout.flush()
    return int(any(row[-1] != "yes" for row in rows))


def _row(trial: _Trial, seed: int, kills: int) -> tuple[str, ...]:
    trial.carry_out(kills)
    counted = trial.counted()
    expected = _VALUES * _CYCLES
    right = (counted["done"], counted["results"], counted["complete"], counted["at once"]) == (*[expected] * 3, 0)
    return (str(seed), str(trial.killed), *(str(number) for number in counted.values()), "yes" if right else "NO")


@dataclass
class _Trial:
    """One campaign in a folder of its own."""

    folder: Path
    chance: random.Random
    killed: int = 0
    base: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.base = (sys.executable, "-m", "assay", "--store", str(self.folder / "store"))
        (self.folder / "program.py").write_text(_PROGRAM)
        command = [sys.executable, "-S", str(self.folder / "program.py"), str(self._log), "{n}"]
        experiment = {"command": command, "baseline_s": 0, "repetitions": 1, "warmup": 0, "energy": ["hwmon"]}
        plan = {"name": "k", "cycles": _CYCLES, "experiment": experiment, "axes": {"n": list(range(_VALUES))}}
        self._file.write_text(json.dumps(plan))

    @property
    def _file(self) -> Path:
        return self.folder / "campaign.yaml"

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def _variables(self) -> dict[str, str]:
        return {**os.environ, "ASSAY_LOCKS": str(self.folder / "locks")}

    def carry_out(self, kills: int) -> None:
        """Run it, kill something at random times, resume it until it is done."""
        process = self._start("run")
        while self.killed < kills:
            time.sleep(self.chance.uniform(0.3, 4.0))
            if process.poll() is not None:
                break
            targets = self._targets(process.pid)
            for target in targets:
                with suppress(ProcessLookupError):
                    os.kill(target, signal.SIGKILL)
            self.killed += bool(targets)
            if process.pid in targets:
                process.wait()
                process = self._start("resume")
        process.wait()

    def _start(self, verb: str) -> subprocess.Popen[bytes]:
        command = [*self.base, "campaign", verb, str(self._file)]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, env=self._variables, stdout=quiet, stderr=quiet, start_new_session=True)

    def _targets(self, campaign: int) -> list[int]:
        kind = self.chance.choice(["campaign", "worker", "all"])
        if kind == "campaign":
            return [campaign]
        ours = dict(self._processes())
        if kind == "worker":
            return [pid for pid, command in ours.items() if b"running.worker" in command][:1]
        return [pid for pid, command in ours.items() if b"keeper" not in command and b"program.py" not in command]

    def _processes(self) -> Iterator[tuple[int, bytes]]:
        """Processes of this campaign, which all carry its variable."""
        mark = os.fsencode(self.folder / "locks")
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (entry / "environ").read_bytes():
                    yield int(entry.name), (entry / "cmdline").read_bytes()

    def counted(self) -> dict[str, int]:
        """What there is in the end."""
        report = self._answer("campaign", "report", str(self._file))
        runs = self._answer("runs", "list", "--limit", "1000")["runs"]
        events = sorted((line.split() for line in self._log.read_text().splitlines()), key=lambda event: int(event[2]))
        return {
            "done": int(self._answer("campaign", "status", str(self._file))["done"]),
            "results": len({(cell["label"], run["cycle"]) for cell in report["cells"] for run in cell["runs"]}),
            "complete": sum(run["status"] == "complete" for run in runs),
            "launches": sum(event[0] == "begin" for event in events),
            "at once": _at_once(events),
        }

    def _answer(self, *words: str) -> Any:
        done = subprocess.run([*self.base, *words, "--json"], env=self._variables, capture_output=True, check=False)
        return json.loads(done.stdout)


def _at_once(events: list[list[str]]) -> int:
    """How often a program began while another had not ended."""
    running: set[str] = set()
    found = 0
    for word, pid, _ in events:
        if word == "begin":
            found += bool(running)
            running.add(pid)
        else:
            running.discard(pid)
    return found


if __name__ == "__main__":
    sys.exit(main())
