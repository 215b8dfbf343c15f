from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from assay.cli.start.lean import leave_pandas_out
leave_pandas_out()
import pyarrow as pa
pa.array([1, None])
assert "pandas" not in sys.modules
try:
    import pandas
except ImportError:
    print("whole")
else:
    frame = pa.table({"a": [1]}).to_pandas()
    print("whole" if frame["a"][0] == 1 else "broken")
"""


def test_pandas_is_not_loaded_unasked_and_there_for_whoever_asks() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.stdout == "whole\n", done.stderr
