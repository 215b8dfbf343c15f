from __future__ import annotations

from pathlib import Path

import pytest

from assay.backends.generation.amounts import Met, Sizes, stamp
from assay.trace.recording.recorder import record


@pytest.mark.parametrize(
    ("met", "window", "pairs", "seen"),
    [
        (Met(batch=1, new=1, context=10), 0, 10, 10),
        (Met(batch=2, new=1, context=10), 4, 8, 4),
        (Met(batch=1, new=3, context=3), 0, 1 + 2 + 3, 3),
        (Met(batch=1, new=3, context=5), 4, 3 + 4 + 4, 4),
    ],
)
def test_attention_counts_the_pairs_of_tokens_that_see_each_other(
    met: Met, window: int, pairs: int, seen: int, tmp_path: Path
) -> None:
    sizes = Sizes(parameters=100, weight_bytes=400, attention_width=8, kv_bytes_per_token=64, window=window)
    with record(tmp_path / "t.jsonl") as recorder, recorder.step("Attention", 0) as span:
        stamp(span, sizes, met)
    tokens, held = met.batch * met.new, met.batch * seen * 64
    assert span.work == (200 * tokens + 4 * pairs * 8, 400 + held, tokens * 64)
    assert (span.tokens, span.kv_bytes) == (tokens, held)


def test_a_step_without_keys_and_values_holds_none(tmp_path: Path) -> None:
    with record(tmp_path / "t.jsonl") as recorder, recorder.step("FFN", 0) as span:
        stamp(span, Sizes(parameters=10, weight_bytes=20), Met(batch=1, new=4, context=4))
    assert (span.work, span.kv_bytes) == ((80, 20, 0), -1)
