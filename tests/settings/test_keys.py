from __future__ import annotations

import re
from pathlib import Path

import pytest

from assay.errors import SettingsError
from assay.settings.keys import BY_NAME, KEYS, OTHER_VARIABLES, Key, checked, from_text

COUNT = Key(name="count", default=3, meaning="a number")
SWITCH = Key(name="switch", default=False, meaning="a switch")


def test_names_and_variables_are_unique() -> None:
    assert len(BY_NAME) == len(KEYS) == len({key.variable for key in KEYS})


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [(COUNT, "12", 12), (COUNT, "-1", -1), (SWITCH, "Yes", True), (SWITCH, "0", False), (BY_NAME["store"], "x", "x")],
)
def test_text_becomes_the_key_s_type(key: Key, text: str, value: object) -> None:
    assert from_text(key, text) == value


@pytest.mark.parametrize(("key", "text"), [(COUNT, "many"), (COUNT, "1.5"), (SWITCH, "maybe"), (BY_NAME["color"], "")])
def test_text_of_another_type_is_refused(key: Key, text: str) -> None:
    with pytest.raises(SettingsError, match=key.name):
        from_text(key, text)


@pytest.mark.parametrize(
    ("key", "value"),
    [(COUNT, True), (COUNT, 1.0), (SWITCH, 1), (BY_NAME["store"], "a\x00b"), (BY_NAME["store"], "\udcff")],
)
def test_a_value_of_another_type_is_refused(key: Key, value: object) -> None:
    with pytest.raises(SettingsError):
        checked(key, value)


def test_defaults_are_valid() -> None:
    for key in KEYS:
        assert checked(key, key.default) == key.default


def test_every_variable_that_the_sources_read_is_known() -> None:
    root = Path(__file__).parents[2]
    reads = re.compile(r"""(?:getenv\(|environ(?:\.get\(|\[)|variables?\(|\$\{)"?(ASSAY_[A-Z_]+)""")
    sources = [path for folder in ("native", "src", "tests") for path in (root / folder).rglob("*.*")]
    texts = [path.read_text(encoding="utf-8") for path in sources if path.suffix in {".py", ".cpp", ".h"}]
    read = {name for text in texts for name in reads.findall(text)}
    assert {"ASSAY_ISA", "ASSAY_THREADS", "ASSAY_TEST_FORKS"} <= read
    assert read <= {*OTHER_VARIABLES, *(key.variable for key in KEYS)}
