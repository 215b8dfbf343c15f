"""``assay verify``: whether a changed command is rid of a finding, and faster by it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from assay.analyze.diagnose import analyze
from assay.analyze.rules.load import RuleSet, load_rules
from assay.cli.command import command, gathered
from assay.cli.commands.explain import named_finding
from assay.cli.diagnosis import patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.start.lean import leave_pandas_out
from assay.cli.terminal.style import Line, Styled
from assay.errors import UsageError
from assay.measure import Command, Design, Side, plan_command, run_interleaved
from assay.observe.environment import capture
from assay.observe.environment.masking import MASK
from assay.record.diagnosis.findings import Finding
from assay.record.diagnosis.words import place_text
from assay.record.documents import Verdict, Verification
from assay.record.plan import Plan
from assay.report.judge import compare_sides
from assay.report.numbers import ratio_text
from assay.report.verify import outlasts, places_of_pattern, seen_in, verdict_of
from assay.stats.comparison.design import FEWEST_BLOCKS
from assay.store import StoredRun

STATUSES = {Verdict.CLOSED: 0, Verdict.REJECTED: 1, Verdict.INCONCLUSIVE: 3}
_STYLES = {Verdict.CLOSED: "green", Verdict.REJECTED: "red", Verdict.INCONCLUSIVE: "yellow"}
_SIDES = ("before", "after")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is said about the verification."""

    blocks: int
    seed: int | None
    folders: tuple[Path, ...]


@command(
    examples=["assay verify @latest 3f2a91 -- python job.py", "assay verify before sleep_poll --blocks 10 -- ./job"],
    statuses={
        0: "closed: the cause is gone, and the wall time fell",
        1: "rejected: the cause is still there, or nothing became faster",
        3: "inconclusive",
    },
)
@gathered(
    "wanted",
    Wanted,
    click.option(
        "--blocks", default=FEWEST_BLOCKS, show_default=True, type=click.IntRange(1, 100), help="Runs of each."
    ),
    click.option(
        "--seed", type=click.IntRange(0, 2**32 - 1), help="Repeat the order of runs of an earlier verification."
    ),
    patterns_option,
)
@output_options
@click.argument("run", type=REFERENCE)
@click.argument("finding")
@click.argument("argv", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND…")
def verify(session: Session, run: str, finding: str, argv: tuple[str, ...], wanted: Wanted, output: Output) -> int:
    """Run the command of RUN and the changed COMMAND in turns, and say whether the FINDING is gone and the time fell.

    FINDING is the beginning of its id, or the name of its pattern. Both commands are run anew, each --blocks times,
    in random order within each block, so that a busy machine falls on both alike.
    """
    leave_pandas_out()
    rules = load_rules(wanted.folders)
    stored = session.store.get(run)
    cause = named_finding(analyze(stored, rules), finding)
    commands = {"before": _original(stored.record.plan), "after": Command(argv=argv)}
    for one in commands.values():
        one.executable()
    design = _design(wanted)
    made = _measured(session, commands, design)
    document = _judged(stored, cause, made, rules, design.session)
    name = f"verify-{cause.id[:6]}.json"
    session.store.keep_findings(stored.id, name, msgspec.json.format(msgspec.json.encode(document), indent=1))
    emit(session, Answer(document=document, lines=lambda _width: _lines(document)), output)
    session.console.note(f"next: assay report --session {design.session} -o report.html")
    return STATUSES[document.verdict]


def _original(plan: Plan) -> Command:
    if any(MASK in word for word in (*plan.target.argv, *(one.value for one in plan.target.variables))):
        remedy = "profile it again in a way that needs no secret in its arguments, for example with a file"
        raise UsageError("its command holds a secret, which was not kept", where=plan.target.name, remedy=remedy)
    variables = {one.name: one.value for one in plan.target.variables}
    return Command(argv=plan.target.argv, cwd=Path(plan.target.cwd or Path.cwd()), variables=variables)


def _design(wanted: Wanted) -> Design:
    moment = datetime.now(UTC)
    seed = secrets.randbelow(2**32) if wanted.seed is None else wanted.seed
    return Design(session=f"verify-{moment:%Y%m%d-%H%M%S}", blocks=wanted.blocks, seed=seed)


def _measured(session: Session, commands: dict[str, Command], design: Design) -> dict[str, list[StoredRun]]:
    sides = {name: Side(command=one, plan=plan_command(one, name=name)) for name, one in commands.items()}
    made: dict[str, list[StoredRun]] = {name: [] for name in sides}
    with session.progress("verifying") as progress:

        def note(run: StoredRun) -> None:
            side = str(run.record.position.side)
            made[side].append(run)
            progress.update(sum(map(len, made.values())), len(sides) * design.blocks, side)

        run_interleaved(sides, design, session.store, environment=capture(Path.cwd()), after_each=note)
    return made


def _judged(
    stored: StoredRun, cause: Finding, made: dict[str, list[StoredRun]], rules: RuleSet, sitting: str
) -> Verification:
    before, after = ([run.record for run in made[side]] for side in _SIDES)
    found = {side: [analyze(run, rules) for run in made[side]] for side in _SIDES}
    seen = seen_in(cause, found["before"]), seen_in(cause, found["after"], places_of_pattern(cause, found["before"]))
    compared = compare_sides(before, after)
    verdict, reason = verdict_of(*seen, compared, outlasted=outlasts(cause, before, after))
    return Verification(
        run=stored.id,
        finding=cause,
        command=" ".join(after[0].plan.target.argv),
        sitting=sitting,
        verdict=verdict,
        reason=reason,
        before=seen[0],
        after=seen[1],
        compared=compared,
        same_output=_same_output([*made["before"], *made["after"]]),
    )


def _same_output(runs: Sequence[StoredRun]) -> bool | None:
    hashes = {run.record.outcome.stdout_sha256 for run in runs}
    return None if None in hashes else len(hashes) == 1


def _lines(document: Verification) -> list[Line]:
    cause = document.finding
    lines: list[Line] = [
        (Styled(document.verdict.value, _STYLES[document.verdict]), f": {document.reason}"),
        f"  {cause.title}, {place_text(cause.location)}",
    ]
    for side, seen in (("original", document.before), ("changed", document.after)):
        lines.append(f"  {side}: found in {seen.found} of {seen.judged} runs that could be judged, of {seen.runs}")
    lines += [f"  {one.metric}: {ratio_text(one)}" for one in document.compared]
    if document.same_output is False:
        lines.append(Styled("  the runs did not all print the same: is it still the same work?", "yellow"))
    return lines
