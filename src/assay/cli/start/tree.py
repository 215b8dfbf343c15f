"""Every command, as data: help and completion come from here, and a command's module is loaded when it is called.

Imports nothing, since ``assay --help`` reads it.
"""

from __future__ import annotations

PROGRAM = "assay"
COMPLETION_VARIABLE = "_ASSAY_COMPLETE"
"""Environment variable by which a shell's completion script asks for words."""
FAILED = 2
"""Exit status after an error that the user can mend."""


class Entry:
    """One command: its words, where its object lives (empty for a group of commands), and one line about it."""

    __slots__ = ("failed", "heading", "name", "summary", "target")

    def __init__(self, name: str, target: str, summary: str, *, heading: str = "", failed: int = FAILED) -> None:
        self.name = name
        self.target = target and f"assay.cli.commands.{target}"
        self.summary = summary
        self.heading = heading
        self.failed = failed

    @property
    def parent(self) -> str:
        """The group it belongs to; empty at the top."""
        return self.name.rpartition(" ")[0]

    @property
    def word(self) -> str:
        """Its last word."""
        return self.name.rpartition(" ")[2]


ENTRIES: tuple[Entry, ...] = (
    Entry("demo", "demo:demo", "Find a planted problem, repair it, prove it", heading="Measure"),
    Entry("profile", "profile:profile", "Measure any command and keep the record", heading="Measure", failed=125),
    Entry("compare", "proof.compare:compare", "Say whether a change really helped, and where", heading="Measure"),
    Entry("expect", "proof.expect:expect", "Write a claim down before it is measured", heading="Measure"),
    Entry("measure", "measure:measure", "Measure a command in cycles, with its energy", heading="Measure"),
    Entry("campaign", "", "Many experiments from one file, each exactly once", heading="Measure"),
    Entry("infer", "inference.infer:infer", "Run a model and say where its time went", heading="Measure"),
    Entry("history", "proof.history:history", "Where a number moved over time; a gate for CI", heading="Measure"),
    Entry("runs", "", "List, show, compare, share and check runs", heading="Look"),
    Entry("analyze", "analyze:analyze_run", "Say why a run took its time, from what was kept", heading="Look"),
    Entry("explain", "explain:explain", "Say why a cause was found, or why not", heading="Look"),
    Entry("verify", "proof.verify:verify", "Prove that a change is rid of a cause, and faster by it", heading="Look"),
    Entry("trace", "inference.trace:trace", "Say where the time of an inference went, step by step", heading="Look"),
    Entry("report", "report:report", "Write a run up for people to read", heading="Look"),
    Entry("vgpu", "", "The software GPU: what it can do, and how to make it faster", heading="Look"),
    Entry("metrics", "metrics:metrics", "What every number means, and its unit", heading="Understand"),
    Entry("patterns", "", "The causes that are recognised, and how", heading="Understand"),
    Entry("params", "inference.params:params", "What a backend can be told, and what can't work", heading="Understand"),
    Entry("schema", "schema:schema", "Formats of the record and of every --json", heading="Understand"),
    Entry("doctor", "doctor:doctor", "What this machine can measure, and why not", heading="Set up"),
    Entry("config", "", "Show and change settings", heading="Set up"),
    Entry("completion", "completion:completion", "Print a shell's completion script", heading="Set up"),
    Entry("runs list", "runs.list:list_runs", "List runs, newest first"),
    Entry("runs show", "runs.show:show", "Show what one run holds"),
    Entry("runs diff", "runs.diff:diff", "Show what differs between two runs, and only that"),
    Entry("runs tag", "runs.tag:tag", "Give a run a name"),
    Entry("runs untag", "runs.untag:untag", "Take a name away"),
    Entry("runs export", "runs.export:export", "Write a run to a file for others"),
    Entry("runs import", "runs.import_:import_runs", "Take runs from files into the store"),
    Entry("runs validate", "runs.validate:validate", "Check records and the files they name"),
    Entry("runs migrate", "runs.migrate:migrate", "Turn results of older formats into runs"),
    Entry("runs remove", "runs.remove:remove", "Delete runs for good"),
    Entry("runs reindex", "runs.reindex:reindex", "Rebuild the index from the runs"),
    Entry("runs salvage", "runs.salvage:salvage", "Seal what interrupted measurements left"),
    Entry("vgpu info", "vgpu.info:info", "Show the measured ceilings of this machine"),
    Entry("vgpu bench", "vgpu.bench:bench", "Measure the device against the machine's ceilings and NumPy"),
    Entry("vgpu tune", "vgpu.tune:tune", "Find what makes matrix products faster on this machine"),
    Entry("campaign plan", "campaign.plan:plan", "Show the experiments that a file means"),
    Entry("campaign run", "campaign.run:run", "Carry a campaign out"),
    Entry("campaign resume", "campaign.run:resume", "Go on with one that was stopped, killed or changed"),
    Entry("campaign status", "campaign.status:status", "How far it is, and how much time is left"),
    Entry("campaign stop", "campaign.status:stop", "Ask the process that carries it out to stop"),
    Entry("campaign report", "campaign.report:report", "Cells over cycles, with intervals"),
    Entry("patterns list", "patterns.list:list_patterns", "List the causes that are recognised"),
    Entry("patterns show", "patterns.show:show", "Show a pattern: its conditions and what it advises"),
    Entry("patterns test", "patterns.test:test_patterns", "Try patterns on recorded runs"),
    Entry("patterns lint", "patterns.lint:lint", "Check files of patterns"),
    Entry("config show", "config.show:show", "Show every setting"),
    Entry("config get", "config.get:get", "Print one setting"),
    Entry("config set", "config.set:set_key", "Change one setting for this user"),
    Entry("config path", "config.path:path", "Show which files are read"),
)

EXAMPLES: dict[str, str] = {
    "": "assay profile -- python -c 'sum(range(10**7))'",
    "runs": "assay runs list --status complete --limit 5",
    "campaign": "assay campaign plan sizes.yaml",
    "config": "assay config show --origin",
    "patterns": "assay patterns show sleep_poll",
    "vgpu": "assay vgpu info",
}
"""The example that ends the help of each group."""


def find(name: str) -> Entry | None:
    """The command of that name."""
    return next((entry for entry in ENTRIES if entry.name == name), None)


def below(group: str) -> list[Entry]:
    """The commands of a group, in the order of the table."""
    return [entry for entry in ENTRIES if entry.parent == group]
