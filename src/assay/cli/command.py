"""How a command is declared: click's, with the options all share, exit statuses and examples in its help."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

import click

from assay.cli.session import open_session

Function = TypeVar("Function", bound=Callable[..., Any])

FLAGS = "assay.flags"
"""Where the options that all commands share are kept while words are read."""

CONTEXT_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

STATUSES = {0: "done", 2: "an error; the line on standard error says which"}
"""Exit statuses of a command that states none of its own."""


class Placed(click.Command):
    """Makes sure that an error about words says which command they belong to."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words behind the command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class Command(Placed):
    """A command whose help names its exit statuses and ends in examples."""

    def __init__(self, *args: Any, examples: Sequence[str], statuses: Mapping[int, str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.params += shared_options()
        self.examples = tuple(examples)
        self.statuses = dict(statuses)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's
        """The end of the help: exit statuses, then examples."""
        formatter.write("\nAlso --store, -q, -v, --color and --debug, which `assay --help` explains.\n")
        with formatter.section("Exit status"):
            formatter.write_dl([(str(status), meaning) for status, meaning in sorted(self.statuses.items())])
        title = "Examples" if len(self.examples) > 1 else "Example"
        with formatter.section(title):
            for example in self.examples:
                formatter.write(f"  {example}\n")


def command(
    *, examples: Sequence[str], statuses: Mapping[int, str] | None = None, own_statuses: bool = False, **settings: Any
) -> Callable[[Callable[..., int | None]], Command]:
    """Make a command of a function that takes the session first and returns its exit status, or None for 0.

    ``statuses`` are added to the usual ones; with ``own_statuses`` they are all there are.

    ::

        @command(examples=["assay metrics --unit J"])
        @click.option("--unit")
        def metrics(session: Session, unit: str | None) -> None: ...
    """

    def declare(function: Callable[..., int | None]) -> Command:
        @functools.wraps(function)
        def call(**values: Any) -> int:
            context = click.get_current_context()
            return function(open_session(context.meta.get(FLAGS, {})), **values) or 0

        context_settings = {**CONTEXT_SETTINGS, **settings.pop("context_settings", {})}
        make = click.command(
            cls=Command,
            examples=examples,
            statuses=(statuses or {}) if own_statuses else {**STATUSES, **(statuses or {})},
            context_settings=context_settings,
            **settings,
        )
        made: Command = make(call)
        return made

    return declare


def gathered(argument: str, kind: type, *options: Callable[[Any], Any]) -> Callable[[Function], Function]:
    """Hand several options to a command as one value of the dataclass ``kind``, whose fields are their names."""

    def wrap(function: Function) -> Function:
        @functools.wraps(function)
        def call(*args: Any, **values: Any) -> Any:
            chosen = {field.name: values.pop(field.name) for field in fields(kind)}
            return function(*args, **values, **{argument: kind(**chosen)})

        wrapped: Any = call
        for option in reversed(options):
            wrapped = option(wrapped)
        result: Function = wrapped
        return result

    return wrap


def shared_options() -> list[click.Parameter]:
    """Options that may stand before or behind a command's name."""
    return [
        _shared("--store", "store", metavar="PLACE"),
        _shared("--color", "color", type=click.Choice(["auto", "always", "never"])),
        _shared("-q", "--quiet", "verbosity", flag_value="quiet"),
        _shared("-v", "--verbose", "verbosity", flag_value="verbose"),
        click.Option(["--debug"], is_flag=True, expose_value=False, hidden=True),
    ]


def _shared(*names: str, **rest: Any) -> click.Option:
    *options, key = names
    return click.Option(
        [*options, f"{key}_{options[-1].strip('-')}"],
        expose_value=False,
        hidden=True,
        callback=functools.partial(_remember, key),
        **rest,
    )


def _remember(key: str, context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """What stands nearest to the command's name counts."""
    if value is not None:
        context.meta.setdefault(FLAGS, {})[key] = value
