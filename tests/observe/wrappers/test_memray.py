from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assay.observe.collector import FirstPass, Rewritten, Unsuited
from assay.observe.wrappers import memray
from tests.observe.collectors.targets import Sink

PYTHON = Path(sys.executable)


def _wrapped(folder: Path, *words: str) -> Rewritten | Unsuited:
    return memray.PLUGIN.wrap(FirstPass(argv=(sys.executable, *words), executable=PYTHON), folder)


def test_it_is_put_before_script_module_and_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memray, "_has_memray", lambda _interpreter: True)
    start = ("-m", "memray", "run", "--quiet", "--output", str(tmp_path / "allocations.bin"))
    for words in (("a.py", "-x"), ("-m", "a", "-x"), ("-c", "a", "-x")):
        assert _wrapped(tmp_path, "-B", *words) == Rewritten(argv=(sys.executable, "-B", *start, *words))


def test_where_the_target_has_no_memray_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memray, "_has_memray", lambda _interpreter: False)
    refused = _wrapped(tmp_path, "a.py")
    assert isinstance(refused, Unsuited)
    assert "-m pip install memray" in refused.reason


def test_its_own_file_is_kept(tmp_path: Path) -> None:
    (tmp_path / "allocations.bin").write_bytes(b"memray")
    assert memray.PLUGIN.keep(tmp_path, Sink(tmp_path)) is None
    assert (tmp_path / "raw/memray/allocations.bin").read_bytes() == b"memray"
