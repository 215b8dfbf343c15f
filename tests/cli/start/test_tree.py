from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import click
import pytest

from assay.cli import commands
from assay.cli.app import Group, load, program
from assay.cli.command import Command
from assay.cli.start import tree

FOLDER = Path(commands.__path__[0])
LEAVES = [entry for entry in tree.ENTRIES if entry.target]


def test_the_table_and_the_folder_agree() -> None:
    listed = {entry.target.partition(":")[0].removeprefix("assay.cli.commands.") for entry in LEAVES}
    files = {
        ".".join(path.relative_to(FOLDER).with_suffix("").parts)
        for path in FOLDER.rglob("*.py")
        if path.stem != "__init__"
    }
    assert listed == files


def test_names_are_unique_and_their_groups_exist() -> None:
    names = [entry.name for entry in tree.ENTRIES]
    assert len(set(names)) == len(names)
    groups = {entry.name for entry in tree.ENTRIES if not entry.target}
    assert {entry.parent for entry in tree.ENTRIES} - {""} == groups
    assert set(tree.EXAMPLES) == groups | {""}
    assert all(entry.heading for entry in tree.below(""))


@pytest.mark.parametrize("entry", LEAVES, ids=lambda entry: entry.name)
def test_every_command_loads_and_its_help_ends_in_an_example_of_it(entry: tree.Entry) -> None:
    command = load(entry.name)
    assert isinstance(command, Command)
    with click.Context(command, info_name=f"assay {entry.name}") as context:
        text = command.get_help(context)
    last = text.rstrip().splitlines()[-1]
    assert last.startswith("  ")
    assert f"assay {entry.name}" in last
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("entry", LEAVES, ids=lambda entry: entry.name)
def test_every_command_documents_its_exit_statuses_and_says_what_it_does(entry: tree.Entry) -> None:
    command = load(entry.name)
    assert isinstance(command, Command)
    assert command.help
    assert 0 in command.statuses
    assert entry.failed in command.statuses
    with click.Context(command, info_name=entry.name) as context:
        assert "Exit status:" in command.get_help(context)


@pytest.mark.parametrize("entry", LEAVES, ids=lambda entry: entry.name)
def test_every_option_says_what_it_does(entry: tree.Entry) -> None:
    command = load(entry.name)
    assert isinstance(command, Command)
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert [option.name for option in options if not option.hidden and not option.help] == []


@pytest.mark.parametrize("entry", LEAVES, ids=lambda entry: entry.name)
def test_examples_are_words_that_the_command_line_knows(entry: tree.Entry) -> None:
    command = load(entry.name)
    assert isinstance(command, Command)
    for example in command.examples:
        known = {name for parameter in command.params for name in parameter.opts} | {"--help"}
        unquoted = re.sub(r"'[^']*'", "", example)
        own_words = unquoted.partition(" -- ")[0].replace(")", " ").replace('"', " ").split()
        assert {word for word in own_words if word.startswith("-")} <= known


def test_groups_are_made_from_the_table() -> None:
    for entry in tree.ENTRIES:
        if not entry.target:
            group = load(entry.name)
            assert isinstance(group, Group)
            with click.Context(group) as context:
                assert group.list_commands(context) == [inner.word for inner in tree.below(entry.name)]
    assert load("nonsense") is None
    assert isinstance(program(), Group)


def test_modules_of_the_table_are_this_package_s() -> None:
    for entry in LEAVES:
        module, _, attribute = entry.target.partition(":")
        assert hasattr(import_module(module), attribute)
