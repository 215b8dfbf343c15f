"""Records the runs by which patterns are tested: ``python -m bench.diagnosis.record [RECORDING]…``, on a quiet machine.

A recording is the evidence of one program, packed; which patterns it tries is in ``analyze/recorded/fixtures.yaml``. It
replaces the one that is there only if the rules then judge it as that table says. Programs are those of the corpus and
those in ``programs/tried*``; what this machine can't produce is made in ``built.py``. For ``tried-settle_in_quota`` the
recorder itself has to be held back: ``bash bench/diagnosis/programs/tried/within_quota.sh python -m bench…``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from assay.analyze.evidence.gather import Evidence, gather
from assay.analyze.recorded.fixture import SUFFIX, packed
from assay.analyze.recorded.trial import OWN, Use, judged, own_uses
from assay.analyze.rules.load import load_rules
from assay.measure import Command, plan_command, run_command
from assay.observe.collector import default_collectors
from assay.store import open_store
from bench.diagnosis.built import BUILT
from bench.diagnosis.corpus import PROGRAMS, Case, prepared

_LIMIT_S = 120.0


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """How a program is run, where that is not as everybody runs it."""

    wrappers: tuple[str, ...] = ()
    """Further passes."""
    under: tuple[str, ...] = ()
    """Words before the command."""


WAYS: Mapping[str, Way] = {
    "tried-tiny_calls": Way(wrappers=("cprofile",)),
    "tried-few_calls": Way(wrappers=("cprofile",)),
    "tried-resolve": Way(under=("unshare", "--mount")),
}


def programs() -> dict[str, str]:
    """Programs by the name of their recording."""
    found = sorted(path for path in PROGRAMS.glob("*/*") if path.suffix in (".py", ".c", ".sh"))
    named = {_name(path): str(path.relative_to(PROGRAMS)) for path in found}
    return {**named, "tried-settle_in_quota": named["tried-settle"]}


def _name(path: Path) -> str:
    ending = "" if path.suffix == ".py" else path.suffix.replace(".", "_")
    return f"{path.parent.name}-{path.stem}{ending}"


def record(name: str, program: str) -> bytes:
    """The packed evidence of one run of the program."""
    way = WAYS.get(name, Way())
    with tempfile.TemporaryDirectory(dir=os.environ.get("ON_DISK")) as folder:
        copy = prepared(Case(program=program), Path(folder), sys.executable, moved=0)
        command = Command(argv=(*way.under, *copy.argv), cwd=Path(folder))
        plan = plan_command(command, collectors=(*default_collectors(), *way.wrappers), timeout_s=_LIMIT_S)
        run = run_command(plan, open_store(Path(folder) / "store"), command=command)
        return _packed(gather(run), {f"{folder}/job0": "/home/me", folder: "/home/me"})


def _packed(evidence: Evidence, places: Mapping[str, str]) -> bytes:
    usual = {sys.prefix: "/usr", sys.base_prefix: "/usr", str(Path(__file__).parents[2]): "/home/me/assay"}
    return packed(evidence, {**places, **usual, str(Path.home()): "/home/me"})


def kept(name: str, content: bytes) -> str:
    """Keep the recording if it is judged as the table says; returns what became of it."""
    wrong = _misjudged(name, content)
    if wrong:
        return f"not kept: {'; '.join(wrong)}"
    (OWN / f"{name}{SUFFIX}").write_bytes(content)
    return f"{len(content):,} bytes"


def _misjudged(name: str, content: bytes) -> list[str]:
    uses = [use for use in own_uses() if use.recording == name]
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"{name}{SUFFIX}"
        made.write_bytes(content)
        found = judged(made, load_rules())
    return [_wrong(use, found) for use in uses if (use.pattern in found) is not (use.kind == "positive")]


def _wrong(use: Use, found: tuple[str, ...]) -> str:
    verb = "has no" if use.kind == "positive" else "has"
    return f"it {verb} {use.pattern} (found: {', '.join(found) or 'nothing'})"


def main(wanted: list[str]) -> int:
    """Record those, by default all that the table names; exit status 1 where one was not kept."""
    known, complete = programs(), True
    for name in wanted or sorted({use.recording for use in own_uses()}):
        content = _packed(BUILT[name](), {}) if name in BUILT else record(name, known[name])
        outcome = kept(name, content)
        complete &= not outcome.startswith("not kept")
        print(f"{name}: {outcome}", flush=True)
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
