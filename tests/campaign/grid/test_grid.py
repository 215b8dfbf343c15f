from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assay.campaign.file.document import FaultsError
from assay.campaign.grid.campaign import Campaign, read_campaign
from assay.campaign.grid.orders import order_of
from assay.campaign.grid.planned import planned
from tests.campaign.files import campaign_file


def _campaign(tmp_path: Path, text: str) -> Campaign:
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    return read_campaign(file)


def _faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(FaultsError) as raised:
        _campaign(tmp_path, text)
    return "\n".join(str(error).removeprefix(f"{tmp_path}/c.yaml:") for error in raised.value.errors)


def test_axes_are_multiplied_what_varies_together_is_not_and_blocks_hold_where_their_condition_does(
    tmp_path: Path,
) -> None:
    campaign = _campaign(
        tmp_path,
        """
experiment: {command: [python, "{size}", "{kind}", "{mode}"]}
axes: {size: [1, 2]}
together: [{kind: a, repetitions: 3}, {kind: b, repetitions: 5}]
when:
  - if: {kind: b}
    axes: {mode: [x, y]}
  - if: {kind: a, size: [2, 7]}
    axes: {mode: [z]}
    experiment: {warmup: 4}
exclude:
  - {size: 1, mode: y}
""",
    )
    found = [
        (cell.settings["command"][1:], cell.settings["repetitions"], cell.settings.get("warmup"))
        for cell in campaign.cells
    ]
    assert found == [
        (["1", "a", "{mode}"], 3, None),
        (["1", "b", "x"], 5, None),
        (["2", "a", "z"], 3, 4),
        (["2", "b", "x"], 5, None),
        (["2", "b", "y"], 5, None),
    ]


def test_labels_name_what_differs_and_can_stand_in_the_words_of_compare(tmp_path: Path) -> None:
    campaign = _campaign(tmp_path, "experiment: {command: ['{a}', '{b}']}\naxes: {a: ['x,/ y', z], b: [1]}\n")
    assert [cell.label for cell in campaign.cells] == ["a=x-y", "a=z"]


def test_ids_are_the_same_whenever_they_are_planned_and_change_with_any_setting(tmp_path: Path) -> None:
    first = [each.id for each in read_campaign(campaign_file(tmp_path)).experiments()]
    assert first == [each.id for each in read_campaign(campaign_file(tmp_path)).experiments()]
    other = read_campaign(campaign_file(tmp_path, code="pass;")).experiments()
    assert not {each.id for each in other} & set(first)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("axes: {n: [1]}", "there is no command to measure (rule command-given)"),
        (
            "experiment: {command: [a], repetitons: 3}",
            "1: there is no setting 'repetitons', did you mean 'repetitions'?",
        ),
        ("experiment: {command: [a]}\naxes: {repetitions: [0]}", "2: repetitions is 0"),
        ("experiment: {command: [a]}\naxes: {n: [1, 2]}", "2: the axis 'n' changes nothing (rule axis-used)"),
        ("experiment: {command: ['{siz}']}\naxes: {size: [1]}", "did you mean {size}?"),
        ("experiment: {command: ['{n}']}\naxes: {n: 3}", "2: the axis n is 3; give a list of values"),
        ("experiment: {command: ['{n}']}\naxes: {n: [1, 1]}", "2: the axis n has a value twice"),
        ("experiment: {command: [a]}\nexclude: [{m: 1}]", "2: nothing sets 'm'"),
        ("experiment: {command: [a], name: b}\nexclude: [{name: b}]", "no experiment is left (rule grid-not-empty)"),
        ("experiment: {command: [a], device: g}", "there is no device 'g' (rule device-exists); devices are: host"),
        ("experiment: {command: [a]}\ngroup_by: x", "2: nothing sets 'x' (rule group-exists)"),
        (
            "experiment: {command: ['{n}', a]}\ntogether: [[{n: 1}, {m: 2}]]",
            "it does not set what the first of the list sets: m, n",
        ),
    ],
)
def test_experiments_that_can_not_be_made_are_refused_with_the_rule_and_the_line(
    tmp_path: Path, text: str, said: str
) -> None:
    assert said in _faults(tmp_path, text)


@pytest.mark.parametrize("order", ["interleaved", "shuffled", "grouped", "latin_square"])
@pytest.mark.parametrize("cells", [1, 2, 5, 8])
def test_every_order_makes_every_cell_once_in_every_cycle(order: str, cells: int) -> None:
    groups = [str(number % 3) for number in range(cells)]
    for cycle in range(2 * cells):
        assert sorted(order_of(order, groups, cycle, 7)) == list(range(cells))
        assert order_of(order, groups, cycle, 7) == order_of(order, groups, cycle, 7)


def test_grouped_cells_stay_together_and_interleaved_ones_alternate() -> None:
    groups = ["a", "a", "a", "b", "b", "b"]
    grouped = [groups[number] for number in order_of("grouped", groups, 3, 0)]
    assert grouped in (list("aaabbb"), list("bbbaaa"))
    turns = [groups[number] for number in order_of("interleaved", groups, 3, 0)]
    assert all(one != other for one, other in itertools.pairwise(turns))


def test_a_shuffled_order_depends_on_the_seed_and_the_cycle() -> None:
    orders = {tuple(order_of("shuffled", ["g"] * 8, cycle, seed)) for cycle in range(4) for seed in range(4)}
    assert len(orders) == 16


@pytest.mark.parametrize("cells", [4, 6, 5, 7])
def test_in_a_latin_square_every_cell_comes_once_in_every_place_and_follows_each_other_equally_often(
    cells: int,
) -> None:
    cycles = cells if cells % 2 == 0 else 2 * cells
    rows = [order_of("latin_square", ["g"] * cells, cycle, 0) for cycle in range(cycles)]
    places = Counter((place, cell) for row in rows for place, cell in enumerate(row))
    follows = Counter(pair for row in rows for pair in itertools.pairwise(row))
    assert set(places.values()) == {cycles // cells}
    assert len(follows) == cells * (cells - 1)
    assert len(set(follows.values())) == 1


def test_the_plan_as_a_document_holds_every_experiment_in_order(tmp_path: Path) -> None:
    campaign = read_campaign(campaign_file(tmp_path, cycles=2))
    document = planned(campaign)
    assert [each.id for each in document.experiments] == [each.id for each in campaign.experiments()]
    assert [each.cycle for each in document.experiments] == [0, 0, 1, 1]


def test_a_folder_is_meant_from_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    settings: dict[str, Any] = {"command": ["true"], "cwd": "inner"}
    cells = _campaign(tmp_path, json.dumps({"experiment": settings})).cells
    assert cells[0].settings["cwd"] == str(tmp_path / "inner")
    assert cells[0].label == "all"
