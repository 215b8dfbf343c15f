"""Further passes: the command once more, under a wrapper, for what can't be seen from outside.

Their times are never used. What they give is kept only if the command ended as it did in the first pass, and wrote the
same to its standard output, byte for byte; otherwise a flag says why it was not.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from assay.analyze.evidence.frames import seen_files
from assay.errors import PlanError
from assay.measure.observers.guard import FAULTS
from assay.measure.streams.output import CappedLog, OutputSummary
from assay.measure.streams.pump import Pump
from assay.measure.streams.routes import Streams
from assay.measure.target.command import Command
from assay.measure.target.ladder import Cause, Limits
from assay.measure.target.launch import Child
from assay.measure.target.stop import StopRequests
from assay.measure.target.watch import Watch
from assay.observe.collector import WRAPPERS, Ended, FirstPass, Rewritten, Sink, Unsuited, Wrapper
from assay.record.base import one_line
from assay.record.diagnosis.raw import FILES
from assay.record.enums import Severity
from assay.record.rows import QualityFlag

_SLOWER = 20.0
"""A wrapped run may take so many times as long as the first, and some seconds more."""
_GRACE_S = 30.0
_LOGS = ("stdout.log", "stderr.log")


class Keeper(Sink, Protocol):
    """The part of a draft that passes write to, and read back from."""

    @property
    def folder(self) -> Path:
        """Where the draft's files lie."""

    def flush_tables(self) -> None:
        """Write what waits, so that it can be read."""


class Earlier(NamedTuple):
    """The first pass, as far as a further one must agree with it."""

    command: Command
    ended: Ended
    stdout: OutputSummary | None
    """What it wrote; None where that was not ours to read."""


class Passes:
    """The wrappers among the collectors of a plan."""

    def __init__(self, names: Sequence[str]) -> None:
        there = WRAPPERS.names()
        self._wrappers: list[Wrapper] = [WRAPPERS.load(name) for name in names if name in there]

    def take(self, earlier: Earlier, draft: Keeper, stop: StopRequests) -> Iterator[QualityFlag]:
        """One pass for each wrapper; a flag for each that gave nothing."""
        for wrapper in self._wrappers:
            name = wrapper.description.name
            try:
                refused = _pass(wrapper, earlier, draft, stop)
            except (PlanError, *FAULTS) as fault:
                refused = Unsuited(one_line(f"{type(fault).__name__}: {fault}"))
            if refused is not None:
                yield _flag(f"no_pass_{name}", f"The pass under {name!r} gave nothing: {refused.reason}.")


def _pass(wrapper: Wrapper, earlier: Earlier, draft: Keeper, stop: StopRequests) -> Unsuited | None:
    """One run under a wrapper; why nothing of it was kept, if so."""
    if (obstacle := wrapper.obstacle()) is not None:
        return Unsuited(obstacle)
    if earlier.stdout is None:
        return Unsuited("the first run's output was not kept, so nothing tells whether a second one writes the same")
    command = earlier.command
    first = FirstPass(
        argv=command.argv,
        executable=Path(command.executable()),
        start_ns=earlier.ended.start_ns,
        end_ns=earlier.ended.end_ns,
        files=_seen_files(draft),
    )
    with tempfile.TemporaryDirectory(prefix="assay-pass-") as place:
        folder = Path(place)
        words = wrapper.wrap(first, folder)
        if isinstance(words, Unsuited):
            return words
        return _differs(_repeat(words, earlier, folder, stop), earlier) or wrapper.keep(folder, draft)


def _seen_files(draft: Keeper) -> tuple[str, ...]:
    """Python source files that were seen on the stacks of the first pass."""
    draft.flush_tables()
    frames = draft.folder / FILES["frames"][0]
    return tuple(seen_files(frames)) if frames.is_file() else ()


class _Repeated(NamedTuple):
    cause: Cause
    ended: Ended
    stdout: OutputSummary


def _repeat(words: Rewritten, earlier: Earlier, folder: Path, stop: StopRequests) -> _Repeated:
    """Run the command under its wrapper, with nothing to read and its output caught."""
    command = msgspec.structs.replace(
        earlier.command,
        argv=words.argv,
        variables={**earlier.command.variables, **words.variables},
        streams=Streams.RECORDED,
        echo=(None, None),
        leave_running=False,
    )
    first_s = (earlier.ended.end_ns - earlier.ended.start_ns) / 1e9
    logs = [CappedLog(folder / name) for name in _LOGS]
    try:
        with Child(command) as child:
            child.release()
            limits = Limits(timeout_s=_SLOWER * first_s + _GRACE_S)
            watched = Watch(child, Pump(child.pipes(), logs), [], stop).until_the_end(limits)
    finally:
        stdout, _ = [log.close() for log in logs]
    return _Repeated(watched.cause, watched.ended, stdout)


def _differs(again: _Repeated, earlier: Earlier) -> Unsuited | None:
    """In what the repeated run was another one than the first."""
    if again.cause is not Cause.ENDED:
        return Unsuited(f"the repeated run did not come to its own end ({again.cause.value})")
    if again.ended.exit_code != earlier.ended.exit_code:
        codes = f"with {earlier.ended.exit_code} at first and then with {again.ended.exit_code}"
        return Unsuited(f"the command ended {codes}, so the second run was not the same")
    if earlier.stdout is None or again.stdout.sha256 != earlier.stdout.sha256:
        return Unsuited("the command wrote something else when it was repeated")
    return None


def _flag(name: str, message: str) -> QualityFlag:
    return QualityFlag(id=name, severity=Severity.INFO, message=message)
