"""Rules tried on recorded runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources
from pathlib import Path
from typing import Literal

from assay.analyze.diagnose import diagnose
from assay.analyze.recorded.fixture import SUFFIX, unpacked
from assay.analyze.rules.load import RuleSet
from assay.record.documents import PatternTried

Kind = Literal["positive", "negative"]
_RUN, _HASH = "0" * 26, "0" * 64
_KINDS: dict[str, Kind] = {"positive": "positive", "negative": "negative"}


def fixtures_of(folders: Iterable[Path] = ()) -> dict[tuple[str, Kind], Path]:
    """Recorded runs by pattern and kind: Assay's own, then those in folders."""
    own = Path(str(resources.files("assay.analyze.recorded"))) / "fixtures"
    found: dict[tuple[str, Kind], Path] = {}
    for path in (path for folder in (own, *folders) for path in sorted(folder.glob(f"*{SUFFIX}"))):
        pattern, _, kind = path.name.removesuffix(SUFFIX).partition(".")
        if kind in _KINDS:
            found[pattern, _KINDS[kind]] = path
    return found


def tried(rules: RuleSet, folders: Sequence[Path] = ()) -> tuple[PatternTried, ...]:
    """Every recorded run against all rules: its own must be found where it should be, and nowhere else."""
    return tuple(_tried(rules, *key, path) for key, path in sorted(fixtures_of(folders).items()))


def _tried(rules: RuleSet, pattern: str, kind: Kind, path: Path) -> PatternTried:
    rules.get(pattern)
    findings = diagnose(unpacked(path), rules, _RUN, _HASH)
    names = tuple(one.pattern for one in (*findings.findings, *findings.notes, *findings.trust))
    return PatternTried(pattern=pattern, kind=kind, passed=(pattern in names) is (kind == "positive"), found=names)
