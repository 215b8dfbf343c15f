"""``python -m bench.diagnosis.score [--set NAME] [--tier NAME] [--only TEXT] [-o FILE.md]``: score the diagnosis.

Every program runs under ``assay profile`` in a fresh folder with its lines moved; the findings are compared with what
was planted. Programs whose libraries are not installed are left out and named.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import msgspec

from bench.diagnosis.corpus import SETS, Case, Copy, cases, prepared

TIERS: dict[str, tuple[str, ...] | None] = {
    "root": None,
    "user": ("rusage", "process", "machine", "pressure", "stacks"),
    "psutil": ("rusage", "process", "machine", "pressure"),
}
"""Collectors of each tier; None for the usual ones."""
_LIMIT_S = 180
_NEAR = 1
"""A line counts as found within this distance: an expression may span two lines."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """How the diagnosis of one program went."""

    program: str
    sound: bool
    first: bool
    in_five: bool
    function: bool
    line: bool
    remedy: bool
    claims: tuple[tuple[str, float, bool], ...]
    """Pattern, confidence, and whether it is true of the program."""
    note: str = ""


def main(arguments: list[str] | None = None) -> int:
    """Score the corpus and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="corpus", help="programs to run")
    parser.add_argument("--tier", choices=sorted(TIERS), default="root")
    parser.add_argument("--only", default="", help="programs whose path holds this text")
    parser.add_argument("--moved", type=int, default=7, help="lines that the programs are moved down")
    parser.add_argument("--python", default=sys.executable, help="interpreter that runs the programs")
    parser.add_argument("--keep", type=Path, help="folder that keeps each program's copy and its run")
    parser.add_argument("--rows", type=Path, metavar="FILE", help="scores are added to it; programs in it are not run")
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no program after so long")
    parser.add_argument("-o", "--output", type=Path, help="also write the table as Markdown")
    options = parser.parse_args(arguments)
    programs = SETS[options.set]
    chosen = [case for case in cases(options.set) if options.only in case.program]
    scores = _scores([case for case in chosen if _can_run(programs / case.program)], options)
    left_out = [case.program for case in chosen if not _can_run(programs / case.program)]
    text = _report(scores, left_out, options.tier)
    sys.stdout.write(text)
    if options.output:
        options.output.write_text(text)
    return 0


def _scores(chosen: list[Case], options: argparse.Namespace) -> list[Score]:
    """The score of every program, as far as the time goes."""
    until_s = time.monotonic() + options.seconds
    lines = options.rows.read_bytes().splitlines() if options.rows and options.rows.exists() else []
    known = {score.program: score for score in (msgspec.json.decode(line, type=Score) for line in lines)}
    for case in chosen:
        if case.program in known or time.monotonic() >= until_s:
            continue
        known[case.program] = _scored(case, options)
        if options.rows:
            with options.rows.open("ab") as file:
                file.write(msgspec.json.encode(known[case.program]) + b"\n")
    return [known[case.program] for case in chosen if case.program in known]


def _can_run(program: Path) -> bool:
    text = program.read_text()
    needed = [name for name in ("numpy", "pandas", "torch") if re.search(rf"^ *import {name}", text, re.MULTILINE)]
    return all(importlib.util.find_spec(name) for name in needed)


def _scored(case: Case, options: argparse.Namespace) -> Score:
    with _folder_of(case, options.keep) as folder:
        copy = prepared(case, Path(folder), options.python, moved=options.moved, programs=SETS[options.set])
        document = _profiled(copy, Path(folder), options.tier)
    score = score_of(case, copy, document)
    verdict = "sound" if case.sound else ("first" if score.first else "in five" if score.in_five else "MISSED")
    found = ", ".join(f"{name} {confidence:.2f}" for name, confidence, _ in score.claims) or "nothing"
    near = f"function {score.function!s:5} line {score.line!s:5} remedy {score.remedy!s:5}"
    sys.stderr.write(f"{case.program:30} {verdict:8} {'' if case.sound else near} {found} {score.note}\n")
    return score


