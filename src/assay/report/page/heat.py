"""The target's own source with the time of each line beside it."""

from __future__ import annotations

from collections.abc import Iterator

from assay.record.diagnosis.findings import Clock
from assay.record.words.numbers import number_text
from assay.report.page.causes import bar, legend
from assay.report.page.elements import Markup, element, folded, joined, section
from assay.report.profile import HeatFile

_AROUND = 6
"""Lines without time that are shown on each side of one with time."""
_OPEN = 2
"""Files that are not folded."""


def heat_map(files: tuple[HeatFile, ...]) -> Markup:
    """Every file that took time, the hottest first; long stretches that took none are counted, not shown."""
    if not files:
        return Markup()
    longest = max(sum(clocks.values()) for one in files for clocks in one.seconds.values())
    used = [clock for clock in Clock if any(clock in clocks for one in files for clocks in one.seconds.values())]
    note = "Summed over all threads; time in libraries counts at the line that called them."
    listings = [_file(one, longest, is_open=number < _OPEN) for number, one in enumerate(files)]
    return section("The source, line by line", legend(used), element("p", note, class_="note"), *listings)


def _file(one: HeatFile, longest: float, *, is_open: bool) -> Markup:
    total = sum(sum(clocks.values()) for clocks in one.seconds.values())
    heading = f"{one.path}  {number_text(total, 's')}"
    listing = element("div", element("table", element("tbody", *_rows(one, longest)), class_="source"), class_="scroll")
    return joined((element("h3", heading), listing)) if is_open else folded(heading, listing)


def _rows(one: HeatFile, longest: float) -> Iterator[Markup]:
    shown = sorted({near for line in one.seconds for near in range(line - _AROUND, line + _AROUND + 1)})
    inside = [line for line in shown if 1 <= line <= len(one.lines)]
    before = 0
    for line in inside:
        if line > before + 1:
            yield _gap(line - before - 1)
        yield _line(one, line, longest)
        before = line
    if before < len(one.lines):
        yield _gap(len(one.lines) - before)
    missing = [line for line in one.seconds if line > len(one.lines)]
    if missing:
        yield element("tr", _wide(f"{len(missing)} lines that took time are not in this file: it has changed since"))


def _gap(count: int) -> Markup:
    return element("tr", _wide(f"… {count:,} line{'s' if count > 1 else ''} that took no time"), class_="gap")


def _wide(text: str) -> Markup:
    return element("td", text, colspan="4", class_="note")


def _line(one: HeatFile, line: int, longest: float) -> Markup:
    clocks = one.seconds.get(line, {})
    total = sum(clocks.values())
    return element(
        "tr",
        element("td", number_text(total, "s") if clocks else ""),
        element("td", bar(clocks, longest, 12.0) if clocks else ""),
        element("td", str(line)),
        element("td", element("code", one.lines[line - 1])),
    )
