from __future__ import annotations

import json
import subprocess
import sys

import pytest

from assay.observe.stacks.lines import NO_LINE, read_lines

LONG = (
    "8000d80d0ef000030511f0000305118801d80b0cf000020911dd0c0d8861d80e0ff103010d11f400010d11f000010d11f8f00404050ae0"
    "0c0df00301100ff00600090a88018801f8880188018801f8f8f8"
)
# What `dis.findlinestarts` of each version says about one function, whose first line is 1.
KNOWN = {
    (3, 8): (
        "000108010401040102ff0602020202ff0803067f004b",
        {0: 2, 8: 3, 12: 4, 16: 5, 18: 4, 24: 6, 26: 8, 28: 7, 36: 10, 42: 212},
    ),
    (3, 9): (
        "000108010401040102ff0602020202ff040304fd0203067f004b",
        {0: 2, 8: 3, 12: 4, 16: 5, 18: 4, 24: 6, 26: 8, 28: 7, 32: 10, 36: 7, 38: 10, 44: 212},
    ),
    (3, 10): (
        "080104010401020104ff02800202020204ff0c03",
        {0: 2, 8: 3, 12: 4, 16: 5, 18: 4, 24: 6, 26: 8, 28: 7, 32: 10},
    ),
    (3, 11): (
        LONG,
        {0: 1, 2: 2, 10: 3, 14: 4, 28: 5, 30: 4, 48: 6, 50: 8, 52: 7, 54: 10},
    ),
}


@pytest.mark.parametrize("version", KNOWN)
def test_lines_are_those_of_the_interpreter_itself(version: tuple[int, int]) -> None:
    text, starts = KNOWN[version]
    table = read_lines(bytes.fromhex(text), 1, version)
    assert {start: table.line(start) for start in starts} == starts
    assert table.line(-2) == table.line(0)


PRINT_TABLES = """
import json, sys
def functions(code):
    inner = [constant for constant in code.co_consts if hasattr(constant, "co_lines")]
    return [code, *(found for one in inner for found in functions(one))]
text = open(sys.argv[1]).read() + chr(10) * 300 + "def f(a):\\n return [b\\n  for b in a if b]\\n"
for code in functions(compile(text, "module", "exec")):
    print(json.dumps([code.co_linetable.hex(), code.co_firstlineno, list(code.co_lines())]))
"""


def test_every_instruction_of_a_long_module_has_the_line_that_this_interpreter_gives_it() -> None:
    words = [sys.executable, "-c", PRINT_TABLES, pytest.__file__]
    done = subprocess.run(words, capture_output=True, check=True)
    for text, first_line, ranges in map(json.loads, done.stdout.splitlines()):
        table = read_lines(bytes.fromhex(text), first_line, sys.version_info[:2])
        for start, end, line in ranges:
            assert {table.line(place) for place in range(start, end, 2)} == {line or NO_LINE}


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 13)])
def test_damaged_tables_give_some_line_and_no_error(version: tuple[int, int]) -> None:
    for size in range(40):
        table = read_lines(bytes(range(255, 255 - size, -1)), 7, version)
        assert isinstance(table.line(12), int)
    assert read_lines(b"", 7, (3, 13)).line(0) == NO_LINE
