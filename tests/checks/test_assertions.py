"""Tests that could not fail are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.planting import HEAD, found_by, plant, the_only
from tools.assertions import violations

FILE = "tests/record/test_run.py"


@pytest.mark.parametrize(
    "body",
    [
        "def test_it() -> None:\n    assert 1 + 1 == 2\n",
        "def test_it() -> None:\n    with pytest.raises(ValueError):\n        int('x')\n",
        "def helper() -> None:\n    assert 1 + 1 == 2\n\ndef test_it() -> None:\n    helper()\n",
        "def test_it() -> None:\n    assert_equal(1, 1)\n",
        "@pytest.mark.skip(reason='no GPU here')\ndef test_it() -> None:\n    assert 1 + 1 == 2\n",
    ],
)
def test_a_test_that_can_fail_passes(tmp_path: Path, body: str) -> None:
    plant(tmp_path, {FILE: HEAD + "import pytest\n\n" + body})
    assert found_by(violations, tmp_path) == set()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("def test_it() -> None:\n    print('fine')\n", "test_it asserts nothing"),
        ("def helper() -> None: ...\n\ndef test_it() -> None:\n    helper()\n", "test_it asserts nothing"),
        ("def test_it() -> None:\n    assert True\n", "holds whatever happens"),
        ("def test_it() -> None:\n    assert (1 == 2, 'message')\n", "holds whatever happens"),
        ("def test_it(x: int) -> None:\n    assert x == x\n", "holds whatever happens"),
        ("def test_it(x: int) -> None:\n    assert x > 3 or True\n", "holds whatever happens"),
        ("@pytest.mark.skip\ndef test_it() -> None:\n    assert 1 + 1 == 2\n", "a skip without a reason"),
        ("def test_it() -> None:\n    pytest.skip()\n    assert 1 + 1 == 2\n", "a skip without a reason"),
    ],
)
def test_a_test_that_could_not_fail_is_named(tmp_path: Path, body: str, what: str) -> None:
    plant(tmp_path, {FILE: HEAD + "import pytest\n\n" + body})
    line = the_only(found_by(violations, tmp_path))
    assert line.startswith(f"{FILE}:")
    assert what in line
