"""The pytest plug-in. It loads nothing of Assay but the decorators until a test wants to be measured."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.marks import noted

if TYPE_CHECKING:
    from assay.measure.clock import Anchor
    from assay.testing.measured import Measured


class AssayWarning(UserWarning):
    """A limit that could not be judged here."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of the plug-in."""
    group = parser.getgroup("assay", "benchmarks and limits (assay)")
    group.addoption("--assay-store", metavar="PLACE", help="Keep the benches of this process as a run in this store.")
    group.addoption("--assay-session", metavar="NAME", help="Sitting that the run belongs to.")
    group.addoption("--assay-side", metavar="NAME", help="Side of a comparison: A or B.")
    group.addoption("--assay-block", metavar="N", type=int, help="Randomised block of that sitting, from 0.")
    group.addoption("--assay-no-bench", action="store_true", help="Call every bench once, as a plain test.")
    parser.addini("assay_unmeasured", "what a limit does that can't be judged here: warn, skip or fail", default="warn")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what this process measures."""
    config.pluginmanager.register(_Benches(config), "assay-benches")


class _Benches:
    """What was measured in this process."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._found: list[Measured] = []
        self._started: Anchor | None = None
        self._kept = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> object | None:
        """Call a test that wants to be measured; None leaves all others to pytest."""
        bench, limit = noted(pyfuncitem.obj)
        if self._config.getoption("--assay-no-bench"):
            bench = None
        if bench is None and limit is None:
            return None
        from assay.testing.measured import broken, measured

        if self._started is None:
            from assay.measure.clock import take_anchor

            self._started = take_anchor()
        names = pyfuncitem._fixtureinfo.argnames  # noqa: SLF001 -- what pytest itself calls the test with
        call = partial(pyfuncitem.obj, **{name: pyfuncitem.funcargs[name] for name in names})
        found = measured(pyfuncitem.nodeid, call, bench, limit)
        if bench is not None:
            self._found.append(found)
        if limit is not None:
            over, unknown = broken(found, limit)
            if over:
                pytest.fail("; ".join(over), pytrace=False)
            if unknown:
                self._unjudged("; ".join(unknown))
        return True

    def pytest_sessionfinish(self) -> None:
        """Seal the run, where a store was named."""
        place = self._config.getoption("--assay-store")
        if not place or not self._found or self._started is None:
            return
        from assay.record.plan import Position
        from assay.testing.keep import keep

        position = Position(
            session=self._config.getoption("--assay-session") or f"pytest-{time.strftime('%Y%m%d-%H%M%S')}",
            side=self._config.getoption("--assay-side"),
            block=self._config.getoption("--assay-block"),
        )
        self._kept = keep(self._found, place, Path(self._config.rootpath), self._started, position)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The benches, slowest first."""
        if not self._found:
            return
        from assay.record.words.numbers import number_text
        from assay.testing.measured import middle

        terminalreporter.section("assay benches")
        slowest = sorted(self._found, key=lambda one: -(middle(one, "wall_s") or 0.0))
        for one in slowest:
            wall, cpu = (number_text(middle(one, name) or 0.0, "s") for name in ("wall_s", "cpu_s"))
            terminalreporter.write_line(f"{wall:>9} wall {cpu:>9} cpu  {len(one.rounds)} rounds  {one.name}")
        if self._kept:
            terminalreporter.write_line(f"kept as run {self._kept}; compare several processes with assay compare")

    def _unjudged(self, reason: str) -> None:
        wanted = str(self._config.getini("assay_unmeasured"))
        if wanted == "skip":
            pytest.skip(reason)
        if wanted == "fail":
            pytest.fail(reason, pytrace=False)
        import warnings

        warnings.warn(AssayWarning(reason), stacklevel=1)
