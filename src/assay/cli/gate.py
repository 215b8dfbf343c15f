"""Causes that fail a command: ``--fail-on``, for continuous integration."""

from __future__ import annotations

import difflib
import fnmatch
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from assay.cli.session import Session
from assay.cli.wording.github import workflow_command
from assay.errors import UsageError
from assay.record.diagnosis.findings import Finding, Findings
from assay.record.diagnosis.words import place_text

FOUND = 1
"""Exit status where such a cause was found."""
ANY = "any"

fail_on_option = click.option(
    "--fail-on",
    "fail_on",
    multiple=True,
    metavar="PATTERN[,…]",
    help="Exit with 1 if such a cause is found: its name, a glob like 'quadratic_*', a family, or 'any'.",
)
"""The option ``--fail-on``."""


@dataclass(frozen=True)
class Gate:
    """Names of patterns that must not be found."""

    patterns: frozenset[str]

    def failing(self, found: Findings | None) -> tuple[Finding, ...]:
        """Causes that must not be there; notes and doubts are no causes."""
        return tuple(one for one in found.findings if one.pattern in self.patterns) if found is not None else ()


def open_gate(words: Sequence[str], folders: Sequence[Path] = ()) -> Gate:
    """The gate that these words ask for; a word that means no pattern is an error, before anything is measured."""
    from assay.analyze.rules.load import load_rules

    asked = [word.strip() for text in words for word in text.split(",") if word.strip()]
    if not asked:
        return Gate(frozenset())
    families = {rule.text.id: rule.text.family.value for rule in load_rules(folders).rules}
    return Gate(frozenset(name for word in asked for name in _meant(word, families)))


def _meant(word: str, families: Mapping[str, str]) -> list[str]:
    if word == ANY:
        return list(families)
    meant = [name for name, family in families.items() if word == family or fnmatch.fnmatchcase(name, word)]
    if not meant:
        close = difflib.get_close_matches(word, [*families, *families.values(), ANY], n=1)
        remedy = f"did you mean {close[0]!r}?" if close else "see `assay patterns list`"
        raise UsageError(f"there is no pattern {word!r}", where="--fail-on", remedy=remedy)
    return meant


def say_failing(session: Session, failing: Sequence[Finding]) -> None:
    """Name the causes that failed the command; on GitHub also as annotations of their lines."""
    names = ", ".join(dict.fromkeys(finding.pattern for finding in failing))
    session.console.complain(f"assay: --fail-on: found {names}")
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for finding in failing:
            session.console.complain(annotation(finding))


def annotation(finding: Finding) -> str:
    """The cause as an annotation of its line."""
    place = finding.location
    text = f"{place_text(place)}: {finding.observation} Try: {finding.suggestions[0]}"
    return workflow_command("error", text, title=finding.title, file=place.file or "", line=place.line)
