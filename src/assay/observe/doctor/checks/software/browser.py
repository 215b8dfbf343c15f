"""Whether a browser is there that tests of pages can drive."""

from __future__ import annotations

from assay.observe.doctor.advice import install
from assay.observe.doctor.finding import Fault, Finding, Inspection, missing, ok
from assay.observe.doctor.surroundings import Surroundings
from assay.record.checks import CheckState

_PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _look(surroundings: Surroundings) -> Finding:
    found = next((place for name in _PROGRAMS if (place := surroundings.instruments.program(name))), None)
    if found:
        return ok(f"Chromium at {found}")
    fault = Fault(
        reason="no Chromium or Chrome is on PATH",
        lost="tests of the dashboard and of HTML reports; nothing of what users measure",
        enable=install(surroundings, debian="chromium", fedora="chromium"),
    )
    return missing("no browser", fault)


PLUGIN = Inspection("Browser for tests", _look, frozenset({CheckState.OK, CheckState.MISSING}))
