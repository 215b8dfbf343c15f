"""The command line proper: groups that load a command when it is called, and errors in Assay's own words."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib import import_module

import click
from click.shell_completion import shell_complete

from assay import __version__
from assay.cli.command import Placed, shared_options
from assay.cli.start import front, tree
from assay.cli.start.guard import say
from assay.errors import UsageError
from assay.settings import closest

PROGRAM = tree.PROGRAM
COMPLETION_VARIABLE = tree.COMPLETION_VARIABLE


class Group(Placed, click.Group):
    """The commands below one group of the table."""

    def __init__(self, group: str) -> None:
        super().__init__(
            group or PROGRAM,
            callback=_help_alone,
            invoke_without_command=True,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self.words = group
        self.params += shared_options()

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """Words of the table, in its order."""
        return [entry.word for entry in tree.below(self.words)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        """The command of that word, loaded now."""
        return load(f"{self.words} {cmd_name}".strip())

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; a word that is none gets a suggestion."""
        if args[0] not in self.list_commands(ctx):
            raise _no_command(self.words, args[0])
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:  # noqa: ARG002 -- click's signature
        """The same help that is given without loading click."""
        return front.group_help(self.words).rstrip("\n")


def load(name: str) -> click.Command | None:
    """The command of a name in the table."""
    entry = tree.find(name)
    if entry is None:
        return None
    if not entry.target:
        return Group(name)
    module, _, attribute = entry.target.partition(":")
    command: click.Command = getattr(import_module(module), attribute)
    command.name, command.short_help = entry.word, entry.summary
    return command


def program() -> Group:
    """The whole command line."""
    group = Group("")
    message = front.version().rstrip("\n")
    group.params += click.version_option(__version__, "--version", "-V", message=message)(click.Command("")).params
    return group


def run(words: Sequence[str]) -> int:
    """Run the command that the words name and return its exit status."""
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    group = program()
    if instruction := os.environ.get(COMPLETION_VARIABLE):
        return shell_complete(group, {}, PROGRAM, COMPLETION_VARIABLE, instruction)
    try:
        with group.make_context(PROGRAM, list(words)) as context:
            return int(group.invoke(context) or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort as abort:
        raise KeyboardInterrupt from abort
    except click.ClickException as error:
        raise in_own_words(error) from error


def in_own_words(error: click.ClickException) -> UsageError:
    """Click's error in the shape of all others: where, what, what to try."""
    context = getattr(error, "ctx", None)
    command_path = context.command_path if context else PROGRAM
    where = command_path.removeprefix(PROGRAM).strip()
    remedy = f"see `{command_path} --help`"
    if isinstance(error, click.NoSuchOption):
        options = [name for parameter in context.command.params for name in parameter.opts] if context else []
        near = closest(error.option_name, [*options, "--help"])
        what = f"there is no option {error.option_name!r}"
        return UsageError(what, where=where, remedy=f"did you mean {near!r}?" if near else remedy)
    if isinstance(error, click.BadParameter) and (near := _closest_choice(error)):
        remedy = f"did you mean {near!r}?"
    return UsageError(_as_clause(error.format_message()), where=where, remedy=remedy)


def _closest_choice(error: click.BadParameter) -> str | None:
    kind = error.param.type if error.param is not None else None
    given = re.match(r"'(.*?)' is not one of", error.message)
    return closest(given[1], map(str, kind.choices)) if given and isinstance(kind, click.Choice) else None


def _no_command(group: str, word: str) -> UsageError:
    path = f"{PROGRAM} {group}".strip()
    words = [entry.word for entry in tree.below(group)]
    if near := closest(word, words):
        remedy = f"did you mean `{path} {near}`?"
    elif inner := next((entry for entry in tree.ENTRIES if entry.word == word), None):
        remedy = f"did you mean `{PROGRAM} {inner.name}`?"
    else:
        remedy = f"see `{path} --help`"
    return UsageError(f"there is no command {word!r}", where=group, remedy=remedy)


@click.pass_context
def _help_alone(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help() + "\n")


def _as_clause(message: str) -> str:
    """Click's sentence on one line, without its capital and its full stop."""
    sentence = " ".join(message.split()).removesuffix(".")
    return sentence[:1].lower() + sentence[1:]
