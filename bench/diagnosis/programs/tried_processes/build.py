"""Have another program do the work."""
import subprocess
import sys

WORK = "total = 0\nfor number in range(25_000_000):\n    total += number\nprint(total)"


def build():
    return subprocess.run([sys.executable, "-c", WORK], check=True).returncode


print(build())
