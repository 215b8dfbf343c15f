"""``assay explain``: one finding in full, or why a pattern was not found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from assay.analyze.diagnose import analyze_evidence
from assay.analyze.evidence.gather import Evidence, gather
from assay.analyze.match import Places, as_evidence, not_evaluated, trials
from assay.analyze.rules.load import RuleSet, load_rules
from assay.cli.command import command
from assay.cli.diagnosis import patterns_option
from assay.cli.emit import Answer, Output, emit, output_options
from assay.cli.reference import REFERENCE
from assay.cli.session import Session
from assay.cli.terminal.style import Line, Styled
from assay.cli.terminal.width import wrapped
from assay.cli.views.findings import evidence_lines, head_lines
from assay.errors import UsageError
from assay.record.diagnosis.findings import Finding, Findings
from assay.record.diagnosis.words import place_text
from assay.record.documents import Explanation, PlaceTried

_PLACES_SHOWN = 3


@command(
    examples=["assay explain @latest", "assay explain @latest 3f2a91", "assay explain @latest --why-not sleep_poll"],
    statuses={1: "the run has no finding, or the pattern was found after all"},
)
@click.argument("run", type=REFERENCE)
@click.argument("finding", required=False)
@click.option("--why-not", "pattern", metavar="PATTERN", help="Show what kept this pattern from being found.")
@patterns_option
@output_options
def explain(
    session: Session, run: str, finding: str | None, pattern: str | None, folders: tuple[Path, ...], output: Output
) -> int:
    """Show the evidence behind a FINDING of RUN, condition by condition; by default behind its first.

    FINDING is the beginning of its id, or the name of its pattern.
    """
    if finding and pattern:
        raise UsageError("a finding and --why-not were both given", where="explain", remedy="give one of them")
    stored = session.store.get(run)
    rules = load_rules(folders)
    evidence = gather(stored)
    found = analyze_evidence(stored, evidence, rules)
    if pattern is not None:
        document = _tried(evidence, rules, pattern, found)
        status = 1 if document.finding is not None else 0
    else:
        chosen = _chosen(found, finding)
        if chosen is None:
            session.console.print(found.insufficient or "no known cause was found")
            return 1
        document = _tried(evidence, rules, chosen.pattern, found, chosen)
        status = 0
    emit(session, Answer(document=document, lines=lambda width: _lines(document, width)), output)
    if document.finding is not None and not output.as_json and not output.outputs:
        again = f"assay verify {stored.id} {document.finding.id[:6]} -- COMMAND"
        session.console.note("", f"next: change it, then let both versions run in turns: {again}")
    return status


def _chosen(found: Findings, wanted: str | None) -> Finding | None:
    if wanted is not None:
        return named_finding(found, wanted)
    return next(iter((*found.findings, *found.notes, *found.trust)), None)


def named_finding(found: Findings, wanted: str) -> Finding:
    """The finding of that id or pattern."""
    every = (*found.findings, *found.notes, *found.trust)
    matching = [finding for finding in every if finding.id.startswith(wanted) or finding.pattern == wanted]
    if not matching:
        known = ", ".join(f"{finding.id[:6]} ({finding.pattern})" for finding in every) or "none"
        raise UsageError(f"there is no finding {wanted!r}", where=found.run, remedy=f"its findings: {known}")
    return matching[0]


def _tried(
    evidence: Evidence, rules: RuleSet, pattern: str, found: Findings, finding: Finding | None = None
) -> Explanation:
    rule = rules.get(pattern)
    gap = not_evaluated(rule, evidence)
    tried = [] if gap else trials(rule, Places(evidence))
    tried.sort(key=lambda trial: -trial.closeness)
    known = [one for one in (*found.findings, *found.notes, *found.trust) if one.pattern == pattern]
    return Explanation(
        run=found.run,
        pattern=pattern,
        finding=finding or (known[0] if known else None),
        missing=gap.reason if gap else None,
        places=tuple(
            PlaceTried(
                location=trial.place.location,
                held=trial.held,
                evidence=tuple(as_evidence(condition) for condition in trial.conditions),
            )
            for trial in tried[:_PLACES_SHOWN]
        ),
        places_tried=len(tried),
    )


def _lines(document: Explanation, width: int | None) -> list[Line]:
    if document.finding is not None:
        return _found_lines(document.finding, width)
    head: Line = (Styled(document.pattern, "bold"), " was not found")
    if document.missing is not None:
        return [head, f"  it could not be judged: {document.missing}"]
    if not document.places:
        return [head, "  no place in the run took enough time to be looked at"]
    return [head, *_place_lines(document.places), *_rest(document)]


def _rest(document: Explanation) -> list[Line]:
    more = document.places_tried - len(document.places)
    return ["", Styled(f"and {more} more places that are farther from it", "dim")] if more > 0 else []


def _place_lines(places: Sequence[PlaceTried]) -> list[Line]:
    lines: list[Line] = []
    for place in places:
        verdict = " (held, but a more specific finding speaks for the same place)" if place.held else ""
        lines += ["", (Styled(place_text(place.location), "cyan"), verdict), *evidence_lines(place.evidence)]
    return lines


def _found_lines(finding: Finding, width: int | None) -> list[Line]:
    lines = head_lines(finding, width)
    lines += ["", Styled("evidence", "bold"), *evidence_lines(finding.evidence)]
    lines += [f"  confidence = {finding.confidence_formula}"]
    for title, text in (("what it means", finding.interpretation), ("what could be wrong", finding.uncertainty)):
        lines += ["", Styled(title, "bold"), *wrapped(text, "  ", width)]
    for title, texts in (("what to do", finding.suggestions), ("how to verify", finding.verification)):
        lines += ["", Styled(title, "bold"), *(line for text in texts for line in wrapped(f"- {text}", "  ", width, 2))]
    if finding.stack:
        lines += ["", Styled("a typical stack", "bold"), *(f"  {one}" for one in finding.stack)]
    return [*lines, *(Styled(f"see {reference}", "dim") for reference in finding.references)]
