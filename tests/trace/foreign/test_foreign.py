"""Names, nesting and bounded documents, which all readers of other tools share."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import RecordError
from assay.trace.foreign import documents
from assay.trace.foreign.documents import begins_with, decode_file, number
from assay.trace.foreign.events import Foreign, nest, whole_ns
from assay.trace.foreign.names import place_of
from assay.trace.foreign.opened import opened


@pytest.mark.parametrize(
    ("name", "step", "layer"),
    [
        ("model.layers.17.self_attn.q_proj", "Attention", 17),
        ("/model/layers.3/mlp/down_proj/MatMul", "FFN", 3),
        ("transformer.h.5.attn.c_attn", "Attention", 5),
        ("blk.30.ffn_gate.weight", "FFN", 30),
        ("nn.Module: LlamaDecoderLayer_12", "Other", 12),
        ("lm_head", "LmHead", None),
        ("model.embed_tokens", "Embed", None),
        ("aten::argmax", "Sample", None),
        ("aten::mm", "Other", None),
        ("shift.h.5", "Other", 5),
        ("layers", "Other", None),
        ("layers.99999999", "Other", None),
    ],
)
def test_names_of_frameworks_tell_step_and_layer(name: str, step: str, layer: int | None) -> None:
    assert place_of(name) == (step, layer)


def test_nested_times_add_up_to_the_outermost() -> None:
    spans = [(0, 100), (10, 20), (12, 5), (40, 30), (100, 10), (45, 40)]
    events = [Foreign(step="Other", start_ns=start, wall_ns=wall) for start, wall in spans]
    assert nest(events) == 1
    own = [each.wall_ns if each.self_ns is None else each.self_ns for each in events]
    assert sum(own) == 110
    assert all(value >= 0 for value in own)
    assert [(each.start_ns, each.depth) for each in events] == [(0, 0), (10, 1), (12, 2), (40, 1), (45, 2), (100, 0)]


def test_a_document_that_is_too_large_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_BYTES", 10)
    (tmp_path / "x").write_text("[" * 11)
    with pytest.raises(RecordError, match="are read at most"):
        decode_file(tmp_path / "x", list[int], "a list")


def test_what_is_cut_is_told_from_what_is_wrong(tmp_path: Path) -> None:
    for text, words in (("[1, 2", "was cut off"), ('["a"]', "not a list: Expected `int`"), ("[1, 2]", "")):
        (tmp_path / "x").write_text(text)
        if words:
            with pytest.raises(RecordError, match=words):
                decode_file(tmp_path / "x", list[int], "a list")
        else:
            assert decode_file(tmp_path / "x", list[int], "a list") == [1, 2]


def test_numbers_that_no_clock_gives_are_none() -> None:
    given: list[object] = [1, 2.5, "3", None, 1e300, float("nan"), []]
    assert [number(value) for value in given] == [1.0, 2.5] + [None] * 5
    assert whole_ns(1.5, 1000) == 1500
    assert whole_ns(1e17, 1000) is None
    assert begins_with(b'  {"a" : 1', rb'"a"\s*:')


def test_a_trace_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="no event in it"):
        opened(tmp_path / "x", "chrome", [], "a clock")
