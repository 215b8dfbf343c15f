from __future__ import annotations

import ast

from assay.analyze.shapes.totals import grown, grown_attributes


def test_names_that_are_only_added_to_grow() -> None:
    assert grown(ast.parse("a.append(1)\nb.append(2)\nb.pop()\nc.extend(x)\ndel c[0]\n")) == {"a"}


def test_attributes_grow_where_no_method_begins_them_anew() -> None:
    text = "class A:\n    def __init__(self):\n        self.x = []\n    def add(self, y):\n        self.x.append(y)\n"
    (plain,) = ast.parse(text).body
    (emptied,) = ast.parse(text + "    def clear(self):\n        self.x = []\n").body
    assert isinstance(plain, ast.ClassDef)
    assert isinstance(emptied, ast.ClassDef)
    assert grown_attributes(plain) == {"self.x"}
    assert grown_attributes(emptied) == frozenset()
