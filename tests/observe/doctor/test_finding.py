"""What a check hands back."""

from __future__ import annotations

from assay.observe.doctor.finding import Fault, degraded, missing, ok
from assay.record.checks import CheckState

FAULT = Fault(reason="r", lost="l", enable="e")


def test_a_fault_brings_all_its_words_and_an_ok_none() -> None:
    assert (ok("f").reason, ok("f").lost, ok("f").enable) == (None, None, None)
    for make, state in ((degraded, CheckState.DEGRADED), (missing, CheckState.MISSING)):
        finding = make("f", FAULT)
        assert (finding.state, finding.found) == (state, "f")
        assert (finding.reason, finding.lost, finding.enable) == ("r", "l", "e")
