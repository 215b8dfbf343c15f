"""``assay completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from assay.cli.command import command
from assay.cli.session import Session
from assay.cli.start.tree import COMPLETION_VARIABLE, PROGRAM
from assay.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")


@command(
    examples=[
        'eval "$(assay completion bash)"',
        "assay completion fish > ~/.config/fish/completions/assay.fish",
    ]
)
@click.argument("shell", type=click.Choice(_SHELLS))
def completion(session: Session, shell: str) -> None:
    """Print the script that teaches SHELL to complete commands, options, runs and tags."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(f"no completion for {shell!r}", where="completion", remedy=f"use: {', '.join(_SHELLS)}")
    made = kind(click.Command(PROGRAM), {}, PROGRAM, COMPLETION_VARIABLE)
    session.console.write(made.source_template % made.source_vars() + "\n")
