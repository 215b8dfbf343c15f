from __future__ import annotations

import pytest

from assay.cli.terminal.duration import seconds_in
from assay.errors import UsageError


@pytest.mark.parametrize(("written", "seconds"), [("30s", 30), ("1.5min", 90), ("2m", 120), ("1 h", 3600), ("7", 7)])
def test_a_duration_reads_as_it_is_written(written: str, seconds: float) -> None:
    assert seconds_in(written, "--budget") == seconds


@pytest.mark.parametrize("written", ["", "soon", "0s", "-1s", "3 days", "25h", "1e9"])
def test_what_is_no_duration_is_refused_with_the_option_s_name(written: str) -> None:
    with pytest.raises(UsageError, match=r"--budget: .* write 30s"):
        seconds_in(written, "--budget")
