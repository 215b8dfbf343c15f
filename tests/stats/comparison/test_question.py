from __future__ import annotations

import pytest

from assay.errors import UsageError
from assay.stats.comparison import Claim, Kind, Place, Question


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_margin_alpha_and_power_are_shares(share: float) -> None:
    with pytest.raises(UsageError, match=r"margin .* is no share"):
        Question(margin=share)
    with pytest.raises(UsageError, match=r"alpha .* is no share"):
        Question(alpha=share)
    with pytest.raises(UsageError, match=r"power .* is no share"):
        Question(power=share)


def test_nothing_can_become_less_than_nothing() -> None:
    with pytest.raises(UsageError, match="leave nothing"):
        Question(claim=Claim(place=Place(kind=Kind.TOTAL), change=-1.0))
