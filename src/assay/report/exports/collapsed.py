"""Collapsed stacks: one line per stack and its microseconds, for flamegraph.pl, inferno and whatever reads those."""

from __future__ import annotations

from assay.record.words.escape import plain
from assay.report.export import Export, Material


def render(material: Material) -> bytes:
    """Time of all clocks; frames are functions with their file, lines of one function are one frame."""
    stacks = material.stacks().stacks
    names = [_name(function, file) for function, file in zip(stacks.function, stacks.file, strict=True)]
    found: dict[str, float] = {}
    for row, seconds in enumerate(stacks.seconds.sum(axis=1).tolist()):
        if seconds > 0:
            key = ";".join(names[one] for one in stacks.path(row))
            found[key] = found.get(key, 0.0) + seconds
    lines = [f"{stack} {round(seconds * 1e6)}" for stack, seconds in sorted(found.items()) if round(seconds * 1e6)]
    return ("\n".join(lines) + "\n").encode()


def _name(function: str, file: str) -> str:
    """A semicolon would end the frame, so that it is written as a colon."""
    shown = f"{function} ({file})" if file else function
    return plain(shown).replace(";", ":")


PLUGIN = Export(
    name="collapsed",
    suffixes=(".collapsed.txt", ".folded.txt"),
    reader="flamegraph.pl, inferno, speedscope",
    render=render,
)
