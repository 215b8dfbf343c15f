"""Whether the tests run under AddressSanitizer, where long loops take twenty times as long."""

from __future__ import annotations

import os

SANITIZED = "libasan" in os.environ.get("LD_PRELOAD", "")
