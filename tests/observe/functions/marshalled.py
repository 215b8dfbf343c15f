"""Files in the interpreter's marshal format, written by an interpreter of its own."""

from __future__ import annotations

import subprocess
import sys


def marshalled(expression: str, version: int = 4) -> bytes:
    """The value of an expression, as ``marshal.dumps`` writes it."""
    program = f"import marshal, sys; sys.stdout.buffer.write(marshal.dumps({expression}, {version}))"
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=True).stdout
