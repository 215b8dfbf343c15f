from __future__ import annotations

from assay.analyze.shapes.words import BUSIEST, FEATURES, REPEATED


def test_words_are_words_and_have_a_meaning() -> None:
    assert all(word.isidentifier() and meaning.endswith(".") for word, meaning in FEATURES.items())
    assert BUSIEST not in FEATURES
    assert not REPEATED.isidentifier()
