"""From runs to a view: a pure function, so that a report can be made again at will."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from assay.record.base import Record, Text
from assay.record.diagnosis.findings import Findings
from assay.record.diagnosis.words import place_text
from assay.record.documents.inference.roofline import Roofline
from assay.record.documents.report import Compared, Curve, Fact, FlagLine, RunLine, Side, Story, View
from assay.record.enums import Severity, Status
from assay.record.fingerprint import same_machine
from assay.record.rows import QualityFlag
from assay.record.run import Run
from assay.record.words.numbers import number_text
from assay.report.facts import all_facts, key_facts
from assay.report.figures import figures_of, quantity_of, split_of
from assay.report.judge import compare_sides, headline_of

_WORST_FIRST = (Severity.INVALID, Severity.WARNING, Severity.INFO)


class Framing(Record, kw_only=True):
    """What the author of a report adds to the runs."""

    title: Text = ""
    """Title; empty for the target's name."""
    labels: Mapping[str, str] = {}
    """Names of the sides by their key in ``position.side``."""
    stories: tuple[Story, ...] = ()
    """Passages."""
    unmeasured: tuple[Fact, ...] = ()
    """What this machine can't measure."""
    next_steps: tuple[Text, ...] = ()
    """Commands to run next."""


def view_of(
    runs: Sequence[Run],
    curves: Mapping[str, Curve] | None = None,
    framing: Framing | None = None,
    diagnosis: Findings | None = None,
    roofline: Roofline | None = None,
) -> View:
    """The report on these runs, at least one; ``curves`` holds memory over time by run id."""
    frame = framing or Framing()
    grouped = sides_of(runs)
    names = dict.fromkeys(grouped, runs[0].plan.target.name) if len(grouped) == 1 else {}
    labels = [frame.labels.get(key, names.get(key, key)) for key in grouped]
    sides = [_side(label, mine, curves or {}) for label, mine in zip(labels, grouped.values(), strict=True)]
    compared = compare_sides(*grouped.values()) if len(grouped) == 2 else ()
    first = runs[0]
    return View(
        title=frame.title or first.plan.target.name,
        assay=first.software.assay,
        headline=_headline(sides, runs, compared) + _cause_words(diagnosis),
        flags=_flags(runs),
        sides=tuple(sides),
        figures=figures_of(list(grouped.values())),
        compared=compared,
        diagnosis=diagnosis,
        roofline=roofline,
        stories=frame.stories,
        key_facts=key_facts(first.environment),
        environment=all_facts(first.environment),
        differences=_differences(runs),
        unmeasured=frame.unmeasured,
        next_steps=frame.next_steps,
    )


def sides_of(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Runs by side where each names one, else by what was run and how; oldest first, in order of first appearance."""
    ordered = sorted(runs, key=lambda run: run.id)
    if all(run.position.side is not None for run in ordered):
        by_side: dict[str, list[Run]] = {}
        for run in ordered:
            by_side.setdefault(str(run.position.side), []).append(run)
        return dict(sorted(by_side.items()))
    by_kind: dict[tuple[str, str], list[Run]] = {}
    for run in ordered:
        prints = run.fingerprints
        by_kind.setdefault((prints.workload_sha256, prints.configuration_sha256), []).append(run)
    return {_letter(index): mine for index, mine in enumerate(by_kind.values())}


def middle_run(runs: Sequence[Run]) -> Run:
    """The run whose wall time lies in the middle."""
    return sorted(runs, key=lambda run: quantity_of(run, "wall_s").value or 0.0)[(len(runs) - 1) // 2]


def _side(label: str, runs: Sequence[Run], curves: Mapping[str, Curve]) -> Side:
    target = runs[0].plan.target
    split, reason = split_of(runs)
    return Side(
        label=label,
        name=target.name,
        command=" ".join(target.argv),
        runs=tuple(_line(run) for run in runs),
        split=split,
        split_reason=reason,
        curve=curves.get(middle_run(runs).id),
    )


def _line(run: Run) -> RunLine:
    return RunLine(
        id=run.id,
        created=run.created.strftime("%Y-%m-%d %H:%M:%S UTC"),
        status=run.status,
        status_reason=run.status_reason,
        block=run.position.block,
        wall_s=quantity_of(run, "wall_s"),
        cpu_s=quantity_of(run, "cpu_s"),
        peak_rss_bytes=quantity_of(run, "peak_rss_bytes"),
    )


def _headline(sides: Sequence[Side], runs: Sequence[Run], compared: Sequence[Compared]) -> str:
    incomplete = [run for run in runs if run.status is not Status.COMPLETE]
    if incomplete and len(runs) == 1:
        return f"The run is not complete: {incomplete[0].status_reason}."
    if compared:
        return headline_of((sides[0].label, sides[1].label), compared)
    return f"{len(runs)} run{'s' if len(runs) > 1 else ''} of {runs[0].plan.target.name}{_time_words(runs)}."


def _cause_words(diagnosis: Findings | None) -> str:
    if diagnosis is None or not diagnosis.findings:
        return ""
    first = diagnosis.findings[0]
    return f" Most likely cause: {first.title}, at {place_text(first.location)}."


def _time_words(runs: Sequence[Run]) -> str:
    value = quantity_of(middle_run(runs), "wall_s").value
    if value is None:
        return ""
    return f", {number_text(value, 's')} from start to end{' in the middle' if len(runs) > 1 else ''}"


def _flags(runs: Sequence[Run]) -> tuple[FlagLine, ...]:
    carried: dict[tuple[str, Severity], list[QualityFlag]] = {}
    for run in runs:
        for flag in {flag.id: flag for flag in run.quality}.values():
            carried.setdefault((flag.id, flag.severity), []).append(flag)
    lines = [
        FlagLine(id=name, severity=severity, message=_hardest_hit(flags).message, runs=len(flags), of=len(runs))
        for (name, severity), flags in carried.items()
    ]
    return tuple(sorted(lines, key=lambda line: (_WORST_FIRST.index(line.severity), -line.runs, line.id)))


def _hardest_hit(flags: Sequence[QualityFlag]) -> QualityFlag:
    return max(flags, key=lambda flag: flag.evidence[0].value if flag.evidence else 0.0)


def _differences(runs: Sequence[Run]) -> tuple[str, ...]:
    others = [run for run in runs[1:] if not same_machine(runs[0], run)]
    if not others:
        return ()
    return (f"{len(others)} of {len(runs)} runs come from another machine or another state of its software.",)


def _letter(index: int) -> str:
    letters = string.ascii_uppercase
    return letters[index] if index < len(letters) else f"side {index + 1}"
