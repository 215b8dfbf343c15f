"""What every wrapper keeps, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.observe.collector import COLLECTORS, WRAPPERS, Description, FirstPass, Nature, Unsuited, Wrapper
from tests.observe.collectors.targets import Sink

NAMES = WRAPPERS.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_wrapper_describes_itself_and_is_never_a_default(name: str) -> None:
    description: Description = WRAPPERS.load(name).description
    assert description.name == name
    assert name not in COLLECTORS.names()
    assert description.nature is not Nature.EXTERNAL
    assert not description.default


@pytest.mark.parametrize("name", NAMES)
def test_a_wrapper_leaves_alone_what_it_does_not_know(name: str, tmp_path: Path) -> None:
    wrapper: Wrapper = WRAPPERS.load(name)
    (tmp_path / "stderr.log").write_bytes(b"nothing of interest\n")
    first = FirstPass(argv=("/bin/true",), executable=Path("/bin/true"))
    words = wrapper.wrap(first, tmp_path)
    assert isinstance(words, Unsuited) or words.argv[-1:] == first.argv
    refused = wrapper.keep(tmp_path, Sink(tmp_path))
    assert isinstance(refused, Unsuited)
    assert len(refused.reason) > 10
