"""A check explains its fault in full, or has none."""

from __future__ import annotations

import msgspec
import pytest

from assay.record.checks import Check, CheckState


def make(state: CheckState, reason: str | None, lost: str | None, enable: str | None) -> Check:
    return Check(id="x", group="g", title="t", state=state, found="f", reason=reason, lost=lost, enable=enable)


def test_a_check_that_is_ok_explains_nothing() -> None:
    assert make(CheckState.OK, None, None, None).state == "ok"
    with pytest.raises(ValueError, match="is ok, and yet explains"):
        make(CheckState.OK, None, None, "do this")


@pytest.mark.parametrize("state", [CheckState.DEGRADED, CheckState.MISSING])
@pytest.mark.parametrize("words", [(None, "l", "e"), ("r", None, "e"), ("r", "l", None), ("r", "l", "")])
def test_a_fault_needs_its_reason_its_loss_and_its_remedy(state: CheckState, words: tuple[str | None, ...]) -> None:
    assert make(state, "r", "l", "e").state is state
    with pytest.raises(ValueError, match="without reason, loss and remedy"):
        make(state, *words)


def test_a_document_with_half_a_fault_is_refused() -> None:
    text = b'{"id":"x","group":"g","title":"t","state":"missing","found":"","reason":"r","lost":null,"enable":null}'
    with pytest.raises(msgspec.ValidationError, match="without reason"):
        msgspec.json.decode(text, type=Check)
