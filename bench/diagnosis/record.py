"""Records the runs by which patterns are tested: ``python -m bench.diagnosis.record [PATTERN]…``, on a quiet machine.

Each pattern's positive and negative program is run, its evidence packed, and the file kept only if the rules judge it
as they should.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from assay.analyze.diagnose import diagnose
from assay.analyze.evidence.gather import gather
from assay.analyze.recorded.fixture import SUFFIX, packed, unpacked
from assay.analyze.rules.load import load_rules
from assay.measure import Command, plan_command, run_command
from assay.store import open_store

PROGRAMS = Path(__file__).parent / "programs"
FIXTURES = Path(__file__).parents[2] / "src" / "assay" / "analyze" / "recorded" / "fixtures"
RECORDED: dict[str, tuple[str, str]] = {
    "linear_membership_list": ("lists/unique_visitors.py", "sound_code/set_members.py"),
    "list_pop_front": ("lists/job_queue.py", "sound_code/ring.py"),
    "json_reserialise": ("repeated/save_state.py", "sound_code/digest.py"),
    "sequential_network_wait": ("network/one_by_one.py", "sound_waiting/gathered.py"),
    "sleep_poll": ("threads/poll.py", "sound_waiting/consumer.py"),
}
"""For each pattern the program that has its cause, and one that only looks like it."""


def record(pattern: str, kind: str, program: str) -> str:
    """Run the program and keep its evidence, if it is judged as the kind says; returns what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = Command(argv=(sys.executable, str(PROGRAMS / program)))
        run = run_command(plan_command(command), open_store(Path(folder)), command=command)
        places = {str(PROGRAMS): "/home/me", sys.prefix: "/usr", sys.base_prefix: "/usr", str(Path.home()): "/home/me"}
        made = Path(folder) / f"{pattern}.{kind}{SUFFIX}"
        made.write_bytes(packed(gather(run), places))
        found = diagnose(unpacked(made), load_rules(), "0" * 26, "0" * 64)
        names = [one.pattern for one in (*found.findings, *found.notes, *found.trust)]
        if (pattern in names) is not (kind == "positive"):
            return f"not kept, since it was judged as: {', '.join(names) or found.insufficient or 'sound'}"
        (FIXTURES / made.name).write_bytes(made.read_bytes())
        return f"{made.stat().st_size:,} bytes"


def main(patterns: list[str]) -> int:
    """Record those patterns, by default all; exit status 1 where one was not kept."""
    kept = True
    for pattern in patterns or RECORDED:
        for kind, program in zip(("positive", "negative"), RECORDED[pattern], strict=True):
            outcome = record(pattern, kind, program)
            kept &= not outcome.startswith("not kept")
            print(f"{pattern} {kind}: {outcome}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
