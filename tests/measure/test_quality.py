from __future__ import annotations

import resource

from assay.measure.quality import flags_of, not_attached
from assay.measure.target.ladder import Cause
from assay.measure.target.watch import Watched
from assay.observe.collector import Ended
from assay.record.enums import Severity


def _watched(*, output_cut: bool = False, outlived: int = 0, suspended_ns: int = 0) -> Watched:
    ended = Ended(start_ns=0, end_ns=1, wait_status=0, usage=resource.getrusage(resource.RUSAGE_SELF))
    return Watched(ended=ended, cause=Cause.ENDED, output_cut=output_cut, outlived=outlived, suspended_ns=suspended_ns)


def test_a_short_run_is_flagged_with_its_time() -> None:
    (flag,) = flags_of(0.02, _watched())
    assert (flag.id, flag.severity) == ("too_short", Severity.WARNING)
    assert [(evidence.name, evidence.value, evidence.unit) for evidence in flag.evidence] == [("wall_s", 0.02, "s")]
    assert "20 ms" in flag.message


def test_a_run_of_ordinary_length_has_no_flag() -> None:
    assert flags_of(0.5, _watched()) == ()


def test_time_in_which_it_was_suspended_is_said() -> None:
    (flag,) = flags_of(5.0, _watched(suspended_ns=2_500_000_000))
    assert (flag.id, flag.severity) == ("suspended", Severity.WARNING)
    assert "suspended the run for 2.5 s" in flag.message


def test_what_outlived_the_target_is_said() -> None:
    ids = [flag.id for flag in flags_of(1.0, _watched(output_cut=True, outlived=2))]
    assert ids == ["processes_outlived", "output_cut"]


def test_a_collector_that_could_not_run_says_why() -> None:
    flag = not_attached("pressure", "the kernel has none")
    assert flag.severity is Severity.INFO
    assert "'pressure'" in flag.message
    assert "the kernel has none" in flag.message
