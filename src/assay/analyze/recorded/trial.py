"""Rules tried on recorded runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec
from ruamel.yaml import YAML

from assay.analyze.diagnose import diagnose
from assay.analyze.recorded.fixture import SUFFIX, unpacked
from assay.analyze.rules.load import RuleSet
from assay.record.documents import PatternTried

Kind = Literal["positive", "negative"]
KINDS: tuple[Kind, ...] = ("positive", "negative")
OWN = Path(str(resources.files("assay.analyze.recorded"))) / "fixtures"
"""Recordings that came with Assay; ``fixtures.yaml`` beside the folder says what each tries."""
_RUN, _HASH = "0" * 26, "0" * 64


class Pair(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tries one pattern."""

    positive: str
    """Recording of a run that has the cause."""
    negative: str
    """Recording of a run that only looks like it had."""
    note: str = ""
    """How a recording came about that is not plainly the run of a program."""


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """One recording that tries one pattern."""

    pattern: str
    kind: Kind
    recording: str


@cache
def own_pairs() -> dict[str, Pair]:
    """What tries each of Assay's own patterns."""
    text = (OWN.parent / "fixtures.yaml").read_text("utf-8")
    return msgspec.convert(YAML(typ="safe", pure=True).load(text), dict[str, Pair])


def own_uses() -> Iterator[Use]:
    """Every use of a recording of Assay's own."""
    for pattern, pair in own_pairs().items():
        yield Use(pattern=pattern, kind="positive", recording=pair.positive)
        yield Use(pattern=pattern, kind="negative", recording=pair.negative)


def fixtures_of(folders: Iterable[Path] = ()) -> dict[tuple[str, Kind], Path]:
    """Recorded runs by pattern and kind: Assay's own, then those in folders, named ``PATTERN.KIND.json.xz``."""
    found = {(use.pattern, use.kind): OWN / f"{use.recording}{SUFFIX}" for use in own_uses()}
    for path in (path for folder in folders for path in sorted(folder.glob(f"*{SUFFIX}"))):
        pattern, _, kind = path.name.removesuffix(SUFFIX).partition(".")
        found.update({(pattern, one): path for one in KINDS if one == kind})
    return found


def untried(rules: RuleSet, folders: Sequence[Path] = ()) -> dict[str, list[Kind]]:
    """Rules without a recorded run of both kinds, and the kinds that they lack."""
    known = {key for key, path in fixtures_of(folders).items() if path.is_file()}
    lacking = {rule.text.id: [kind for kind in KINDS if (rule.text.id, kind) not in known] for rule in rules.rules}
    return {pattern: kinds for pattern, kinds in lacking.items() if kinds}


def tried(rules: RuleSet, folders: Sequence[Path] = ()) -> tuple[PatternTried, ...]:
    """Every recorded run against all rules: its own must be found where it should be, and nowhere else."""
    fixtures = sorted(fixtures_of(folders).items())
    for (pattern, _), _path in fixtures:
        rules.get(pattern)
    found = {path: judged(path, rules) for path in sorted({path for _, path in fixtures})}
    return tuple(
        PatternTried(
            pattern=pattern, kind=kind, passed=(pattern in found[path]) is (kind == "positive"), found=found[path]
        )
        for (pattern, kind), path in fixtures
    )


def judged(path: Path, rules: RuleSet) -> tuple[str, ...]:
    """Patterns that are found in a recorded run."""
    findings = diagnose(unpacked(path), rules, _RUN, _HASH)
    return tuple(one.pattern for one in (*findings.findings, *findings.notes, *findings.trust))
