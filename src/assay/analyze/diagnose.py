"""From the evidence of a run to its findings: every rule tried, the general dropped for the specific, ranked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from assay.analyze.evidence.gather import Evidence, gather
from assay.analyze.evidence.waits import CLOCKS
from assay.analyze.gain import gain_of
from assay.analyze.match import Places, Trial, as_evidence, not_evaluated, rounded, trials
from assay.analyze.places import Place
from assay.analyze.pointing import pointed
from assay.analyze.rules.load import RuleSet
from assay.analyze.rules.rule import Family, Rule
from assay.record.codec import encode_run
from assay.record.diagnosis.findings import ClockShare, Finding, Findings, HotLine, Location, NotEvaluated, Scope
from assay.store import StoredRun

FEWEST_SAMPLES = 100
SHORTEST_S = 0.3
_MOST_OF_ONE_PATTERN = 5
_MOST_LINES = 40
_GAIN_IF_UNKNOWN = 0.2
"""Where no gain can be stated, a finding ranks as if it were this share of the run."""


def analyze(run: StoredRun, rules: RuleSet) -> Findings:
    """The diagnosis of a sealed run: the same run and rules give the same findings, byte for byte."""
    return analyze_evidence(run, gather(run), rules)


def analyze_evidence(run: StoredRun, evidence: Evidence, rules: RuleSet) -> Findings:
    """The same, of evidence that was gathered from the run already."""
    return diagnose(evidence, rules, run.id, hashlib.sha256(encode_run(run.record)).hexdigest())


def diagnose(evidence: Evidence, rules: RuleSet, run_id: str, record_sha256: str) -> Findings:
    """Findings from evidence that has been gathered."""
    insufficient = _insufficient(evidence)
    places = Places(evidence)
    unjudged, trust = _tried(_of(rules, trust=True), places)
    more_unjudged, causes = ([], []) if insufficient else _tried(_of(rules, trust=False), places)
    specific = _specific(causes)
    doubt = float(np.prod([trial.rule.text.lowers for trial in trust]))
    return Findings(
        run=run_id,
        record_sha256=record_sha256,
        rules_sha256=rules.sha256,
        insufficient=insufficient,
        wall_s=rounded(evidence.wall_s),
        samples=_samples(evidence),
        clocks=_clocks(evidence),
        findings=_ranked(_finding(trial, doubt) for trial in specific if not trial.rule.text.note),
        notes=_ranked(_finding(trial, doubt) for trial in specific if trial.rule.text.note),
        trust=_ranked(_finding(trial, 1.0) for trial in trust),
        not_evaluated=tuple(sorted((*unjudged, *more_unjudged), key=lambda one: one.pattern)),
        lines=_lines(places.of(Scope.LINE)),
    )


def _insufficient(evidence: Evidence) -> str | None:
    if evidence.wall_s < SHORTEST_S:
        return (
            f"the run took {evidence.wall_s:.2f} s; below {SHORTEST_S} s nothing can be told apart: give it more work"
        )
    samples = _samples(evidence)
    if samples < FEWEST_SAMPLES:
        return f"{samples} samples; at least {FEWEST_SAMPLES} are needed: let it run longer"
    return None


def _samples(evidence: Evidence) -> int:
    """Samples of the best table there is."""
    return max(
        (len(evidence.tables[kind]) for kind in ("stacks", "native", "threads") if evidence.has(kind)), default=0
    )


def _of(rules: RuleSet, *, trust: bool) -> list[Rule]:
    return [rule for rule in rules.rules if (rule.text.family is Family.TRUST) is trust]


def _tried(rules: Sequence[Rule], places: Places) -> tuple[list[NotEvaluated], list[Trial]]:
    unjudged: list[NotEvaluated] = []
    held: list[Trial] = []
    for stated in rules:
        coarse = stated.without_stacks if not places.evidence.has("stacks") else None
        rule = stated if coarse is None else coarse
        gap = not_evaluated(rule, places.evidence)
        if gap is not None:
            unjudged.append(gap)
        else:
            held += _best_places([trial for trial in trials(rule, places) if trial.held])
    return unjudged, held


def _best_places(held: list[Trial]) -> list[Trial]:
    """The best line of each function: a cause that spans several lines is one cause."""
    best: dict[tuple[str | None, ...], Trial] = {}
    for trial in held:
        where = trial.place.location
        key = (where.file, where.function, where.program)
        if key not in best or trial.confidence > best[key].confidence:
            best[key] = trial
    ordered = sorted(best.values(), key=lambda trial: (-trial.confidence, _identity(trial)))
    return ordered[:_MOST_OF_ONE_PATTERN]


def _specific(held: list[Trial]) -> list[Trial]:
    """Without those that a more specific finding at the same place makes redundant."""
    return [trial for trial in held if not any(_outranks(other, trial) for other in held)]


def _outranks(specific: Trial, general: Trial) -> bool:
    named = general.rule.text.id in specific.rule.text.excludes
    mutual = specific.rule.text.id in general.rule.text.excludes
    if not named or (mutual and specific.confidence <= general.confidence):
        return False
    return _same_place(specific.place.location, general.place.location)


def _same_place(one: Location, other: Location) -> bool:
    """A finding about the whole run or a program lies wherever another does."""
    if Scope.RUN in (one.scope, other.scope) or Scope.PROCESS in (one.scope, other.scope):
        return True
    return (one.file, one.function) == (other.file, other.function)


def _identity(trial: Trial) -> str:
    text = msgspec.json.encode([trial.rule.text.id, trial.place.location])
    return hashlib.sha256(text).hexdigest()[:16]


def _finding(trial: Trial, doubt: float) -> Finding:
    text = trial.rule.text
    formula = f"{text.confidence} = {rounded(trial.confidence):g}"
    if doubt < 1.0:
        formula += f"; times {doubt:g} for doubts about the measurement"
    return Finding(
        id=_identity(trial),
        pattern=text.id,
        title=text.title,
        family=text.family.value,
        location=pointed(_with_native(trial.place), trial),
        confidence=rounded(trial.confidence * doubt),
        confidence_formula=formula,
        gain=gain_of(trial.place, text.gain),
        evidence=tuple(as_evidence(condition) for condition in trial.conditions),
        observation=trial.rule.observation.filled(trial.values),
        interpretation=text.meaning,
        uncertainty=text.uncertainty,
        suggestions=text.suggestions,
        verification=text.verification,
        references=text.references,
        stack=_typical_stack(trial.place),
    )


def _with_native(place: Place) -> Location:
    """The location with the native function that ran there most, where one had a fifth of its samples."""
    native = place.evidence.native
    if native is None or len(place.native_rows) < 10 or place.location.scope in (Scope.RUN, Scope.PROCESS):
        return place.location
    codes, counts = np.unique(native.table["symbol"][place.native_rows], return_counts=True)
    best = int(np.argmax(counts))
    if counts[best] < 0.2 * len(place.native_rows) or codes[best] < 0:
        return place.location
    return msgspec.structs.replace(place.location, native=native.table.names["symbol"][int(codes[best])])


def _typical_stack(place: Place) -> tuple[str, ...]:
    samples, frames = place.evidence.samples, place.evidence.frames
    if samples is None or frames is None or not len(place.rows) or place.location.scope is Scope.RUN:
        return ()
    nodes, inverse = np.unique(samples.node[place.rows], return_inverse=True)
    weights = np.bincount(inverse, samples.seconds[place.rows].sum(axis=1, dtype=np.float64))
    return frames.stack(int(nodes[int(np.argmax(weights))]))[-30:]


def _ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    def weight(finding: Finding) -> float:
        return finding.confidence * (finding.gain.share if finding.gain else _GAIN_IF_UNKNOWN)

    return tuple(sorted(findings, key=lambda finding: (-rounded(weight(finding)), finding.pattern, finding.id)))


def _clocks(evidence: Evidence) -> tuple[ClockShare, ...]:
    if not evidence.has("threads") or not evidence.wall_s:
        return ()
    shares = [
        ClockShare(clock=clock, seconds=rounded(seconds), share=rounded(min(1.0, seconds / evidence.wall_s)))
        for clock, seconds in zip(CLOCKS, evidence.wall.tolist(), strict=True)
        if seconds > 0
    ]
    return tuple(sorted(shares, key=lambda one: (-one.seconds, one.clock)))


def _lines(places: Sequence[Place]) -> tuple[HotLine, ...]:
    found = []
    for place in places:
        where = place.location
        if where.file is None or where.line is None or not len(place.seconds):
            continue
        seconds = {
            clock: rounded(spent) for clock, spent in zip(CLOCKS, place.seconds.tolist(), strict=True) if spent > 0
        }
        found.append(
            HotLine(
                file=where.file,
                line=where.line,
                function=where.function or "?",
                samples=len(place.rows),
                seconds=seconds,
            )
        )
    return tuple(found[:_MOST_LINES])
