"""The import contracts of pyproject.toml catch what is planted, in a small tree and in a copy of the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, mini_tree, plant, real_tree, tool

pytest.importorskip("importlinter", reason="import-linter is not installed; pip install '.[dev]'")

FLOORS = "Floors: an upper room may import a lower one, never the reverse BROKEN"
CYCLES = "No cycles, between rooms or inside them BROKEN"
HEAVY = "Heavy libraries are imported by plug-ins only BROKEN"
COLLECTORS = "Collectors know nothing of one another BROKEN"

PLAIN = HEAD + "from assay.store import planted_target\n\nUSED = planted_target\n"
LAZY = HEAD + "def later() -> object:\n    from assay.store import planted_target\n\n    return planted_target\n"
FOR_TYPES = HEAD + (
    "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from assay.store.planted_target import Target\n\n"
    "def use(target: Target) -> None: ...\n"
)
TARGET = {"src/assay/store/planted_target.py": HEAD + "class Target: ...\n"}
UPWARD = pytest.mark.parametrize("text", [PLAIN, LAZY, FOR_TYPES], ids=["plain", "lazy", "type_checking"])


def test_a_tree_without_violations_passes(tmp_path: Path) -> None:
    answer = tool("floors", mini_tree(tmp_path))
    assert answer.returncode == 0, answer.stdout + answer.stderr


@UPWARD
def test_an_upward_import_is_named(tmp_path: Path, text: str) -> None:
    plant(mini_tree(tmp_path), {**TARGET, "src/assay/record/planted.py": text})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert FLOORS in answer.stdout
    assert "assay.record.planted -> assay.store.planted_target" in answer.stdout


@UPWARD
def test_an_upward_import_in_the_real_tree_is_named(tmp_path: Path, text: str) -> None:
    plant(real_tree(tmp_path), {**TARGET, "src/assay/record/planted.py": text})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert "assay.record.planted -> assay.store.planted_target" in answer.stdout


def test_rooms_on_one_floor_do_not_meet(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/backends/__init__.py": HEAD + "import assay.observe as observe\n"})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert "assay.backends -> assay.observe" in answer.stdout


def test_a_room_that_has_no_floor_is_refused(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/attic/__init__.py": ""})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert "attic" in answer.stdout


@pytest.mark.parametrize("make", [mini_tree, real_tree])
def test_a_cycle_inside_a_room_is_named(tmp_path: Path, make: object) -> None:
    root = mini_tree(tmp_path) if make is mini_tree else real_tree(tmp_path)
    first = HEAD + "import assay.record.planted_second as second\n\nUSED = second\n"
    second = HEAD + "import assay.record.planted_first as first\n\nUSED = first\n"
    plant(root, {"src/assay/record/planted_first.py": first, "src/assay/record/planted_second.py": second})
    answer = tool("floors", root)
    assert answer.returncode == 1
    assert CYCLES in answer.stdout
    assert "planted_first" in answer.stdout


@pytest.mark.parametrize("place", ["record", "observe", "cli"])
def test_a_heavy_library_outside_a_plug_in_is_named(tmp_path: Path, place: str) -> None:
    plant(mini_tree(tmp_path), {f"src/assay/{place}/planted.py": HEAD + "import torch.nn\n\nUSED = torch\n"})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert HEAVY in answer.stdout
    assert f"assay.{place}.planted -> torch" in answer.stdout


def test_a_heavy_library_in_the_real_tree_is_named(tmp_path: Path) -> None:
    lazy = HEAD + "def later() -> object:\n    import onnxruntime\n\n    return onnxruntime\n"
    plant(real_tree(tmp_path), {"src/assay/stats/planted.py": lazy})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert "assay.stats.planted -> onnxruntime" in answer.stdout


def test_plug_ins_that_know_one_another_are_named(tmp_path: Path) -> None:
    other = HEAD + "from assay.observe.collectors.gpu import PLUGIN\n\nALSO = PLUGIN\n"
    plant(mini_tree(tmp_path), {"src/assay/observe/collectors/power.py": other})
    answer = tool("floors", tmp_path)
    assert answer.returncode == 1
    assert COLLECTORS in answer.stdout
