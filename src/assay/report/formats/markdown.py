"""Markdown, for a repository, a pull request or a wiki; nothing of the targets' text is markup."""

from __future__ import annotations

from collections.abc import Iterator

from assay.record.documents.report import Fact, View
from assay.record.words.numbers import number_text
from assay.report.causes.markdown import causes
from assay.report.escape import for_markdown, markdown_block, markdown_code
from assay.report.format import Format
from assay.report.numbers import name_text, origin_text, ratio_text, spread_text, summary_text


def render(view: View) -> str:
    """The report as one document."""
    parts = (
        _head(view),
        _targets(view),
        _comparison(view),
        causes(view.diagnosis),
        _figures(view),
        _splits(view),
        _stories(view),
        _facts(view),
        _runs(view),
        _unmeasured(view),
        _next(view),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(view: View) -> Iterator[str]:
    yield f"# {for_markdown(view.title)}"
    yield ""
    yield f"**{for_markdown(view.headline)}**"
    for flag in view.flags:
        count = f" ({flag.runs} of {flag.of} runs)" if flag.of > 1 else ""
        yield ""
        yield f"> **{flag.severity.value}** {markdown_code(flag.id)}: {for_markdown(flag.message)}{count}"


def _targets(view: View) -> Iterator[str]:
    yield "## What ran\n"
    yield "| side | target | runs | command |\n|---|---|--:|---|"
    for side in view.sides:
        command = markdown_code(side.command) if side.command else ""
        yield f"| {for_markdown(side.label)} | {for_markdown(side.name)} | {len(side.runs)} | {command} |"


def _comparison(view: View) -> Iterator[str]:
    if not view.compared:
        return
    first, second = (for_markdown(side.label) for side in view.sides)
    yield f"## {second} against {first}\n"
    yield "| metric | ratio (95 % interval) | blocks | p | answer |\n|---|---|--:|--:|---|"
    for one in view.compared:
        answer = f"**{one.answer.value}**" if one.claim else "described only"
        answer += f": {for_markdown(one.reason)}" if one.reason else ""
        p_value = f"{one.p_value:.3g}" if one.claim and one.p_value is not None else ""
        yield f"| {markdown_code(one.metric)} | {ratio_text(one)} | {one.blocks} | {p_value} | {answer} |"
    yield "\nThe ratio is the geometric mean over blocks. The test is the exact sign-flip test over randomised "
    yield "blocks, two-sided at 5 %; it judges the first row only."


def _figures(view: View) -> Iterator[str]:
    if not view.figures:
        return
    yield "## Numbers\n"
    yield "| metric | side | median | lowest – highest | origin |\n|---|---|--:|---|---|"
    for figure in view.figures:
        for side, summary in zip(view.sides, figure.sides, strict=True):
            cells = (summary_text(summary, figure.unit), spread_text(summary, figure.unit), origin_text(summary))
            texts = " | ".join(for_markdown(cell) for cell in cells)
            yield f"| {markdown_code(name_text(figure))} | {for_markdown(side.label)} | {texts} |"


def _splits(view: View) -> Iterator[str]:
    yield "## Where each second went\n"
    yield "| side | wall | in the program | in the kernel | waiting |\n|---|--:|--:|--:|--:|"
    for side in view.sides:
        label = for_markdown(side.label)
        if side.split is None:
            yield f"| {label} | not known: {for_markdown(side.split_reason)} | | | |"
            continue
        split = side.split
        parts = (split.wall_s, split.user_s, split.system_s, split.waiting_s)
        yield f"| {label} | {' | '.join(number_text(part, 's') for part in parts)} |"
    yield "\nThe run in the middle of each side. Waiting is derived: wall time less CPU time."


def _stories(view: View) -> Iterator[str]:
    for story in view.stories:
        yield f"## {for_markdown(story.heading)}\n"
        yield for_markdown(story.text)
        if story.code:
            yield f"\n{markdown_block(story.code, 'diff')}"


def _facts(view: View) -> Iterator[str]:
    yield "## Where it ran\n"
    yield "| fact | value |\n|---|---|"
    yield from (_fact(fact) for fact in view.key_facts)
    for difference in view.differences:
        yield f"\n> {for_markdown(difference)}"


def _runs(view: View) -> Iterator[str]:
    yield "## Runs\n"
    yield "| run | side | block | status | wall | CPU |\n|---|---|--:|---|--:|--:|"
    for side in view.sides:
        for run in side.runs:
            block = "" if run.block is None else str(run.block)
            times = ["not measured" if q.value is None else number_text(q.value, "s") for q in (run.wall_s, run.cpu_s)]
            yield (
                f"| {markdown_code(run.id)} | {for_markdown(side.label)} | {block} | {run.status.value} "
                f"| {times[0]} | {times[1]} |"
            )


def _unmeasured(view: View) -> Iterator[str]:
    if view.unmeasured:
        yield "## What this machine can't measure\n"
    for fact in view.unmeasured:
        yield f"- **{for_markdown(fact.name)}**: {for_markdown(fact.reason or fact.value or '')}"


def _next(view: View) -> Iterator[str]:
    if view.next_steps:
        yield "## Next\n"
        yield markdown_block("\n".join(view.next_steps), "sh")


def _fact(fact: Fact) -> str:
    value = for_markdown(fact.value) if fact.value is not None else f"*not known: {for_markdown(fact.reason)}*"
    return f"| {for_markdown(fact.name)} | {value} |"


PLUGIN = Format(name="markdown", suffixes=(".md", ".markdown"), media_type="text/markdown", render=render)
