"""Plain text for a terminal of 80 columns: no colours, no controls, and no table that needs more room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assay.record.documents.report import Answer, Compared, Figure, Split, Summary, View
from assay.record.words.escape import plain
from assay.record.words.numbers import number_text, significant
from assay.report.causes.lines import WIDTH, wrapped
from assay.report.causes.text import causes
from assay.report.escape import visible_lines
from assay.report.format import Format
from assay.report.numbers import name_beside_label, name_text, origin_text, spread_text, summary_text

_BAR = 34
_KEY_FIGURES = ("wall_s", "cpu_s", "peak_rss_bytes")
_ANSWERS = {Answer.LOWER: "lower", Answer.HIGHER: "higher", Answer.INCONCLUSIVE: "inconclusive"}


def render(view: View) -> str:
    """The report, ready to be printed."""
    parts = (
        _head(view),
        _flags(view),
        _targets(view),
        _comparison(view),
        causes(view.diagnosis),
        _figures(view),
        _splits(view),
        _stories(view),
        _facts(view),
        _unmeasured(view),
        _next(view),
    )
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _head(view: View) -> Iterator[str]:
    title = plain(view.title)
    yield title
    yield "=" * min(WIDTH, len(title))
    yield from wrapped(view.headline)


def _flags(view: View) -> Iterator[str]:
    for flag in view.flags:
        count = f" ({flag.runs} of {flag.of} runs)" if flag.of > 1 else ""
        yield from wrapped(f"{flag.severity.value}: {flag.message}{count}", first="! ")


def _targets(view: View) -> Iterator[str]:
    yield "What ran"
    for side in view.sides:
        count = f"{len(side.runs)} run{'s' if len(side.runs) > 1 else ''}"
        yield from wrapped(f"{side.label}{name_beside_label(side, ': ')}, {count}", first="  ", rest="     ")
        if side.command:
            yield from wrapped(side.command, first="     $ ", rest="       ")


def _comparison(view: View) -> Iterator[str]:
    if not view.compared:
        return
    first, second = (plain(side.label) for side in view.sides)
    yield f"{second} against {first}"
    rows: list[tuple[str, ...]] = [("", first, second, f"{second} / {first}", "95 % interval", "")]
    figures = {name_text(figure): figure for figure in view.figures}
    rows += [_compared_row(one, figures[one.metric]) for one in view.compared if one.metric in figures]
    yield from _table(rows)
    claims = ", ".join(one.metric for one in view.compared if one.claim)
    yield from wrapped(
        f"Medians; the ratio is the geometric mean over blocks. Judged: {claims}, by an exact sign-flip test over "
        "randomised blocks, two-sided at 5 %. The other rows describe and prove nothing.",
        first="  ",
    )


def _compared_row(one: Compared, figure: Figure) -> tuple[str, ...]:
    before, after = (_short(summary.median, figure.unit) for summary in figure.sides)
    interval = "-" if one.low is None or one.high is None else f"{significant(one.low)} - {significant(one.high)}"
    ratio = "-" if one.ratio is None else significant(one.ratio)
    return one.metric, before, after, ratio, interval, _ANSWERS[one.answer] if one.claim else ""


def _figures(view: View) -> Iterator[str]:
    chosen = [figure for figure in view.figures if len(view.sides) == 1 or figure.name in _KEY_FIGURES]
    if not chosen:
        return
    yield "Numbers"
    for figure in chosen:
        if len(view.sides) == 1:
            yield from _number(name_text(figure), figure, figure.sides[0], with_origin=True)
            continue
        origins = " or ".join(sorted({origin_text(summary) for summary in figure.sides}))
        yield from wrapped(f"{name_text(figure)}, {origins}", first="  ", rest="      ")
        for side, summary in zip(view.sides, figure.sides, strict=True):
            yield from _number(f"  {side.label}", figure, summary, with_origin=False)


def _number(name: str, figure: Figure, summary: Summary, *, with_origin: bool) -> list[str]:
    spread = spread_text(summary, figure.unit)
    value = summary_text(summary, figure.unit) + (f" ({spread})" if spread else "")
    origin = f"  [{origin_text(summary)}]" if with_origin and summary.median is not None else ""
    return wrapped(f"{name:<29} {value}{origin}", first="  ", rest=" " * 32)


def _splits(view: View) -> Iterator[str]:
    known = [side.split.wall_s for side in view.sides if side.split is not None]
    yield "Where each second went"
    for side in view.sides:
        if side.split is None:
            yield from wrapped(f"{side.label}: not known: {side.split_reason}", first="  ")
            continue
        yield f"  {plain(side.label)}: {_bar(side.split, max(known))} {number_text(side.split.wall_s, 's')}"
        yield from wrapped(_split_words(side.split), first="     ")
    if known:
        yield "  █ in the program   ▓ in the kernel   ░ waiting, also for a free processor"


def _bar(split: Split, longest_s: float) -> str:
    """Lengths in proportion to seconds, the same scale on all sides."""
    ends = [split.user_s, split.user_s + split.system_s, split.wall_s]
    cells = [round(end / longest_s * _BAR) for end in ends]
    return "█" * cells[0] + "▓" * (cells[1] - cells[0]) + "░" * (cells[2] - cells[1])


def _split_words(split: Split) -> str:
    return (
        f"{number_text(split.user_s, 's')} in the program, {number_text(split.system_s, 's')} in the kernel, "
        f"{number_text(split.waiting_s, 's')} waiting (derived: wall_s less cpu_s)"
    )


def _stories(view: View) -> Iterator[str]:
    for index, story in enumerate(view.stories):
        if index:
            yield ""
        yield plain(story.heading)
        yield from wrapped(story.text, first="  ")
        if story.code:
            yield from (f"    {line}" for line in visible_lines(story.code).splitlines())


def _facts(view: View) -> Iterator[str]:
    yield "Where it ran"
    for fact in view.key_facts:
        if fact.value is not None:
            yield from wrapped(f"{fact.name:<37} {fact.value}", first="  ", rest=" " * 40)
    unknown = ", ".join(fact.name for fact in view.key_facts if fact.value is None)
    if unknown:
        yield from wrapped(f"No value for: {unknown} (the other formats say why).", first="  ")
    for difference in view.differences:
        yield from wrapped(difference, first="! ")


def _unmeasured(view: View) -> Iterator[str]:
    if view.unmeasured:
        yield "What this machine can't measure"
    for fact in view.unmeasured:
        yield from wrapped(f"{fact.name}: {fact.reason or fact.value}", first="  - ", rest="    ")


def _next(view: View) -> Iterator[str]:
    if view.next_steps:
        yield "Next"
    yield from (f"  {plain(step)}" for step in view.next_steps)


def _short(value: float | None, unit: str) -> str:
    return "-" if value is None else number_text(value, unit)


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *others in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        yield f"  {'  '.join(cells)}".rstrip()


PLUGIN = Format(name="text", suffixes=(".txt",), media_type="text/plain", render=render)
