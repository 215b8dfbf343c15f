from __future__ import annotations

from assay.measure.observers.guard import Guarded
from assay.observe.collector import Description, Ended, Nature, Observation
from assay.record.base import Missing
from assay.record.diagnosis.life import Life

DESCRIPTION = Description(name="odd", nature=Nature.EXTERNAL, summary="x", cost="x", metrics=("peak_rss_bytes",))
END = Ended(start_ns=1, end_ns=2, wait_status=0, usage=None)


class Odd:
    """An observer that fails where it is told to."""

    def __init__(self, fails: str) -> None:
        self._fails = fails
        self.called: list[str] = []

    def _do(self, name: str) -> None:
        self.called.append(name)
        if name == self._fails:
            raise KeyError("a\nkey")

    def look(self, _now_ns: int, /) -> None:
        self._do("look")

    def seen(self, _life: Life, /) -> None:
        self._do("seen")

    def finish(self, _ended: Ended, /) -> Observation:
        self._do("finish")
        return Observation()


def _told(fails: str) -> tuple[list[str], Observation]:
    odd = Odd(fails)
    guarded = Guarded(DESCRIPTION, odd)
    for _ in range(2):
        guarded.look(1)
        guarded.seen(Life(time_ns=1, event="gone", pid=1))
    return odd.called, guarded.finish(END)


def test_an_observer_that_does_not_fail_is_called_as_it_is() -> None:
    assert _told("never") == (["look", "seen", "look", "seen", "finish"], Observation())


def test_one_that_failed_is_left_alone_until_the_end_and_named() -> None:
    for fails, called in (("look", ["look"]), ("seen", ["look", "seen"])):
        heard, observation = _told(fails)
        assert heard == [*called, "finish"]
        assert [flag.id for flag in observation.quality] == ["collector_failed_odd"]
        assert "KeyError" in observation.quality[0].message
        assert "\n" not in observation.quality[0].message
        assert isinstance(observation.metrics[0].value, Missing)


def test_a_failing_end_is_named_too() -> None:
    assert _told("finish")[1].quality[0].id == "collector_failed_odd"