def _folder_of(case: Case, keep: Path | None) -> AbstractContextManager[str]:
    if keep is None:
        return tempfile.TemporaryDirectory(prefix="work-")
    folder = keep / case.program.replace("/", ".")
    folder.mkdir(parents=True)
    return nullcontext(str(folder))


def _profiled(copy: Copy, folder: Path, tier: str) -> dict[str, Any]:
    collectors = [word for name in TIERS[tier] or () for word in ("--collector", name)]
    command = [sys.executable, "-m", "assay", "profile", "-q", "--store", str(folder / "store"), *collectors]
    done = subprocess.run(
        [*command, "--timeout", str(_LIMIT_S), "--", *copy.argv],
        cwd=copy.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    for file in (folder / "store" / "findings").glob("*/findings.json"):
        document: dict[str, Any] = json.loads(file.read_bytes())
        return document
    last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return {"findings": [], "insufficient": f"no findings were kept: {''.join(last)}"}


def score_of(case: Case, copy: Copy, document: dict[str, Any]) -> Score:
    """The score of one diagnosis."""
    findings = document["findings"][:5]
    hits = [number for number, finding in enumerate(findings) if finding["pattern"] in case.causes]
    hit = findings[hits[0]] if hits else None
    true = {*case.causes, *case.also}
    return Score(
        program=case.program,
        sound=case.sound,
        first=hits[:1] == [0],
        in_five=bool(hits),
        function=hit is not None and _names_function(case, hit),
        line=hit is not None and _names_line(copy, hit, document),
        remedy=hit is not None and re.search(case.remedy, " ".join(hit["suggestions"])) is not None,
        claims=tuple((finding["pattern"], finding["confidence"], finding["pattern"] in true) for finding in findings),
        note=document.get("insufficient") or "",
    )


def _names_function(case: Case, finding: dict[str, Any]) -> bool:
    if not case.function:
        return True
    place = finding["location"]["function"] or " ".join(finding["stack"][-3:])
    return re.search(case.function, place) is not None


def _names_line(copy: Copy, finding: dict[str, Any], document: dict[str, Any]) -> bool:
    """Whether the finding's line is a marked one; of a finding on a function, its most expensive line."""
    if copy.file.suffix != ".py":
        return True
    place = finding["location"]
    if place["file"] is not None and Path(place["file"]).name != copy.file.name:
        return False
    line = place["line"]
    if line is None:
        same = [one for one in document["lines"] if place["function"] in (None, one["function"])]
        line = same[0]["line"] if same else None
    return line is not None and any(abs(line - marked) <= _NEAR for marked in copy.lines)


def _report(scores: list[Score], left_out: list[str], tier: str) -> str:
    planted = [score for score in scores if not score.sound]
    sound = [score for score in scores if score.sound]
    claims = [claim for score in scores for claim in score.claims]
    rows = [
        ("cause in the top five", _share([score.in_five for score in planted])),
        ("cause first", _share([score.first for score in planted])),
        ("function", _share([score.function for score in planted])),
        ("line", _share([score.line for score in planted])),
        ("remedy", _share([score.remedy for score in planted])),
        ("sound programs without a claim", _share([not score.claims for score in sound])),
        ("precision of claims", _share([true for _, _, true in claims])),
        ("calibration error", f"{_calibration_error(claims):.3f}"),
    ]
    lines = [f"Tier {tier}: {len(planted)} planted, {len(sound)} sound programs", "", "| figure | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    if left_out:
        lines += ["", f"Left out, for want of a library: {', '.join(left_out)}"]
    return "\n".join(lines) + "\n"


def _share(values: list[bool]) -> str:
    return f"{sum(values) / len(values):.2f} ({sum(values)} of {len(values)})" if values else "none"


def _calibration_error(claims: list[tuple[str, float, bool]]) -> float:
    """Mean distance between confidence and truth over five bins, weighed by their size."""
    error = 0.0
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [(confidence, true) for _, confidence, true in claims if low <= confidence < low + 0.2 + (low == 0.8)]
        if inside:
            said = sum(confidence for confidence, _ in inside) / len(inside)
            held = sum(true for _, true in inside) / len(inside)
            error += abs(said - held) * len(inside) / len(claims)
    return error


if __name__ == "__main__":
    sys.exit(main())
