"""What every export keeps, whoever wrote it."""

from __future__ import annotations

import gzip

import pytest

from assay.errors import UsageError
from assay.report.export import EXPORTS, Export, Material
from assay.report.format import FORMATS
from tests.makers import make_run
from tests.report.profiles import material
from tests.report.views import HOSTILE

NAMES = EXPORTS.names()


def _text(content: bytes) -> str:
    return (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).decode("utf-8", "replace")


@pytest.mark.parametrize("name", NAMES)
def test_an_export_names_itself_its_reader_and_endings_of_its_own(name: str) -> None:
    export: Export = EXPORTS.load(name)
    assert export.name == name
    assert export.reader
    reports = {ending for one in FORMATS.load_all().values() for ending in one.suffixes}
    others = {ending for one in NAMES if one != name for ending in EXPORTS.load(one).suffixes}
    assert export.suffixes
    assert not set(export.suffixes) & (reports | others)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_run_gives_the_same_bytes(name: str) -> None:
    export: Export = EXPORTS.load(name)
    assert export.render(material()) == export.render(material())
    assert b"/" in _text(export.render(material())).encode()


@pytest.mark.parametrize("name", NAMES)
def test_no_control_character_of_a_name_comes_through(name: str) -> None:
    text = _text(EXPORTS.load(name).render(material(HOSTILE + ";\n</script>")))
    if name != "pprof":
        assert not {"\x1b", "\u202e"} & set(text)
    assert "\x1b[31m" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_run_of_which_nothing_was_kept_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(UsageError, match="the run has no") as caught:
        EXPORTS.load(name).render(Material(run=make_run(), findings=None, profile=None))
    assert "profile it again" in str(caught.value.remedy)
