"""JUnit's XML, which build servers read: a case for each claim and each line, failed where it became worse."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from assay.compare.words import line_text
from assay.record.documents.comparison import ComparedLine, Comparison, Outcome
from assay.record.words.escape import plain
from assay.report.comparison.basis import basis, warnings
from assay.report.comparison.format import ComparisonFormat
from assay.report.comparison.rows import all_lines, tone_of, verdict_words

_Case = tuple[str, str, str]
"""Name, what became of it (``failure``, ``skipped`` or nothing), and the sentence."""


def render(made: Comparison) -> str:
    """One suite."""
    cases = list(_cases(made))
    failed, skipped = (sum(case[1] == kind for case in cases) for kind in ("failure", "skipped"))
    head = f'<testsuite name="assay compare" tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}">'
    inner = "\n".join(_case(*case) for case in cases)
    said = _text("\n".join((made.headline, *basis(made), *warnings(made))))
    output = f"<system-out>{said}</system-out>"
    suite = f"<testsuites>\n{head}\n{inner}\n{output}\n</testsuite>\n</testsuites>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{suite}\n'


def _cases(made: Comparison) -> Iterator[_Case]:
    yield "verdict", _KINDS[made.verdict], made.headline
    for claim in made.claims:
        yield f"claim: {claim.claim}", _KINDS[claim.verdict], claim.reason or claim.verdict.value
    for one in made.exact:
        kind = "failure" if one.verdict is Outcome.REFUTED else ""
        yield f"count: {one.label}", kind, f"{one.before} → {one.after}"
    for line in all_lines(made):
        yield _of_line(made, line)


_KINDS = {
    Outcome.CORROBORATED: "",
    Outcome.EQUIVALENT: "",
    Outcome.REFUTED: "failure",
    Outcome.INCONCLUSIVE: "skipped",
    Outcome.NOT_COMPARABLE: "failure",
}


def _of_line(made: Comparison, line: ComparedLine) -> _Case:
    kind = "failure" if tone_of(made, line) == "bad" else "skipped" if line.verdict is Outcome.INCONCLUSIVE else ""
    return line.label, kind, f"{verdict_words(made, line)}: {line_text(made, line)}"


def _case(name: str, kind: str, sentence: str) -> str:
    inner = f"<{kind} message={_attribute(sentence)}/>" if kind else ""
    return f'<testcase classname="assay.compare" name={_attribute(name)}>{inner}</testcase>'


def _attribute(text: str) -> str:
    return quoteattr(_plain(text))


def _text(text: str) -> str:
    return escape("\n".join(_plain(line) for line in text.split("\n")))


def _plain(text: str) -> str:
    return plain(text)


PLUGIN = ComparisonFormat(name="junit", suffixes=(".xml",), media_type="application/xml", render=render)
