"""``assay completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from assay.cli.command import command
from assay.cli.emit import Output, json_output, json_text
from assay.cli.session import Session
from assay.cli.start.tree import COMPLETION_VARIABLE, PROGRAM
from assay.errors import UsageError
from assay.record.documents import Completion

_SHELLS = ("bash", "zsh", "fish")


@command(
    examples=[
        'eval "$(assay completion bash)"',
        "assay completion fish > ~/.config/fish/completions/assay.fish",
    ]
)
@click.argument("shell", type=click.Choice(_SHELLS))
@json_output
def completion(session: Session, shell: str, output: Output) -> None:
    """Print the script that teaches SHELL to complete commands, options, runs and tags."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion for {shell!r}", where="completion", remedy=f"use: {', '.join(_SHELLS)}")
    made = kind(click.Command(PROGRAM), {}, PROGRAM, COMPLETION_VARIABLE)
    script = made.source_template % made.source_vars() + "\n"
    if output.as_json:
        session.console.json(json_text(Completion(shell=shell, script=script)))
    else:
        session.console.write(script)
