from __future__ import annotations

from assay.analyze.evidence.sources import Sources


def test_a_file_that_was_not_kept_is_unknown_and_a_plain_line_is_not() -> None:
    sources = Sources({"a.py": "x = 1\n\nfor y in z:\n    f(y)\n", "b.c": "int x;"})
    assert sources.features("a.py", 2) == frozenset()
    assert sources.features("a.py", 4) == frozenset({"loop", "call"})
    assert sources.features("other.py", 1) is None
    assert sources.features("b.c", 1) is None


def test_the_text_of_a_line_is_at_hand() -> None:
    sources = Sources({"a.py": "def f():\n    return 1\n"})
    assert sources.text("a.py", 2) == "return 1"
    assert sources.text("a.py", 9) == ""
    assert sources.text("b.py", 1) == ""
