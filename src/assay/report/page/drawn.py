"""Pictures that a script draws: the flame graph, and threads over time. Their data lies in the page, packed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.analyze.evidence.waits import CLOCKS, INDEX
from assay.record.diagnosis.findings import Clock
from assay.record.diagnosis.words import CLOCK_WORDS
from assay.record.words.escape import plain
from assay.report.page.causes import legend
from assay.report.page.elements import Markup, element, joined
from assay.report.profile import Profile, Stacks, Timeline

_NEEDS_SCRIPT = (
    "This picture is drawn by a script in this file; where scripts are switched off, the tables say the same."
)


def pictures(profile: Profile) -> Markup:
    """The sections, and the data that they show."""
    flame = _flame(profile.stacks) if len(profile.stacks) else Markup()
    timeline = _timeline(profile.timeline) if profile.timeline is not None else Markup()
    data = element("template", _packed(_columns(profile)), id="profile")
    return joined((timeline, flame, data))


def _flame(stacks: Stacks) -> Markup:
    options = [element("option", "all reasons", value="all")]
    options += [
        element("option", CLOCK_WORDS[CLOCKS[clock]], value=str(number)) for number, clock in enumerate(_used(stacks))
    ]
    controls = element(
        "p",
        element("label", "time ", element("select", *options)),
        element("label", "find ", element("input", type="search", placeholder="function or file")),
        element("button", "Show all", type="button"),
        class_="controls",
    )
    canvas = element("canvas", role="img", aria_label="flame graph: callers above, what they called below")
    note = (
        "Callers stand above what they called; a frame is as wide as its time, summed over all threads. The colour is "
        "the reason of most of it, its strength tells files apart."
    )
    return element(
        "section",
        element("h2", "Where the time went, by caller"),
        legend([CLOCKS[clock] for clock in _used(stacks)]),
        controls,
        element("output", _NEEDS_SCRIPT),
        element("div", canvas, class_="drawn"),
        element("p", note, class_="note"),
        id="flame",
    )


def _timeline(timeline: Timeline) -> Markup:
    used = [clock for clock in Clock if any(clock in thread.shares for thread in timeline.threads)]
    canvas = element("canvas", role="img", tabindex="0", aria_label="each thread over time, by what it did")
    note = (
        f"A row per thread, cut into {timeline.stretches:,} stretches; each is filled in proportion to what the "
        "thread did in it. Point at one to read it. Drag over a part to see it alone; with the picture clicked, the "
        "wheel and the keys + and - zoom, arrows move."
    )
    controls = element("p", element("button", "Show all", type="button"), class_="controls")
    return element(
        "section",
        element("h2", "Threads over time"),
        legend(used),
        controls,
        element("div", canvas, class_="drawn"),
        element("output", note),
        id="timeline",
    )


def _used(stacks: Stacks) -> list[int]:
    return [number for number in range(len(CLOCKS)) if (stacks.seconds[:, number] > 0).any()]


def _columns(profile: Profile) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if len(profile.stacks):
        columns["stacks"] = _tree(profile.stacks)
    if profile.timeline is not None:
        columns["timeline"] = _threads(profile.timeline)
    return columns


def _tree(stacks: Stacks) -> dict[str, Any]:
    """The tree with lines of one function brought together; times in seconds, to the microsecond."""
    known: dict[tuple[int, str, str], int] = {}
    row_of: list[int] = []
    for parent, function, file in zip(stacks.parent, stacks.function, stacks.file, strict=True):
        above = row_of[parent] if parent >= 0 else -1
        row_of.append(known.setdefault((above, function, file), len(known)))
    seconds = np.zeros((len(known), len(CLOCKS)))
    np.add.at(seconds, row_of, stacks.seconds)
    functions, function_codes = _coded([name for _, name, _ in known])
    files, file_codes = _coded([name for _, _, name in known])
    used = _used(stacks)
    return {
        "clocks": [_clock(CLOCKS[number]) for number in used],
        "functions": functions,
        "files": files,
        "parent": [parent for parent, _, _ in known],
        "function": function_codes,
        "file": file_codes,
        "seconds": [[round(value, 6) for value in seconds[:, number].tolist()] for number in used],
    }


def _coded(names: Sequence[str]) -> tuple[list[str], list[int]]:
    """The distinct names, made visible, and for each name its number."""
    known: dict[str, int] = {}
    codes = [known.setdefault(name, len(known)) for name in names]
    return [plain(name) for name in known], codes


def _threads(timeline: Timeline) -> dict[str, Any]:
    used = [clock for clock in CLOCKS if any(clock in thread.shares for thread in timeline.threads)]
    place = {clock: number for number, clock in enumerate(sorted(used, key=lambda clock: INDEX[clock]))}
    return {
        "clocks": [_clock(clock) for clock in place],
        "stretches": timeline.stretches,
        "wall_s": timeline.wall_s,
        "threads": [
            {"name": plain(thread.name), "shares": {place[clock]: shares for clock, shares in thread.shares.items()}}
            for thread in timeline.threads
        ],
    }


def _clock(clock: Clock) -> dict[str, str]:
    return {"id": clock.value, "words": CLOCK_WORDS[clock]}


def _packed(columns: dict[str, Any]) -> Markup:
    """Letters, digits, ``+``, ``/`` and ``=`` only: no name in it can be markup."""
    text = json.dumps(columns, separators=(",", ":")).encode()
    return Markup(base64.b64encode(gzip.compress(text, mtime=0)).decode())
