"""Python stacks as py-spy sees them, to be chosen in place of ``stacks``: both write the same tables."""

from __future__ import annotations

from assay.observe.collector import Description, Nature, Sink, Started
from assay.observe.stacks.observer import StacksObserver
from assay.observe.stacks.spy import spy_program


class PySpyCollector:
    """One py-spy per Python process, which is never stopped."""

    description = Description(
        name="pyspy",
        nature=Nature.EXTERNAL,
        summary="Python stacks by py-spy, in place of the collector 'stacks'; its own files are kept.",
        cost="about 2 % of a processor for each Python process, and 0.1 s at its start",
        interval_s=0.1,
        default=False,
        instead_of=("stacks",),
    )

    def obstacle(self) -> str | None:
        """It needs py-spy."""
        return None if spy_program() else "py-spy is not installed; run: pip install py-spy"

    def attach(self, _started: Started, sink: Sink) -> StacksObserver:
        """An observer that waits for Python processes."""
        return StacksObserver("pyspy", sink, None)


PLUGIN = PySpyCollector()
