from __future__ import annotations

from assay.analyze.evidence.sources import Sources


def test_a_file_that_was_not_kept_is_unknown_and_a_plain_line_is_not() -> None:
    sources = Sources({"a.py": "x = 1\n\nfor y in z:\n    f(y)\n", "b.c": "int x;"})
    assert sources.features("a.py", 2) == frozenset()
    assert sources.features("a.py", 4) == frozenset({"loop", "loop*", "call", "call*"})
    assert sources.features("other.py", 1) is None
    assert sources.features("b.c", 1) is None


def test_lines_with_some_code_are_found_with_the_function_around_them() -> None:
    text = "class A:\n    def keep(self, p):\n        def inner(): return 1\n        self.f = open(p)\nf = open(1)\n"
    sources = Sources({"a.py": text, "b.c": "int x;"})
    assert sources.lines_with("left_open") == [("a.py", 4, "keep"), ("a.py", 5, "<module>")]
    assert sources.lines_with("sleep") == []
