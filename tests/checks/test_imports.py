"""Import rules beyond the floors: plug-ins are never named, texts count, the web face measures nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, mini_tree, named_by, plant, real_tree, the_only
from tools.imports import floors, heavy_libraries, violations

PLUGIN = "assay.observe.collectors.gpu"


def test_a_tree_without_violations_passes(tmp_path: Path) -> None:
    assert found_by(violations, mini_tree(tmp_path)) == set()


@pytest.mark.parametrize(
    "text",
    [
        f"from {PLUGIN} import PLUGIN\n\nUSED = PLUGIN\n",
        "from assay.observe.collectors import gpu\n\nUSED = gpu\n",
        f"def later() -> object:\n    import {PLUGIN} as gpu\n\n    return gpu\n",
        f'import importlib\n\nUSED = importlib.import_module("{PLUGIN}")\n',
        f'NAMED = {{"gpu": "{PLUGIN}:PLUGIN"}}\n',
    ],
)
def test_a_plug_in_that_is_named_from_outside_is_found(tmp_path: Path, text: str) -> None:
    plant(mini_tree(tmp_path), {"src/assay/observe/planted.py": HEAD + text})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith("src/assay/observe/planted.py:")
    assert f"names the plug-in {PLUGIN}" in line


def test_a_new_plug_in_folder_needs_its_contract(tmp_path: Path) -> None:
    opened = HEAD + 'from assay.plugins import Folder\n\nLENSES = Folder("assay.store.lenses")\n'
    plant(mini_tree(tmp_path), {"src/assay/store/lens.py": opened})
    assert "assay.store.lenses is a folder of plug-ins without a contract" in the_only(found_by(violations, tmp_path))


def test_a_folder_that_the_contracts_would_not_see_is_found(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/record/attic/planted.py": HEAD})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith("src/assay/record/attic:1: a folder of modules without __init__.py")


def test_a_private_helper_of_a_plug_in_folder_is_no_plug_in(tmp_path: Path) -> None:
    shared = {"src/assay/observe/collectors/_files.py": HEAD + "FILES = ()\n"}
    user = {
        "src/assay/observe/planted.py": HEAD + "from assay.observe.collectors._files import FILES\n\nUSED = FILES\n"
    }
    plant(mini_tree(tmp_path), shared | user)
    assert found_by(violations, tmp_path) == set()


def test_a_text_that_reaches_upward_counts_as_an_import(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/record/planted.py": HEAD + 'LATER = "assay.store.open"\n'})
    assert "assay.record.planted reaches assay.store.open by its text" in the_only(found_by(violations, tmp_path))


def test_a_text_that_reaches_downward_is_allowed(tmp_path: Path) -> None:
    plant(mini_tree(tmp_path), {"src/assay/cli/planted.py": HEAD + 'LATER = "assay.store.open"\n'})
    assert found_by(violations, tmp_path) == set()


def test_the_public_face_is_not_imported_from_below(tmp_path: Path) -> None:
    plant(
        mini_tree(tmp_path),
        {"src/assay/record/planted.py": HEAD + "from assay import open_store\n\nUSED = open_store\n"},
    )
    assert "imports assay.open_store, the public face, from below" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize("statement", ["import torch", "from pandas.io import json", "import requests as web"])
def test_a_library_that_is_no_base_dependency_is_found_outside_plug_ins(tmp_path: Path, statement: str) -> None:
    plant(mini_tree(tmp_path), {"src/assay/store/planted.py": HEAD + f"def later() -> None:\n    {statement}\n"})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith("src/assay/store/planted.py:4: assay.store.planted imports")
    assert "which a base install does not have" in line


@pytest.mark.parametrize("statement", ["import numpy", "from ruamel.yaml import YAML", "import tomllib"])
def test_base_dependencies_and_the_standard_library_pass(tmp_path: Path, statement: str) -> None:
    plant(mini_tree(tmp_path), {"src/assay/store/planted.py": HEAD + statement + "\n"})
    assert found_by(violations, tmp_path) == set()


def test_a_heavy_library_named_by_a_text_is_found(tmp_path: Path) -> None:
    text = HEAD + 'import importlib\n\nTORCH = importlib.import_module("torch.nn")\n'
    plant(mini_tree(tmp_path), {"src/assay/store/planted.py": text})
    assert "assay.store.planted imports torch by its text" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize(
    "call",
    [
        'import_module("assay." + "store")',
        'import_module(f"assay.{__name__}")',
        'import_module(".store", "assay")',
        'import_module(name="assay.store"[0:])',
        '__import__("assay", fromlist=["store"])',
        'map(import_module, ["assay.store"])',
        'load("assay." + "store")',
        'pkgutil.resolve_name("assay." + "store")',
        'getattr(importlib, "import_module")("assay." + "store")',
    ],
)
def test_an_import_whose_name_no_check_can_read_is_found(tmp_path: Path, call: str) -> None:
    text = (
        HEAD + "import importlib\nimport pkgutil\nfrom importlib import import_module\n"
        f"from importlib import import_module as load\n\nLATER = (importlib, pkgutil, load, {call})\n"
    )
    plant(mini_tree(tmp_path), {"src/assay/record/planted.py": text})
    lines = found_by(violations, tmp_path)
    assert any("that no check can read" in line or "where no check sees" in line for line in lines)
    assert all(line.startswith("src/assay/record/planted.py:8: assay.record.planted") for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        'from importlib import import_module as load\n\nLATER = load("assay.store.open")\n',
        'import pkgutil\n\nLATER = pkgutil.resolve_name("assay.store.open:STORE_ERROR")\n',
        'import sys\n\nLATER = sys.modules["assay.store.open"]\n',
        'def later(store: "assay.store.open.Store") -> None: ...\n',
        "import assay\n\nLATER = assay.store\n",
        "from assay import *\n",
    ],
)
def test_no_other_way_leads_upward(tmp_path: Path, text: str) -> None:
    plant(mini_tree(tmp_path), {"src/assay/record/planted.py": HEAD + text})
    assert the_only(found_by(violations, tmp_path)).startswith("src/assay/record/planted.py:")


@pytest.mark.parametrize(
    "call",
    ['load("requests")', 'importlib.util.find_spec("torch")', 'getattr(importlib, "import_module")("jax.numpy")'],
)
def test_a_library_that_is_named_by_another_name_s_text_is_found(tmp_path: Path, call: str) -> None:
    text = f"import importlib\nfrom importlib import import_module as load\n\nLATER = (importlib, {call})\n"
    plant(mini_tree(tmp_path), {"src/assay/store/planted.py": HEAD + text})
    assert "by its text, which a base install does not have" in the_only(found_by(violations, tmp_path))


def test_a_circle_through_a_text_and_a_late_import_is_found(tmp_path: Path) -> None:
    first = HEAD + 'from importlib import import_module\n\nSECOND = import_module("assay.record.second")\n'
    second = HEAD + "def later() -> object:\n    from assay.record.first import SECOND\n\n    return SECOND\n"
    plant(mini_tree(tmp_path), {"src/assay/record/first.py": first, "src/assay/record/second.py": second})
    assert "imports run in a circle" in the_only(found_by(violations, tmp_path))


@pytest.mark.parametrize("folder", ["build", "generated", "dist", ".hidden"])
def test_no_folder_of_the_package_is_passed_by(tmp_path: Path, folder: str) -> None:
    planted = {f"src/assay/store/{folder}/__init__.py": "", f"src/assay/store/{folder}/web.py": HEAD + "import jax\n"}
    plant(mini_tree(tmp_path), planted)
    assert "imports jax" in the_only(found_by(violations, tmp_path))


def test_the_web_face_measures_nothing_even_through_another_room(tmp_path: Path) -> None:
    rooms = {
        "src/assay/serve/__init__.py": HEAD + "from assay.report import TITLE\n\nUSED = TITLE\n",
        "src/assay/report/__init__.py": HEAD
        + "def later() -> object:\n    from assay import observe\n\n    return observe\n",
        "src/assay/report/title.py": "",
    }
    plant(mini_tree(tmp_path), rooms)
    line = the_only(found_by(violations, tmp_path))
    assert "serve measures nothing, but reaches assay.observe through assay.report" in line


def test_a_file_that_imports_its_own_folder_is_a_circle(tmp_path: Path) -> None:
    folder = HEAD + "from assay.store.open import STORE_ERROR\n\nERROR = STORE_ERROR\n"
    inner = HEAD + "from assay.store import ERROR\n\nSTORE_ERROR = ERROR\n"
    plant(mini_tree(tmp_path), {"src/assay/store/__init__.py": folder, "src/assay/store/open.py": inner})
    assert "imports run in a circle" in the_only(found_by(violations, tmp_path))


def test_the_same_plants_are_found_in_the_real_tree(tmp_path: Path) -> None:
    plant(real_tree(tmp_path), {"src/assay/record/planted.py": HEAD + 'LATER = "assay.store"\n'})
    assert "by its text" in named_by("imports", tmp_path, "src/assay/record/planted.py")


def test_floors_and_heavy_libraries_are_read_from_the_contracts(tmp_path: Path) -> None:
    heights = floors(mini_tree(tmp_path))
    assert heights["errors"] == 0
    assert heights["record"] == heights["stats"] < heights["store"] < heights["serve"] < heights["cli"]
    assert {"torch", "onnxruntime", "pynvml", "docker", "ray"} <= heavy_libraries(tmp_path)
