"""Environment variables that change performance: by allow-list, then masked."""

from __future__ import annotations

from assay.observe.environment.facts import Facts, Rows
from assay.observe.environment.masking import admitted_variables, mask_variables
from assay.observe.environment.probe import Probe
from assay.observe.environment.sources import Sources
from assay.record.environment import Variable


def _read(sources: Sources) -> Facts:
    masked = mask_variables(admitted_variables(sources.environ))
    return {"variables": Rows(Variable, tuple({"name": name, "value": masked[name]} for name in sorted(masked)))}


PLUGIN = Probe(fields=("variables",), read=_read)
