from __future__ import annotations

from assay.analyze.evidence.sources import Sources


def test_a_file_that_was_not_kept_is_unknown_and_a_plain_line_is_not() -> None:
    sources = Sources({"a.py": "x = 1\n\nfor y in z:\n    f(y)\n", "b.c": "int x;"})
    assert sources.features("a.py", 2) == frozenset()
    assert sources.features("a.py", 4) == frozenset({"loop", "call"})
    assert sources.features("other.py", 1) is None
    assert sources.features("b.c", 1) is None
