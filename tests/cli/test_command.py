from __future__ import annotations

from dataclasses import dataclass

import click
import pytest

from assay.cli.command import FLAGS, command, gathered
from assay.cli.session import Session


@dataclass(frozen=True, kw_only=True)
class Size:
    """Two options as one value."""

    width: int
    height: int


@command(examples=["assay try --width 3"], statuses={1: "it was small"})
@gathered("size", Size, click.option("--width", default=1, help="W"), click.option("--height", default=2, help="H"))
@click.argument("name")
def attempt(session: Session, name: str, size: Size) -> int:
    """Try something."""
    session.console.print(f"{name} {size.width}x{size.height} {session.settings.verbosity}")
    return 1


def called(*words: str) -> int:
    with attempt.make_context("try", list(words)) as context:
        status: int = attempt.invoke(context)
        return status


def test_options_are_gathered_and_the_status_is_returned(capsys: pytest.CaptureFixture[str]) -> None:
    assert called("a", "--width", "3", "-q") == 1
    assert capsys.readouterr().out == "a 3x2 quiet\n"


def test_help_ends_in_statuses_and_examples() -> None:
    with click.Context(attempt, info_name="try") as context:
        text = attempt.get_help(context)
    assert text.rstrip().endswith(
        "Exit status:\n  0  done\n  1  it was small\n  2  an error; the line on standard error says which"
        "\n\nExample:\n  assay try --width 3"
    )


def test_the_last_of_several_shared_options_counts() -> None:
    with attempt.make_context("try", ["a", "--store", "/x", "--color", "never"]) as context:
        assert context.meta[FLAGS] == {"store": "/x", "color": "never"}
