"""The error rates of a comparison: simulated, on real noise, and beside the rules of peers."""

from __future__ import annotations

import os

# products of small matrices: a second thread only waits, and on a shared machine for long
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
