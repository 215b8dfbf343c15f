"""speedscope: time by stack for each clock, and each thread in the order of time."""

from __future__ import annotations

import json
from typing import Any

from assay.analyze.evidence.waits import CLOCKS
from assay.record.diagnosis.words import CLOCK_WORDS
from assay.record.words.escape import plain
from assay.report.export import Export, Material
from assay.report.profile import Stacks, Track
from assay.report.speedscope import SCHEMA

Frames = dict[tuple[str, str, int], int]


def render(material: Material) -> bytes:
    """Profiles of the kind ``sampled``: a stack and its weight, so that nothing can be nested wrongly."""
    profile = material.stacks()
    frames: Frames = {}
    index = [
        frames.setdefault(key, len(frames))
        for key in zip(profile.stacks.function, profile.stacks.file, profile.stacks.line, strict=True)
    ]
    profiles = [*_clocks(profile.stacks, index), *(_thread(track, profile.stacks, index) for track in profile.tracks)]
    document = {
        "$schema": SCHEMA,
        "exporter": f"assay {material.run.software.assay}",
        "name": plain(material.run.plan.target.name),
        "activeProfileIndex": 0,
        "shared": {"frames": [_frame(*key) for key in frames]},
        "profiles": profiles,
    }
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"


def _clocks(stacks: Stacks, index: list[int]) -> list[dict[str, Any]]:
    found = []
    for number, clock in enumerate(CLOCKS):
        weights = stacks.seconds[:, number]
        rows = [row for row, weight in enumerate(weights.tolist()) if weight > 0]
        if rows:
            samples = [[index[one] for one in stacks.path(row)] for row in rows]
            name = f"{CLOCK_WORDS[clock]}, all threads"
            found.append(_profile(name, samples, [float(weights[row]) for row in rows], 0.0))
    return found


def _thread(track: Track, stacks: Stacks, index: list[int]) -> dict[str, Any]:
    """A thread's stretches; time in which it was not seen is a stretch with no stack."""
    samples: list[list[int]] = []
    weights: list[float] = []
    now_s = start_s = float(track.start_s[0])
    for begin_s, end_s, row in zip(track.start_s.tolist(), track.end_s.tolist(), track.row.tolist(), strict=True):
        if begin_s > now_s:
            samples.append([])
            weights.append(begin_s - now_s)
        samples.append([index[one] for one in stacks.path(row)])
        weights.append(end_s - begin_s)
        now_s = end_s
    return _profile(plain(f"{track.program} {track.pid}/{track.tid}"), samples, weights, start_s)


def _profile(name: str, samples: list[list[int]], weights: list[float], start_s: float) -> dict[str, Any]:
    rounded = [round(weight, 9) for weight in weights]
    return {
        "type": "sampled",
        "name": name,
        "unit": "seconds",
        "startValue": round(start_s, 9),
        "endValue": round(start_s + sum(rounded), 9),
        "samples": samples,
        "weights": rounded,
    }


def _frame(function: str, file: str, line: int) -> dict[str, Any]:
    frame: dict[str, Any] = {"name": plain(function)}
    if file:
        frame["file"] = plain(file)
    if line:
        frame["line"] = line
    return frame


PLUGIN = Export(name="speedscope", suffixes=(".speedscope.json",), reader="https://www.speedscope.app", render=render)
